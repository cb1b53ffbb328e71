import test from 'ava';
import { silentLog } from '../../lib/log.js';
import { createSeededRandom } from '../../lib/random.js';
import { createEventLoop } from '../../sim/event-loop.js';
import { createProcess } from '../../sim/process.js';
import { createTrace } from '../../sim/trace.js';

function given(seed = 1) {
  const random = createSeededRandom(seed);
  const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));
  const loop = createEventLoop({ startMs: 0, random, trace: createTrace(0), settle });
  const open = (name: string) => createProcess({ name, loop, random, log: silentLog, stepMs: () => 1 });
  return { loop, open };
}

test('time goes to what is due next, and never back', async (t) => {
  const { loop, open } = given();
  const { clock } = open('one');
  const seen: number[] = [];
  for (const delayMs of [30, 10, 20]) clock.after(delayMs, () => seen.push(clock.now()));
  await loop.run(25);
  t.deepEqual(seen, [10, 20]);
  t.is(loop.nowMs, 25);
  await loop.run(100);
  t.deepEqual(seen, [10, 20, 30]);
});

test('all that a step sets off has run before the next one, and of what is due at once the seed decides', async (t) => {
  const orders = new Set<string>();
  for (let seed = 1; seed <= 10; seed += 1) {
    const { loop, open } = given(seed);
    const process = open('one');
    const seen: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      process.after(5, name, async () => {
        seen.push(name);
        await Promise.resolve();
        await null;
        seen.push(name);
      });
    }
    await loop.run(10);
    t.regex(seen.join(''), /^(aa|bb|cc){3}$/);
    orders.add(seen.join(''));
  }
  t.true(orders.size > 1);
});

test('nothing of a process that was killed goes on, and the others do', async (t) => {
  const { loop, open } = given();
  const [victim, other] = [open('victim'), open('other')];
  const seen: string[] = [];
  const live = async (process: typeof victim) => {
    for (let step = 1; step <= 3; step += 1) {
      await process.step(`${step}`);
      seen.push(`${process.name} ${step}`);
    }
  };
  void live(victim);
  void live(other);
  victim.clock.after(50, () => seen.push('a timer of the dead'));
  other.after(1.5, 'kill', () => victim.kill());
  await loop.run(100);
  t.deepEqual(
    seen.filter((line) => line.startsWith('victim')),
    ['victim 1'],
  );
  t.is(seen.filter((line) => line.startsWith('other')).length, 3);
  t.false(seen.includes('a timer of the dead'));
});

test('a process that was frozen goes on later, in the order in which it was due, and has noticed nothing', async (t) => {
  const { loop, open } = given();
  const process = open('one');
  const seen: string[] = [];
  process.freeze(50);
  for (const delayMs of [30, 10, 20]) process.after(delayMs, '', () => seen.push(`${delayMs} at ${loop.nowMs}`));
  process.after(5, 'cancelled', () => seen.push('never'))();
  await loop.run(100);
  t.deepEqual(seen, ['10 at 50', '20 at 50', '30 at 50']);
});

test('the clock of a process is wrong by its own time, and what it waits for is not', async (t) => {
  const { loop } = given();
  const make = (name: string, skewMs: number) =>
    createProcess({ name, loop, random: createSeededRandom(1), log: silentLog, stepMs: () => 1, skewMs });
  const [ahead, behind] = [make('ahead', 60_000), make('behind', -500)];
  const seen: number[] = [];
  for (const { clock } of [ahead, behind]) clock.after(1_000, () => seen.push(clock.now(), clock.monotonicMs()));
  await loop.run(2_000);
  t.deepEqual(
    seen.toSorted((a, b) => a - b),
    [500, 1_000, 1_000, 61_000],
  );
});
