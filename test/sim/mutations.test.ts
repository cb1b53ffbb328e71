import test from 'ava';
import { breakages } from '../../sim/mutations/breakages.js';
import { runSeed } from '../../sim/run-seed.js';

/** Each is found in a few dozen seeds; of a thousand none would be missed. */
const MOST_SEEDS = 1_000;

for (const { what, breakage, invariant, script } of breakages) {
  test.serial(`the simulation finds ${what}`, async (t) => {
    // Some seconds on a machine that does nothing else.
    t.timeout(900_000);
    for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
      const { failure } = await runSeed({ seed, breakage, script });
      if (!failure) continue;
      t.log(`seed ${seed}: ${failure.invariant}`);
      t.regex(failure.invariant, invariant);
      return;
    }
    t.fail(`No seed of ${MOST_SEEDS} broke.`);
  });
}
