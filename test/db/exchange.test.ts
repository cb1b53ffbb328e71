import test from 'ava';
import { statement } from '../../db/statement.js';
import { createTestDatabase } from '../helpers/database.js';

const insert = statement(
  'exchange.insert',
  `insert into controller values (gen_random_uuid(), gen_random_uuid(), '{}', $1) returning version`,
);
const count = statement<{ count: number }>('exchange.count', 'select count(*)::int as count from controller');
const failing = statement('exchange.failing', 'select 1 / $1::int as one');
const late = statement<{ given: readonly string[] }>('exchange.late', 'select $1::text[] as given');

test('statements that are sent together see what those before them did, also the same one twice', async (t) => {
  const { database, drop } = await createTestDatabase({ poolSize: 1 });
  t.teardown(drop);
  for (let turn = 1; turn <= 2; turn += 1) {
    const answers = await database.transaction((transaction) =>
      transaction.commitWith([
        { statement: count },
        { statement: insert, values: ['1'] },
        { statement: count },
        { statement: insert, values: ['2'] },
        { statement: count },
      ]),
    );
    const before = (turn - 1) * 2;
    t.deepEqual(answers.flat(), [
      { count: before },
      { version: '1' },
      { count: before + 1 },
      { version: '2' },
      { count: before + 2 },
    ] as unknown[]);
  }
});

test('nothing after a statement that failed is carried out, the transaction is rolled back, and all can be asked again', async (t) => {
  const { database, drop } = await createTestDatabase({ poolSize: 1 });
  t.teardown(drop);
  for (let turn = 1; turn <= 2; turn += 1) {
    const failed = database.transaction((transaction) =>
      transaction.commitWith([
        { statement: insert, values: ['1'] },
        { statement: failing, values: [0] },
        { statement: late, values: [['a']] },
      ]),
    );
    await t.throwsAsync(failed, { message: /division by zero/ });
    t.deepEqual(await database.query(count), [{ count: 0 }]);
  }
  t.deepEqual(await database.query(late, [['a "b" \\c', 'd,e']]), [{ given: ['a "b" \\c', 'd,e'] }]);
});

test('a transaction that was not asked anything needs no connection, and one that is over answers nothing', async (t) => {
  const { database, drop } = await createTestDatabase({ poolSize: 1 });
  t.teardown(drop);
  const answer = await database.transaction(() => database.transaction(async () => 'done'));
  t.is(answer, 'done');
  const asking = database.transaction(async (transaction) => {
    await transaction.commitWith([{ statement: insert, values: ['1'] }]);
    await transaction.query(count);
  });
  await t.throwsAsync(asking, { message: /after its end/ });
  t.deepEqual(await database.query(count), [{ count: 1 }]);
});

test('what may have been committed is not tried again after its connection broke, as a beginning is', async (t) => {
  const { database, drop } = await createTestDatabase({ poolSize: 1 });
  t.teardown(drop);
  // A sequence counts also what was rolled back.
  await database.query(statement('exchange.sequence', 'create sequence tries'));
  const tries = statement<{ tries: number }>('exchange.tries', 'select last_value::int as tries from tries');
  const breaking = statement('exchange.breaking', `select nextval('tries'), pg_terminate_backend(pg_backend_pid())`);
  await t.throwsAsync(database.transaction((transaction) => transaction.commitWith([{ statement: breaking }])));
  t.deepEqual(await database.query(tries), [{ tries: 1 }]);
  await t.throwsAsync(database.transaction((transaction) => transaction.query(breaking)));
  t.deepEqual(await database.query(tries), [{ tries: 4 }]);
});
