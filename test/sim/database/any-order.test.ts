import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { codeOf } from '../../../db/failure.js';
import { PortolanError } from '../../../lib/errors.js';
import { createSeededRandom, type Random } from '../../../lib/random.js';
import type { Scheduler } from '../../../sim/scheduler.js';
import { brokenConstraints } from './helpers/broken-constraints.js';
import { beginning } from './helpers/random-edits.js';
import { randomVerb } from './helpers/random-verb.js';
import { createSimulatedPlane } from './helpers/simulated-plane.js';

const SEEDS = 12;
const CLIENTS = 5;
const VERBS = 12;

test('in any order of steps nobody waits for ever, what is told as failed is a refusal, and all constraints hold', async (t) => {
  t.timeout(120_000);
  let waits = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { scheduler, run } = createRandomScheduler(createSeededRandom(seed));
    const making = createSimulatedPlane({ seed, scheduler });
    const { store, feed, simulated, operator, random } = await run(making);
    const told: bigint[] = [];
    feed.onCommit(({ revisions }) => void told.push(...revisions.slice(0, 1).map(({ seq }) => seq)));
    await run(feed.head());
    await run(store.commit(beginning, operator));
    const client = async () => {
      for (let count = 0; count < VERBS; count += 1) {
        const verb = randomVerb(random, simulated);
        await verb.run(store).catch((error: unknown) => {
          // Who is told of eight deadlocks, one after the other, is told so.
          if (!(error instanceof PortolanError) && codeOf(error) !== '40P01') throw error;
        });
        if (simulated.transactions().some(({ waitsFor }) => waitsFor !== null)) waits += 1;
      }
    };
    await run(Promise.all(Array.from({ length: CLIENTS }, client)));
    const about = `seed ${seed}`;
    t.deepEqual(brokenConstraints(simulated), [], about);
    const seqs = [...new Set(simulated.rows('revision').map(({ seq }) => seq))].sort((a, b) => Number(a - b)).slice(1);
    while (told.at(-1) !== seqs.at(-1)) {
      feed.wake();
      await run(setImmediate());
    }
    t.deepEqual(told, seqs, `${about}: the feed tells each commit once, in order`);
    await run(feed.close());
    t.deepEqual(simulated.transactions(), [], about);
  }
  t.true(waits > SEEDS, 'somebody waits for somebody now and then');
});

/** Of all steps that could be next, any. `run` goes on until that is done. */
function createRandomScheduler(random: Random) {
  const pending: (() => void)[] = [];
  const scheduler: Scheduler = { step: () => new Promise((resolve) => pending.push(resolve)) };
  async function run<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    work.then(done, done);
    for (let idle = 0; !isDone; ) {
      await setImmediate();
      const [next] = pending.splice(random.below(pending.length), 1);
      next?.();
      idle = next ? 0 : idle + 1;
      if (idle > MOST_IDLE) throw new Error('Nothing happens any more, and it is not done.');
    }
    return work;
  }
  return { scheduler, run };
}

const MOST_IDLE = 1000;
