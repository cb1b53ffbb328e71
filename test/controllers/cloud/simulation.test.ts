import test, { type ExecutionContext } from 'ava';
import { createCloudProvider } from '../../../controllers/cloud/cloud-provider.js';
import { createSharedLooks } from '../../../controllers/cloud/shared-looks.js';
import { database } from '../../../controllers/database/database.js';
import { createInMemoryCloudDriver } from '../../../drivers/sandbox/cloud/driver.js';
import { fastDelays } from '../../../drivers/sandbox/delays.js';
import type { FaultKind } from '../../../drivers/sandbox/faults.js';
import { createSandboxWorld } from '../../../drivers/sandbox/world.js';
import { createManualClock } from '../../../lib/clock.js';
import type { SpecOf } from '../../../lib/kind.js';
import { silentLog } from '../../../lib/log.js';
import { createSeededRandom } from '../../../lib/random.js';
import type { databaseKind } from '../../../schema/kinds/database.js';
import { createReconciler } from '../../../sdk/runtime/converge.js';
import type { ReconcileContext } from '../../../sdk/runtime/reconciler.js';
import { createMemoryResourceClient } from '../../helpers/memory-resource-client.js';
import { accountId, makeCloud, resourceId } from './make-cloud.js';

type Spec = SpecOf<typeof databaseKind>;

const SEEDS = 300;
const STEPS = 60;

test('whatever goes wrong in whatever order, there is one, with its one password, and in the end none', async (t) => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const life = createLife(t, seed);
    try {
      // Every other one is deleted while it is still being made, or made anew.
      const isCutShort = seed % 2 === 0;
      await life.suffer(isCutShort ? seed % 7 : STEPS);
      if (!isCutShort) {
        life.heal();
        await life.settle();
        life.isAsDesired();
        life.goesWrong();
      }
      life.requestDeletion();
      await life.suffer(STEPS / 2);
      life.heal();
      await life.settle();
      life.isGone();
    } catch (cause) {
      throw new Error(`With seed ${seed}`, { cause });
    }
  }
  t.pass();
});

/** By chance, how often each goes wrong. */
const faults: Readonly<Partial<Record<FaultKind, number>>> = {
  lostReply: 0.25,
  throttle: 0.1,
  serverError: 0.1,
  conflict: 0.1,
  creationFails: 0.25,
  updateFails: 0.2,
  apiDown: 0.1,
};
/** Of each point that a pass reaches. */
const CRASHES = 0.04;

function createLife(t: ExecutionContext, seed: number) {
  const random = createSeededRandom(seed);
  const clock = createManualClock();
  const world = createSandboxWorld({ clock, random: createSeededRandom(seed + 1000), delays: fastDelays });
  t.teardown(() => world.close());
  const driver = createInMemoryCloudDriver(world, { account: accountId, credentials: { type: 'ambient' } });
  const client = createMemoryResourceClient<Spec>('Database', clock);
  const clouds = { get: async () => driver, refresh: async () => {}, drop: async () => {}, close: async () => {} };
  const shared = { clock, log: silentLog, random: createSeededRandom(seed + 2000) };
  const looks = createSharedLooks({ ...shared, clouds, wake: () => {} });
  t.teardown(() => looks.close());
  const provider = createCloudProvider({ kind: database, client, clouds, looks, random, readSpec: async () => null });
  const reconciler = createReconciler(provider, { client });
  const passwords = new Set<unknown>();
  let spec: Spec = {
    account: 'cloud',
    location: 'local',
    engine: 'postgres',
    size: 'small',
    storageGb: 20,
    replace: true,
  };
  let crashes = CRASHES;

  const put = (next: Spec) => {
    spec = next;
    client.put(makeCloud.resource('Database', spec));
  };
  const made = () => world.cloud.store.all();
  const context = (): ReconcileContext => ({
    clock,
    log: silentLog,
    signal: new AbortController().signal,
    lease: { key: 'x', holder: 'me', epoch: 1, deadlineMs: Number.POSITIVE_INFINITY },
    event: () => {},
    failpoint() {
      if (random.next() < crashes) throw new Error('killed');
    },
  });
  const pass = async () => {
    await reconciler.reconcile(resourceId, context()).catch(() => {});
    for (const { properties } of made()) passwords.add(properties.password);
    if (made().length > 1) throw new Error(`There are ${made().length}.`);
  };
  const isLeaving = () => client.peek(resourceId)?.deletionRequestedAt !== null;
  const disturb = () => {
    const [entry] = made();
    switch (random.below(8)) {
      case 0:
        return isLeaving() ? undefined : put({ ...spec, storageGb: (spec.storageGb ?? 0) + 1 });
      case 1:
        return isLeaving() ? undefined : put({ ...spec, engine: spec.engine === 'mysql' ? 'postgres' : 'mysql' });
      case 2:
        return entry && world.cloud.store.put({ ...entry, properties: { ...entry.properties, size: 'huge' } });
      case 3:
        return entry && world.cloud.store.remove(entry);
    }
  };
  const goesWrong = () => {
    crashes = CRASHES;
    for (const [kind, probability] of Object.entries(faults) as [FaultKind, number][]) {
      world.faults.set({ kind, probability, match: { account: accountId } });
    }
  };
  put(spec);
  goesWrong();

  return {
    goesWrong,
    async suffer(steps: number) {
      for (let step = 0; step < steps && client.peek(resourceId); step += 1) {
        if (random.next() < 0.15) disturb();
        await pass();
        clock.step(random.below(random.next() < 0.1 ? 3000 : 120));
      }
    },
    heal() {
      world.faults.clear();
      crashes = 0;
    },
    async settle() {
      for (let turn = 0; turn < 30 && client.peek(resourceId); turn += 1) {
        await pass();
        clock.step(400);
      }
    },
    requestDeletion: () => client.requestDeletion(resourceId),
    isAsDesired() {
      const resource = client.peek(resourceId);
      const [entry] = made();
      if (!resource || !entry) throw new Error('It is not there.');
      const { health, conditions, outputs } = resource.status;
      if (health !== 'Healthy') throw new Error(`It is ${health}: ${JSON.stringify(conditions)}`);
      const wish = database.propertiesOf(makeCloud.look(resource));
      for (const [name, value] of Object.entries(wish)) {
        if (name !== 'engineVersion' && entry.properties[name] !== value) {
          throw new Error(`${name} is ${JSON.stringify(entry.properties[name])}, not ${JSON.stringify(value)}`);
        }
      }
      if (outputs.port?.value !== (spec.engine === 'mysql' ? 3306 : 5432)) throw new Error('Its port is another one.');
      if (!String(outputs.host?.value).startsWith(entry.suffix)) throw new Error('Its host is that of another one.');
      if (passwords.size !== 1) throw new Error(`It had ${passwords.size} passwords.`);
      const open = client.intents(resourceId).filter(({ resolvedAt }) => resolvedAt === null);
      if (open.length > 0) throw new Error(`Left open: ${open.map(({ token }) => token).join(', ')}`);
    },
    isGone() {
      if (client.peek(resourceId)) throw new Error(`It is still there: ${JSON.stringify(client.peek(resourceId))}`);
      if (made().length > 0) throw new Error(`It left ${JSON.stringify(made())}`);
    },
  };
}
