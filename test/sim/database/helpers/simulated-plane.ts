import { bootstrap, type Plane } from '../../../../db/bootstrap.js';
import type { Bus } from '../../../../db/bus.js';
import { createCipher } from '../../../../db/cipher.js';
import type { Actor, Feed, Store } from '../../../../db/contract.js';
import { createFeed } from '../../../../db/feed.js';
import { createStore } from '../../../../db/store.js';
import { createManualClock, type ManualClock } from '../../../../lib/clock.js';
import { silentLog } from '../../../../lib/log.js';
import { createSeededRandom, type Random } from '../../../../lib/random.js';
import { createExpanders } from '../../../../model/expand/expanders.js';
import { builtInKinds } from '../../../../schema/kinds/built-in.js';
import type { SimulatedConnection } from '../../../../sim/database/connection.js';
import {
  createSimulatedDatabase,
  type SimulatedDatabase,
  type SimulatedDatabaseOptions,
} from '../../../../sim/database/simulated-database.js';

/** The real store and the real feed over the simulated database. */
export interface SimulatedPlane {
  readonly simulated: SimulatedDatabase;
  readonly database: SimulatedConnection;
  readonly clock: ManualClock;
  readonly random: Random;
  readonly plane: Plane;
  readonly store: Store;
  readonly feed: Feed;
  readonly operator: Actor;
  readonly controller: Actor;
}

export async function createSimulatedPlane(
  options: { readonly seed?: number } & Partial<SimulatedDatabaseOptions> = {},
): Promise<SimulatedPlane> {
  const clock = createManualClock();
  const random = createSeededRandom(options.seed ?? 1);
  // Whoever comes first goes first.
  const simulated = createSimulatedDatabase({ clock, random, scheduler: { step: async () => {} }, ...options });
  const database = simulated.connect('server');
  const plane = await bootstrap(database, builtInKinds, random);
  const feed = createFeed({ database, plane, clock, random, log: silentLog, bus: silentBus });
  const cipher = createCipher(Buffer.alloc(32, 7), (size) =>
    Buffer.from(Array.from({ length: size }, () => random.below(256))),
  );
  const store = createStore({
    database,
    plane,
    registry: builtInKinds,
    expanders: createExpanders(builtInKinds),
    cipher,
    random,
    log: silentLog,
    wake: () => feed.wake(),
  });
  const operator: Actor = { principalId: random.uuid(), name: 'operator', role: 'operator' };
  const controller: Actor = { principalId: random.uuid(), name: 'controller', role: 'controller' };
  return { simulated, database, clock, random, plane, store, feed, operator, controller };
}

/** One server needs no other. */
const silentBus: Bus = {
  publish: async () => true,
  subscribe: () => () => {},
  stats: () => ({ transport: 'notify', isDegraded: false }),
  close: async () => {},
};
