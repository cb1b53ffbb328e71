import test from 'ava';
import type { Contender } from '../../bench/case.js';
import { playRounds } from '../../bench/harness/rounds.js';
import { createSeededRandom } from '../../lib/random.js';
import { makeContender } from './make-sample.js';

const play = (contenders: readonly Contender[], seed = 1, signal = new AbortController().signal) =>
  playRounds({ contenders, rounds: 5, random: createSeededRandom(seed), signal, tell: () => undefined });

test('every round has every contender once, after all were warmed, in an order that changes', async (t) => {
  const log: string[] = [];
  const { rounds, failures } = await play(['a', 'b', 'c'].map((name) => makeContender(name, { log })));
  t.deepEqual(failures, []);
  t.deepEqual(log.slice(0, 3), ['warm a', 'warm b', 'warm c']);
  t.deepEqual(
    rounds.map((round) => [...round.keys()].sort().join()),
    Array(5).fill('a,b,c'),
  );
  t.true(new Set(rounds.map((round) => [...round.keys()].join())).size > 1);
});

test('the same seed gives the same order', async (t) => {
  const orderOf = async (seed: number) => {
    const log: string[] = [];
    await play(
      ['a', 'b', 'c'].map((name) => makeContender(name, { log })),
      seed,
    );
    return log;
  };
  t.deepEqual(await orderOf(7), await orderOf(7));
});

test('who fails once is told of once and left out, and the others go on', async (t) => {
  const broken: Contender = { ...makeContender('broken'), measure: () => Promise.reject(new Error('it fell over')) };
  const { rounds, failures } = await play([broken, makeContender('sound')]);
  t.is(failures.length, 1);
  t.regex(failures[0] ?? '', /broken failed: it fell over/);
  t.true(rounds.every((round) => round.size === 1 && round.has('sound')));
});

test('an abort ends it', async (t) => {
  const stop = AbortSignal.abort(new Error('Stopped.'));
  await t.throwsAsync(play([makeContender('a')], 1, stop), { message: 'Stopped.' });
});
