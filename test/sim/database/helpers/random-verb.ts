import type { Fence, Lease, ObjectRow, Report, Store } from '../../../../db/contract.js';
import { type Health, healths } from '../../../../lib/health.js';
import type { Random } from '../../../../lib/random.js';
import type { LeaseRow, ResourceRow, ResourceStatusRow } from '../../../../sim/database/rows.js';
import type { SimulatedDatabase } from '../../../../sim/database/simulated-database.js';
import { randomChangeset } from './random-edits.js';
import { controller, operator } from './sides.js';

/** One call of a verb of the store, for whichever store. */
export interface RandomVerb {
  readonly name: keyof Store;
  readonly input: unknown;
  run(store: Store): Promise<unknown>;
}

/** Mostly of what is valid now: controllers report of what they hold, and of what is there. */
export function randomVerb(random: Random, world: SimulatedDatabase): RandomVerb {
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[random.below(items.length)];
  const controlled = world.rows('resource').filter(({ leaseKey }) => leaseKey !== null);
  const subject = pick(controlled);
  if (!subject || random.below(3) === 0) return commitOrPlan(random);
  const lease = world.rows('lease').find(({ key }) => key === subject.leaseKey);
  if (!isOurs(lease) || random.below(12) === 0) return leaseVerb(random, controlled);
  const fence = { holder: HOLDER, epoch: Number(lease?.epoch ?? 0) - (random.below(15) === 0 ? 1 : 0) };
  const status = world.rows('resourceStatus').find(({ resourceId }) => resourceId === subject.id);
  const producer = pick(world.rows('resource'));
  const about = { subject, fence, status, producer: producer ?? subject, world };
  const make = pick(subject.deletionRequestedAt === null ? [...verbs] : [...verbs, finalize, finalize, finalize]);
  return (make ?? reportStatus)(random, about);
}

const HOLDER = 'some-controller';
/** It shares leases with that one. */
const ANOTHER = 'another-controller';

interface About {
  readonly subject: ResourceRow;
  readonly fence: Fence;
  readonly status: ResourceStatusRow | undefined;
  readonly producer: ResourceRow;
  readonly world: SimulatedDatabase;
}

type Make = (random: Random, about: About) => RandomVerb;

const isOurs = (lease: LeaseRow | undefined) => lease !== undefined && lease.holder === HOLDER;

function verb<Input>(
  name: keyof Store,
  input: Input,
  run: (store: Store, input: Input) => Promise<unknown>,
): RandomVerb {
  return { name, input, run: (store) => run(store, input) };
}

function commitOrPlan(random: Random): RandomVerb {
  const changeset = randomChangeset(random);
  return random.below(6) === 0
    ? verb('plan', changeset, (store, input) => store.plan({ ...input, idempotencyKey: null }, operator))
    : verb('commit', changeset, (store, input) => store.commit(input, operator));
}

function leaseVerb(random: Random, controlled: readonly ResourceRow[]): RandomVerb {
  const keys = [...new Set(controlled.flatMap(({ leaseKey }) => leaseKey ?? []))];
  const kinds = [...new Set(controlled.map(({ kind }) => kind))].sort();
  const chance = random.below(10);
  const holder = random.below(4) === 0 ? ANOTHER : HOLDER;
  if (chance < 6) {
    const input = { holder, keys, ttlMs: 600_000 };
    return verb('acquireLeases', input, (store, given) => store.acquireLeases(given, controller));
  }
  if (chance < 8) {
    const input = { holder, kinds, version: `${random.below(3)}` };
    return verb('registerController', input, (store, given) => store.registerController(given, controller));
  }
  if (chance === 8) {
    const input = { holder: HOLDER, ttlMs: 600_000 };
    // In no order.
    const byKey = (a: Lease, b: Lease) => (a.key < b.key ? -1 : 1);
    return verb('renewLeases', input, async (store, given) => {
      return (await store.renewLeases(given, controller)).toSorted(byKey);
    });
  }
  const isLeaving = random.below(4) === 0;
  const input = { holder: HOLDER, keys: keys.filter(() => random.below(2) === 0), isLeaving };
  return verb('releaseLeases', input, (store, given) => store.releaseLeases(given, controller));
}

const reportStatus: Make = (random, { subject, fence, status, producer }) => {
  const health: Health = healths[random.below(healths.length)] ?? 'Healthy';
  const isReady = health === 'Healthy';
  const newest = Math.max(0, ...Object.values(status?.outputs ?? {}).map(({ version }) => version));
  const input = {
    resourceId: subject.id,
    fence,
    observedGeneration: subject.generation - (random.below(10) === 0 ? 1 : 0),
    statusVersion: status?.version ?? 0,
    health,
    conditions: [
      {
        type: 'Ready' as const,
        status: isReady ? ('True' as const) : ('False' as const),
        reason: isReady ? ('Available' as const) : ('Progressing' as const),
        message: `${random.below(3)}`,
      },
    ],
    outputs: {},
    observed: {},
    consumed: random.below(2) === 0 ? [{ resourceId: producer.id, version: random.below(newest + 2) }] : [],
  };
  return verb('reportStatus', input, (store, given) => store.reportStatus(given, controller));
};

