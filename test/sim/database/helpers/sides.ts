import { bootstrap } from '../../../../db/bootstrap.js';
import { createCipher } from '../../../../db/cipher.js';
import type { Actor, Store } from '../../../../db/contract.js';
import type { Database } from '../../../../db/database.js';
import { createReadModels } from '../../../../db/read/create-read-models.js';
import type { ReadModels } from '../../../../db/read/read-models.js';
import { createStore } from '../../../../db/store.js';
import { createManualClock, type ManualClock } from '../../../../lib/clock.js';
import { silentLog } from '../../../../lib/log.js';
import { createSeededRandom, type Random } from '../../../../lib/random.js';
import { createExpanders } from '../../../../model/expand/expanders.js';
import { builtInKinds } from '../../../../schema/kinds/built-in.js';
import { createSimulatedReads } from '../../../../sim/database/read-models.js';
import { createSimulatedDatabase, type SimulatedDatabase } from '../../../../sim/database/simulated-database.js';
import type { TestDatabase } from '../../../helpers/database.js';
import { createTestDatabase } from '../../../helpers/database.js';

/** A database with a store and reads over it. Ids come from a seed, so two sides of one seed make the same ones. */
export interface Side {
  readonly name: 'Postgres' | 'simulated';
  readonly database: Database;
  readonly store: Store;
  readonly reads: ReadModels;
}

export interface Sides {
  readonly postgres: Side;
  readonly simulated: Side;
  readonly test: TestDatabase;
  readonly world: SimulatedDatabase;
  /** Of the simulated one. */
  readonly clock: ManualClock;
  close(): Promise<void>;
}

/** The same plane twice: in real Postgres, and simulated. */
export async function createSides(seed: number): Promise<Sides> {
  const [left, right] = [createSeededRandom(seed), createSeededRandom(seed)];
  const test = await createTestDatabase({ random: left });
  const clock = createManualClock(Date.now());
  const world = createSimulatedDatabase({
    clock,
    random: createSeededRandom(seed),
    // Whoever comes first goes first.
    scheduler: { step: async () => {} },
  });
  const connection = world.connect('simulated');
  const plane = await bootstrap(connection, builtInKinds, right);
  return {
    test,
    world,
    clock,
    postgres: {
      name: 'Postgres',
      database: test.database,
      store: storeOver(test.database, test.plane, left),
      reads: createReadModels({ database: test.database, registry: builtInKinds }),
    },
    simulated: {
      name: 'simulated',
      database: connection,
      store: storeOver(connection, plane, right),
      reads: createSimulatedReads({ database: connection, registry: builtInKinds }),
    },
    close: () => test.drop(),
  };
}

export const operator: Actor = {
  principalId: '00000000-0000-4000-8000-00000000000a',
  name: 'operator',
  role: 'operator',
};
export const controller: Actor = {
  principalId: '00000000-0000-4000-8000-00000000000b',
  name: 'controller',
  role: 'controller',
};

export function storeOver(database: Database, plane: { readonly incarnation: string }, random: Random): Store {
  const draw = (sizeBytes: number) => Buffer.from(Array.from({ length: sizeBytes }, () => random.below(256)));
  return createStore({
    database,
    plane,
    registry: builtInKinds,
    expanders: createExpanders(builtInKinds),
    cipher: createCipher(Buffer.alloc(32, 7), draw),
    random,
    log: silentLog,
    wake() {},
  });
}
