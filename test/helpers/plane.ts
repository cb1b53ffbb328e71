import { createHash, randomBytes } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import { createCipher } from '../../db/cipher.js';
import type { Actor, Feed, Fence, Store } from '../../db/contract.js';
import { createFeed } from '../../db/feed.js';
import { statement, type Value } from '../../db/statement.js';
import { createStore, type StoreOptions } from '../../db/store.js';
import { systemClock } from '../../lib/clock.js';
import type { KindRegistry } from '../../lib/kind.js';
import { type Log, silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { createExpanders, type Expanders } from '../../model/expand/expanders.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import { createTestDatabase, type TestDatabase } from './database.js';

/** A database of its own with store and feed, and somebody of each role. */
export interface TestPlane extends TestDatabase {
  readonly store: Store;
  /** What the store was made of, to make another like it. */
  readonly storeOptions: StoreOptions;
  readonly feed: Feed;
  readonly operator: Actor;
  readonly controller: Actor;
  /** Rows of any query, for looking at the state of the world. */
  rows<Row = Record<string, unknown>>(sql: string, values?: readonly Value[]): Promise<Row[]>;
  /** The lease of a key, acquired for the controller. */
  lease(key: string): Promise<Fence>;
}

export async function createTestPlane(
  options: {
    readonly registry?: KindRegistry;
    readonly expanders?: Expanders;
    readonly log?: Log;
    readonly poolSize?: number;
  } = {},
): Promise<TestPlane> {
  const registry = options.registry ?? builtInKinds;
  const log = options.log ?? silentLog;
  const test = await createTestDatabase({ registry, log, ...(options.poolSize ? { poolSize: options.poolSize } : {}) });
  const { database, plane } = test;
  const random = systemRandom;
  const feed = createFeed({ database, plane, clock: systemClock, random, log });
  const cipher = createCipher(randomBytes(32));
  const storeOptions = {
    database,
    plane,
    registry,
    expanders: options.expanders ?? createExpanders(registry),
    cipher,
    random,
    log,
    wake: () => feed.wake(),
  };
  const store = createStore(storeOptions);
  const operator: Actor = { principalId: random.uuid(), name: 'operator', role: 'operator' };
  const controller: Actor = { principalId: random.uuid(), name: 'controller', role: 'controller' };
  return {
    ...test,
    store,
    storeOptions,
    feed,
    operator,
    controller,
    rows: (sql, values) => database.query(statement(`test.${hashOf(sql)}`, sql), values),
    async lease(key) {
      const holder = 'test-controller';
      const { leases } = await store.acquireLeases({ holder, keys: [key], ttlMs: 60_000 }, controller);
      const lease = leases.find((item) => item.key === key);
      if (!lease) throw new Error(`The lease ${key} was not free.`);
      return { holder, epoch: lease.epoch };
    },
    async drop() {
      await feed.close();
      await test.drop();
    },
  };
}

/** One for a whole test file: opened before its tests, dropped after them. */
export type WithPlane = { plane: TestPlane };
export type PlaneContext = ExecutionContext<WithPlane>;

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
