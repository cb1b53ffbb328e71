import type { ExecutionContext } from 'ava';
import { createCloudProvider } from '../../../controllers/cloud/cloud-provider.js';
import { createSharedLooks } from '../../../controllers/cloud/shared-looks.js';
import { database } from '../../../controllers/database/database.js';
import type { CloudResource } from '../../../drivers/cloud/driver.js';
import { UnreachableError } from '../../../drivers/cloud/errors.js';
import { createInMemoryCloudDriver } from '../../../drivers/sandbox/cloud/driver.js';
import { fastDelays } from '../../../drivers/sandbox/delays.js';
import { createSandboxWorld } from '../../../drivers/sandbox/world.js';
import { createManualClock } from '../../../lib/clock.js';
import type { Failpoint } from '../../../lib/failpoint.js';
import type { SpecOf } from '../../../lib/kind.js';
import { silentLog } from '../../../lib/log.js';
import { createSeededRandom } from '../../../lib/random.js';
import type { databaseKind } from '../../../schema/kinds/database.js';
import type { EventReport } from '../../../sdk/resource.js';
import { createReconciler } from '../../../sdk/runtime/converge.js';
import type { ReconcileContext } from '../../../sdk/runtime/reconciler.js';
import { createMemoryResourceClient } from '../../helpers/memory-resource-client.js';
import { accountId, makeCloud, resourceId } from './make-cloud.js';

type Spec = SpecOf<typeof databaseKind>;
export const databaseSpec: Spec = {
  account: 'cloud',
  location: 'local',
  engine: 'postgres',
  size: 'small',
  storageGb: 20,
};

/** Longer than reads may lag behind. */
export const WINDOW_MS = 2000;
/** How long what was asked for may be under way. */
export const ARRIVAL_MS = 60_000;
/** How often to look at what nobody watches. */
export const SETTLED_POLL_MS = 15_000;

/** A provider of databases by itself, with a cloud and a plane in memory, on a clock that stands still. `aheadMs`: of the clock of its controller. */
export function createProviderRig(t: ExecutionContext, usualArrivalMs = 0, aheadMs = 0) {
  const clock = createManualClock();
  const random = createSeededRandom(7);
  const world = createSandboxWorld({ clock, random, delays: fastDelays });
  t.teardown(() => world.close());
  const driver = createInMemoryCloudDriver(world, { account: accountId, credentials: { type: 'ambient' } });
  const client = createMemoryResourceClient<Spec>('Database', clock);
  client.put(makeCloud.resource('Database', databaseSpec));
  let isHidden = false;
  let shown: Promise<CloudResource | null> | null = null;
  let arrivalMs = usualArrivalMs;
  let held: (() => Promise<void>) | null = null;
  const wakes: string[] = [];
  const clouds = {
    get: async () => ({
      ...driver,
      arrivalMs,
      create: async (...[key, wish]: Parameters<typeof driver.create>) => {
        const create = () => driver.create(key, wish, new AbortController().signal);
        if (arrivalMs === usualArrivalMs || held) return create();
        held = create;
        throw new UnreachableError('There was no answer.');
      },
      describe: async (...asked: Parameters<typeof driver.describe>) =>
        isHidden ? null : (shown ?? driver.describe(...asked)),
    }),
    refresh: async () => {},
    drop: async () => {},
    close: async () => {},
  };
  const shared = { clock, log: silentLog, random: createSeededRandom(8) };
  const looks = createSharedLooks({ ...shared, clouds, wake: (id) => void wakes.push(id) });
  t.teardown(() => looks.close());
  const provider = createCloudProvider({ kind: database, client, clouds, looks, random, readSpec: async () => null });
  const reconciler = createReconciler(provider, { client, settledPollMs: SETTLED_POLL_MS });
  const events: EventReport[] = [];
  const context = (failpoint?: Failpoint, lease: { deadlineMs?: number } = {}): ReconcileContext => ({
    clock: { ...clock, now: () => clock.now() + aheadMs },
    log: silentLog,
    signal: new AbortController().signal,
    lease: { key: 'x', holder: 'me', epoch: 1, deadlineMs: Number.POSITIVE_INFINITY, ...lease },
    event: (event) => void events.push(event),
    ...(failpoint && { failpoint }),
  });
  const pass = (failpoint?: Failpoint, lease?: { deadlineMs?: number }) =>
    reconciler.reconcile(resourceId, context(failpoint, lease));
  return {
    clock,
    world,
    client,
    provider,
    events,
    /** Who was woken by the shared look. */
    wakes,
    context,
    pass,
    /** The first is under way until the returned function is called, and nobody hears of it. */
    holdCreations() {
      arrivalMs = ARRIVAL_MS;
      return async () => held?.();
    },
    /** Reads show it as it is now, for as long as reads may lag behind. */
    lagReads() {
      const key = { type: 'database', name: world.cloud.store.all()[0]?.name ?? '' } as const;
      shown = driver.describe(key, new AbortController().signal);
      clock.after(driver.consistencyMs, () => {
        shown = null;
      });
    },
    hideWrites() {
      isHidden = true;
      clock.after(WINDOW_MS / 2, () => {
        isHidden = false;
      });
    },
    made: () => world.cloud.store.all(),
    message: () => client.peek(resourceId)?.status.conditions[0]?.message ?? '',
    async settle() {
      for (let turn = 0; turn < 20 && client.peek(resourceId); turn += 1) {
        await pass();
        clock.step(500);
      }
    },
  };
}
