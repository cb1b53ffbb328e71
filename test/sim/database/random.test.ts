import test from 'ava';
import { createSeededRandom } from '../../../lib/random.js';
import { comparable } from './helpers/comparable.js';
import { compareReads } from './helpers/compare-reads.js';
import { dumpPostgres, dumpSimulated } from './helpers/dump.js';
import { beginning } from './helpers/random-edits.js';
import { randomVerb } from './helpers/random-verb.js';
import { createSides, operator, type Side } from './helpers/sides.js';

const SEEDS = [1, 2];
const VERBS = 100;
/** Reads are many. */
const READ_EVERY = 50;

for (const seed of SEEDS) {
  test(`the simulated database answers as Postgres does, and has the same rows, over random verbs of seed ${seed}`, async (t) => {
    t.timeout(120_000);
    const sides = await createSides(seed);
    t.teardown(() => sides.close());
    const { postgres, simulated, world } = sides;
    const random = createSeededRandom(seed);
    const counts: Record<string, number> = {};
    await Promise.all([postgres, simulated].map(({ store }) => store.commit(beginning, operator)));
    for (let round = 0; round < VERBS; round += 1) {
      sides.clock.step(5);
      const verb = randomVerb(random, world);
      const about = `seed ${seed}, round ${round}: ${verb.name} ${JSON.stringify(verb.input)}`;
      const answerOf = ({ store }: Side) => verb.run(store).then(comparable, comparable);
      const [left, right] = [await answerOf(postgres), await answerOf(simulated)];
      t.deepEqual(right, left, about);
      if (round % READ_EVERY === READ_EVERY - 1) await compareReads(t, sides, `seed ${seed}, after round ${round}`);
      const outcome = typeof left === 'object' && left !== null && 'error' in left ? 'refused' : 'done';
      counts[`${verb.name} ${outcome}`] = (counts[`${verb.name} ${outcome}`] ?? 0) + 1;
    }
    const [there, here] = [await dumpPostgres(postgres.database, Object.keys(world.dump())), dumpSimulated(world)];
    for (const [table, rows] of Object.entries(there)) t.deepEqual(here[table], rows, `seed ${seed}, ${table}`);
    t.log(counts);
  });
}
