import anyTest, { type TestFn } from 'ava';
import { dumpPostgres, dumpSimulated } from './helpers/dump.js';
import { createGiven } from './helpers/given.js';
import { collectStatements } from './helpers/named-statements.js';
import { beginning } from './helpers/random-edits.js';
import { createSides, operator, type Sides } from './helpers/sides.js';
import { postgresStage, simulatedStage } from './helpers/stage.js';
import { keyScripts } from './scripts/keys.js';
import { logScripts } from './scripts/log.js';
import { rowScripts } from './scripts/rows.js';

const test = anyTest as TestFn<{ sides: Sides; statementOf: Awaited<ReturnType<typeof collectStatements>> }>;

test.before(async (t) => {
  const sides = await createSides(1);
  t.context = { sides, statementOf: await collectStatements() };
  await Promise.all([sides.postgres, sides.simulated].map(({ store }) => store.commit(beginning, operator)));
});
test.after.always((t) => t.context.sides?.close());

for (const { title, run } of [...rowScripts, ...keyScripts, ...logScripts]) {
  // One after the other, over the same rows: what one leaves behind the next one finds on both sides.
  test.serial(`as in Postgres: ${title}`, async (t) => {
    t.timeout(30_000);
    const { sides, statementOf } = t.context;
    const given = createGiven(sides.world);
    const [postgres, simulated] = [
      postgresStage(sides.test.database, statementOf),
      simulatedStage(sides.world, statementOf),
    ];
    for (const stage of [postgres, simulated]) {
      await run(stage, given);
      await stage.close();
    }
    t.deepEqual(simulated.lines, postgres.lines);
    t.log(postgres.lines.join('\n'));
  });
}

test.serial('as in Postgres: in the end both have the same rows', async (t) => {
  const { sides } = t.context;
  const there = await dumpPostgres(sides.test.database, Object.keys(sides.world.dump()));
  const here = dumpSimulated(sides.world);
  for (const [table, rows] of Object.entries(there)) t.deepEqual(here[table], rows, table);
});