const reportObjects: Make = (random, { subject, fence, world }) => {
  const runtime = world.rows('resource').find(({ kind }) => kind === 'KubernetesRuntime');
  // Now and then one that another resource owns.
  const place = random.below(8) === 0 ? 'shared' : subject.id;
  const names = ['one', 'two', 'three'].filter(() => random.below(2) === 0);
  const objects = names.map((name): ObjectRow => {
    const state = (['intended', 'present', 'missing'] as const)[random.below(3)] ?? 'present';
    return {
      ...{ group: 'apps', version: 'v1', kind: 'Deployment', namespace: place, name, state, origin: 'created' },
      ...{ uid: random.below(2) === 0 ? null : `${random.below(2)}`, appliedHash: `${random.below(2)}` },
      ...{ health: healths[random.below(healths.length)] ?? 'Healthy', reason: null, message: '' },
      drift: random.below(3) === 0 ? [{ path: 'spec.replicas', desired: 1, live: 2, manager: 'hpa' }] : null,
    } as ObjectRow;
  });
  const absent = ['one', 'two', 'three', 'four']
    .filter((name) => !names.includes(name) && random.below(2) === 0)
    .map((name) => ({ group: 'apps', kind: 'Deployment', namespace: place, name }));
  const input = { resourceId: subject.id, fence, runtimeId: runtime?.id ?? subject.id, objects, absent };
  return verb('reportObjects', input, (store, given) => store.reportObjects(given, controller));
};

const DAY_MS = 86_400_000;

const recordEvents: Make = (random, { subject, fence }) => {
  const now = Date.now();
  const events = Array.from({ length: 1 + random.below(4) }, () => {
    const count = 1 + random.below(5);
    const firstAt = new Date(now - 10_000).toISOString();
    // Apart from the clocks of both sides, so that the order of events does not hang on them.
    const lastMs = random.below(8) === 0 ? now - DAY_MS : now + DAY_MS + random.below(5) * 1000;
    const lastAt = new Date(lastMs).toISOString();
    return {
      type: random.below(2) === 0 ? ('Normal' as const) : ('Warning' as const),
      reason: 'Seen',
      message: `${random.below(3)}`,
      object: random.below(2) === 0 ? '' : 'Pod/shared/one',
      ownerObject: random.below(2) === 0 ? null : 'Deployment/shared/one',
      outside: random.below(2) === 0 ? null : { id: `${random.below(4)}`, count, firstAt, lastAt },
    };
  });
  const input = { resourceId: subject.id, fence, source: 'test', events };
  return verb('recordEvents', input, (store, given) => store.recordEvents(given, controller));
};

const recordAttempt: Make = (random, { subject, fence }) => {
  const nextRetryAt = random.below(2) === 0 ? null : '2026-01-01T00:00:00.000Z';
  const input = { resourceId: subject.id, fence, count: random.below(3), lastError: `${random.below(3)}`, nextRetryAt };
  return verb('recordAttempt', input, (store, given) => store.recordAttempt(given, controller));
};

const intent: Make = (random, { subject, fence, world }) => {
  const known = world.rows('intent').filter(({ resourceId }) => resourceId === subject.id);
  const one = known[random.below(known.length)];
  if (one && random.below(2) === 0) {
    const input = { resourceId: subject.id, fence, id: one.id, outcome: { made: random.below(3) } };
    return verb('resolveIntent', input, (store, given) => store.resolveIntent(given, controller));
  }
  const input = { resourceId: subject.id, fence, action: 'create', token: `${random.below(3)}` };
  return verb('beginIntent', input, (store, given) => store.beginIntent(given, controller));
};

const secret: Make = (random, { subject, fence }) => {
  if (random.below(2) === 0) {
    const input = { resourceId: subject.id, fence };
    return verb('releaseCredential', input, (store, given) => store.releaseCredential(given, controller));
  }
  const name = random.below(2) === 0 ? 'outputs/password' : 'token';
  const input = { resourceId: subject.id, fence, name, value: `${random.below(3)}` };
  return verb('storeSecret', input, (store, given) => store.storeSecret(given, controller));
};

const origin: Make = (_, { subject }) => {
  const input = { resourceId: subject.id, path: '' };
  return verb('origin', input, (store, given) => store.origin(given, operator));
};

const finalize: Make = (_, { subject, fence }) => {
  const input = { resourceId: subject.id, fence, generation: subject.generation };
  return verb('finalize', input, (store, given) => store.finalize(given, controller));
};

/** What several passes saw, in one call. */
const report: Make = (random, about) => {
  const made = [reportStatus, reportObjects, recordEvents].filter(() => random.below(2) === 0);
  const types = { reportStatus: 'status', reportObjects: 'objects', recordEvents: 'events' } as const;
  const reports = made.map((make) => {
    const { name, input } = make(random, about);
    return { type: types[name as keyof typeof types], input } as Report;
  });
  return verb('report', reports, (store, given) => store.report(given, controller));
};

const verbs: readonly Make[] = [
  ...[report, report],
  ...[reportStatus, reportStatus, reportStatus, reportObjects, reportObjects],
  ...[recordEvents, recordAttempt, intent, secret, origin],
];
