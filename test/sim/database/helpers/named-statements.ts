import { bootstrap } from '../../../../db/bootstrap.js';
import type { Store } from '../../../../db/contract.js';
import type { Database, Queryable, Transaction } from '../../../../db/database.js';
import type { Statement } from '../../../../db/statement.js';
import { createManualClock, type ManualClock } from '../../../../lib/clock.js';
import { createSeededRandom } from '../../../../lib/random.js';
import { builtInKinds } from '../../../../schema/kinds/built-in.js';
import { createSimulatedDatabase } from '../../../../sim/database/simulated-database.js';
import { makeChangeset, makeEdit } from '../../../helpers/make-edit.js';
import { beginning } from './random-edits.js';
import { randomVerb } from './random-verb.js';
import { controller, operator, storeOver } from './sides.js';

/** Statements of the store by their names, with the text that Postgres gets: as a random history used them. */
export async function collectStatements(): Promise<(name: string) => Statement<object>> {
  const known = new Map<string, Statement<object>>();
  const random = createSeededRandom(1);
  const clock = createManualClock();
  const world = createSimulatedDatabase({ clock, random, scheduler: { step: async () => {} } });
  const connection = world.connect('collector');
  const note = (...statements: readonly Statement<unknown>[]) => {
    for (const statement of statements) known.set(statement.name, statement as Statement<object>);
  };
  const asked = (on: Queryable): Queryable => ({
    query(statement, values) {
      note(statement);
      return on.query(statement, values);
    },
  });
  const noted = (transaction: Transaction): Transaction => ({
    ...asked(transaction),
    queryAll(calls) {
      note(...calls.map(({ statement }) => statement));
      return transaction.queryAll(calls);
    },
    commitWith(calls) {
      note(...calls.map(({ statement }) => statement));
      return transaction.commitWith(calls);
    },
  });
  const database: Database = {
    ...connection,
    ...asked(connection),
    transaction: (work) => connection.transaction((transaction) => work(noted(transaction))),
  };
  const store = storeOver(database, await bootstrap(database, builtInKinds, random), random);
  await store.commit(beginning, operator);
  for (let round = 0; round < ROUNDS; round += 1)
    await randomVerb(random, world)
      .run(store)
      .catch(() => {});
  await store.commit(makeChangeset([makeEdit.tier('short')]), operator);
  await store.commit(makeChangeset([makeEdit.delete(makeEdit.tier('short'))]), operator);
  await claimOfAnother(store, clock);
  return (name) => {
    const statement = known.get(name) ?? withOtherLock(name, known);
    if (!statement) throw new Error(`${name} was not used. Known are: ${[...known.keys()].sort().join(', ')}`);
    return statement;
  };
}

const ROUNDS = 200;

/** Only who is there for a while claims, which takes longer than the history. */
async function claimOfAnother(store: Store, clock: ManualClock): Promise<void> {
  const holders = ['rich', 'poor'];
  for (const holder of holders) await store.registerController({ holder, kinds: [], version: '1' }, controller);
  for (const holder of holders)
    await store.acquireLeases({ holder, keys: ['shard/1', 'shard/2'], ttlMs: 1_000 }, controller);
  for (let halfSeconds = 0; halfSeconds < 3; halfSeconds += 1) {
    clock.step(500);
    await store.renewLeases({ holder: 'rich', ttlMs: 1_000 }, controller);
    await store.acquireLeases({ holder: 'poor', keys: ['shard/1', 'shard/2'], ttlMs: 1_000 }, controller);
  }
}

/** What locks rows in one way does so in the others; a history need not have used all of them. */
function withOtherLock(name: string, known: ReadonlyMap<string, Statement<object>>): Statement<object> | undefined {
  const [, mode = ''] = /^rows\..*\.(\w+)$/.exec(name) ?? [];
  const lock = locks[mode];
  const locking = known.get(name.replace(/\.\w+$/, '.edit'));
  return locking && lock !== undefined
    ? { name, text: locking.text.replace('for no key update of r', lock) }
    : undefined;
}

const locks: Readonly<Record<string, string>> = {
  refer: 'for key share of r',
  read: 'for share of r',
  remove: 'for update of r',
  none: '',
};
