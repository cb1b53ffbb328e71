import test from 'ava';
import { runSeed } from '../../sim/run-seed.js';

const told = (failure: { readonly invariant: string; readonly words: string } | null) =>
  failure && `${failure.invariant}: ${failure.words}`;

test.serial(
  'a plane of two servers and two controller processes holds to all invariants while things go wrong',
  async (t) => {
    t.timeout(120_000);
    for (const seed of [1, 2, 3]) {
      const { failure, edits } = await runSeed({ seed });
      t.is(told(failure), null, `seed ${seed}`);
      t.true(edits.acknowledged > 0, `seed ${seed}`);
    }
  },
);

test.serial(
  'a seed decides everything: its second run is the same, event by event, and another seed is another run',
  async (t) => {
    t.timeout(120_000);
    const lines: string[] = [];
    const first = await runSeed({ seed: 4, write: (line) => lines.push(line) });
    const second = await runSeed({ seed: 4 });
    const other = await runSeed({ seed: 5 });
    t.is(told(first.failure), null);
    t.is(second.hash, first.hash);
    t.is(second.events, first.events);
    t.not(other.hash, first.hash);
    t.regex(lines.join(''), /^\d+\.\d{4} server-1: .*$/m);
  },
);
