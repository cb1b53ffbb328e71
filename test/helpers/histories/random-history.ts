import type { Fence } from '../../../db/contract.js';
import type { JsonObject } from '../../../lib/canonical.js';
import { BlockedError, PortolanError } from '../../../lib/errors.js';
import { type Health, healths } from '../../../lib/health.js';
import type { Random } from '../../../lib/random.js';
import type { Edit } from '../../../model/changeset.js';
import { configMap, makeChangeset } from '../make-edit.js';
import type { TestPlane } from '../plane.js';
import type { PastResource } from './past-resource.js';

/**
 * One step of a random history of a project: an edit of any kind, a deletion, the making anew of what was there before,
 * a status, the end of what is being deleted. What is refused or changes nothing leaves no commit.
 */
export async function randomStep(
  plane: TestPlane,
  project: string,
  random: Random,
  now: readonly PastResource[],
): Promise<void> {
  const pick = <Item>(items: readonly Item[]): Item => items[random.below(items.length)] as Item;
  const controlled = now.filter((resource) => resource.leaseKey !== null);
  const chance = random.below(10);
  if (now.length <= 1) await commit(plane, random, beginning(project, random));
  else if (chance < 6 || controlled.length === 0) {
    // One by somebody who knows not all: what cannot be done is refused, and the log has nothing of it.
    await commit(plane, random, [randomEdit(project, random, now)]).catch((error) => {
      if (!(error instanceof PortolanError)) throw error;
    });
  } else {
    const going = controlled.filter((resource) => resource.deletionRequestedAt !== null);
    if (going.length > 0 && chance < 9) await finalize(plane, project, pick(going));
    else await report(plane, project, pick(controlled), random, pick(now));
  }
}

const managers = ['ann', 'file', 'ci'];
const names = ['one', 'two'];
/** Those that are changed most come several times. */
const kinds = [
  'Project',
  'Tier',
  'Environment',
  'KubernetesRuntime',
  'DatabaseDefinition',
  'App',
  'App',
  'AppInstance',
  'AppInstance',
];

function commit({ store, operator }: TestPlane, random: Random, edits: readonly Edit[]) {
  const manager = managers[random.below(managers.length)] ?? '';
  return store.commit(makeChangeset(edits, { manager, takeOver: random.below(4) > 0 }), operator);
}

/** What most other edits need. One in twenty is deployed from nothing: what it depends on is made with it, or on demand. */
function beginning(project: string, random: Random): readonly Edit[] {
  const edit = (kind: string, name: string, spec: JsonObject): Edit => ({
    op: 'apply',
    kind,
    project: kind === 'Project' ? null : project,
    environment: kind === 'AppInstance' ? 'one' : null,
    name,
    spec,
  });
  const isFromNothing = random.below(20) === 0;
  const platform = isFromNothing
    ? [
        edit('KubernetesRuntimeDefinition', 'one', { defaults: { nodeSize: 'small', nodes: 1 } }),
        edit('DatabaseDefinition', 'one', { defaults: { engine: 'postgres', size: 'small' } }),
      ]
    : [edit('KubernetesRuntime', 'one', { provider: 'sandbox', default: true })];
  const place = isFromNothing ? { runtimeDefinition: 'one', location: 'europe-frankfurt' } : {};
  const dependencies = [{ name: 'db', kind: 'Database', definition: 'one' }];
  return [
    edit('Project', project, {}),
    edit('Tier', 'one', { order: 1 }),
    ...platform,
    edit('Environment', 'one', { tier: 'one', ...place }),
    edit('App', 'one', { components: [component('web', 'first')], ...(isFromNothing && { dependencies }) }),
    edit('AppInstance', 'one', { app: 'one' }),
  ];
}

const component = (name: string, value: string): JsonObject => ({
  name,
  type: 'manifests',
  objects: [configMap(name, { value })],
});

/** Mostly of what can be done: it names what is there, more often than not. */
function randomEdit(project: string, random: Random, now: readonly PastResource[]): Edit {
  const pick = <Item>(items: readonly Item[]): Item => items[random.below(items.length)] as Item;
  const maybe = <Value>(value: Value): Value | undefined => (random.below(2) === 0 ? value : undefined);
  const there = (kind: string) => {
    if (kind === 'Project') return project;
    const known = now.filter((resource) => resource.kind === kind && resource.deletionRequestedAt === null);
    return known.length > 0 && random.below(8) > 0 ? pick(known).name : pick(names);
  };
  const kind = pick(kinds);
  const place = {
    kind,
    project: kind === 'Project' ? null : project,
    environment: kind === 'AppInstance' ? there('Environment') : null,
    name: kind === 'Project' ? project : pick(names),
  };
  const chance = random.below(10);
  const isFree = kind === 'AppInstance' || random.below(4) === 0;
  if (chance < 3 && isFree) return { ...place, name: there(kind), op: 'delete', force: random.below(4) === 0 };
  if (chance < 5)
    return { ...place, name: there(kind), op: 'apply', labels: { team: pick(managers), size: pick(names) } };
  const op = kind === 'AppInstance' ? pick(['apply', 'deploy'] as const) : pick(['apply', 'apply', 'update'] as const);
  const specs: Readonly<Record<string, JsonObject>> = {
    Project: { description: `${random.below(1000)}` },
    Tier: { order: random.below(1000) },
    Environment: optional({ tier: maybe(there('Tier')), runtime: maybe(there('KubernetesRuntime')) }),
    KubernetesRuntime: optional({ provider: 'sandbox', default: maybe(random.below(2) === 0) }),
    DatabaseDefinition: { defaults: { engine: 'postgres', storageGb: 20 + random.below(1000) } },
    App: { description: `${random.below(1000)}`, components: [component(pick(names), `${random.below(1000)}`)] },
    AppInstance: optional({ app: there('App'), runtime: maybe(there('KubernetesRuntime')) }),
  };
  const labels = random.below(3) === 0 ? { labels: { team: pick(managers) } } : {};
  return { ...place, op, ...labels, spec: specs[kind] ?? {} };
}

function optional(fields: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** Acquired once, by a holder for each history, so that no answer lists the leases of all others. */
const fences = new Map<string, Promise<Fence>>();

function leaseOf(plane: TestPlane, project: string, { leaseKey }: PastResource): Promise<Fence> {
  const key = leaseKey ?? '';
  const fence = fences.get(key) ?? acquire(plane, project, key);
  fences.set(key, fence);
  return fence;
}

async function acquire({ store, controller }: TestPlane, project: string, key: string): Promise<Fence> {
  const holder = `controller-of-${key.startsWith('shard') ? 'shards' : project}`;
  const lease = (await store.acquireLeases({ holder, keys: [key], ttlMs: 600_000 }, controller)).leases.find(
    (item) => item.key === key,
  );
  return { holder, epoch: lease?.epoch ?? 0 };
}

async function finalize(plane: TestPlane, project: string, subject: PastResource): Promise<void> {
  const fence = await leaseOf(plane, project, subject);
  const { id: resourceId, generation } = subject;
  await plane.store.finalize({ resourceId, fence, generation }, plane.controller).catch((error) => {
    // What it owns goes first.
    if (!(error instanceof BlockedError)) throw error;
  });
}

async function report(
  plane: TestPlane,
  project: string,
  subject: PastResource,
  random: Random,
  producer: PastResource,
) {
  const fence = await leaseOf(plane, project, subject);
  const health = healths[random.below(healths.length)] as Health;
  const status = health === 'Healthy' ? 'True' : 'False';
  const outputs = random.below(2) === 0 ? { url: `http://${random.below(3)}` } : {};
  const consumed = random.below(3) === 0 ? [{ resourceId: producer.id, version: random.below(2) }] : [];
  await plane.store.reportStatus(
    {
      resourceId: subject.id,
      fence,
      observedGeneration: subject.generation,
      statusVersion: subject.statusVersion,
      health,
      conditions: [
        { type: 'Ready', status, reason: status === 'True' ? 'Available' : 'Applying', message: `${random.below(3)}` },
      ],
      outputs,
      observed: { seen: random.below(1_000_000) },
      consumed,
    },
    plane.controller,
  );
}
