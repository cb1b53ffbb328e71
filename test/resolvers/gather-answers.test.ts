import test from 'ava';
import type { AbsentName } from '../../lib/absent-name.js';
import { createChannel } from '../../lib/channel.js';
import { createManualClock } from '../../lib/clock.js';
import { gatherAnswers, type PartAnswer } from '../../resolvers/gather-answers.js';

/** A followed log of `count` components, which speak by hand. */
function make(count: number) {
  const clock = createManualClock();
  const parts = createChannel<PartAnswer>({ limit: 100 });
  const answers = gatherAnswers(parts, { clock, count: () => count });
  const tell = (component: string, part: Partial<PartAnswer>) =>
    parts.push({ component, lines: [], said: [], absent: null, ...part });
  return {
    clock,
    parts,
    answers,
    says: (component: string, ...said: readonly string[]) => tell(component, { said }),
    lacks: (component: string, absent: AbsentName) => tell(component, { absent }),
    writes: (component: string, text: string) =>
      tell(component, { lines: [{ component, pod: 'a', container: 'main', at: null, text }] }),
    async next() {
      const { value, done } = await answers.next();
      return done ? null : [...value.lines.map(({ text }: { text: string }) => text), ...value.unavailable];
    },
    /** Everything that came is heard. */
    settle: () => new Promise(setImmediate),
  };
}

const pod = (...known: string[]): AbsentName => ({ what: 'pod', name: 'z', known });

test('one component is heard at once', async (t) => {
  const { says, next } = make(1);
  says('web', 'It is down.');
  t.deepEqual(await next(), ['web: It is down.']);
});

test('what all components say is told at once, and once', async (t) => {
  const { says, next } = make(2);
  says('web', 'It is down.');
  says('cart', 'It is down.');
  t.deepEqual(await next(), ['Every component: It is down.']);
});

test('what some say is told after a moment for the others, and lines do not wait for that', async (t) => {
  const { says, writes, next, clock, settle } = make(4);
  says('web', 'It is down.');
  writes('other', 'hello');
  t.deepEqual(await next(), ['hello']);
  const told = next();
  says('cart', 'It is down.', 'It has no pods.');
  await settle();
  clock.step(500);
  t.deepEqual(await told, ['cart, web: It is down.', 'cart: It has no pods.']);
});

test('that a pod is absent is told when no component has it, and once', async (t) => {
  const { lacks, says, next, clock, settle, writes } = make(2);
  lacks('web', pod('b'));
  const told = next();
  await settle();
  clock.step(10_000);
  lacks('cart', pod('a'));
  t.deepEqual(await told, ['There is no pod z. There is a, b.']);
  lacks('cart', pod('a'));
  says('web', 'It is down.');
  const later = next();
  await settle();
  clock.step(500);
  t.deepEqual(await later, ['web: It is down.']);
  writes('web', 'of z');
  t.deepEqual(await next(), ['of z']);
});

test('that a pod is absent is never told while one component may have it', async (t) => {
  const { lacks, writes, next, clock, settle } = make(2);
  lacks('web', pod('b'));
  const first = next();
  await settle();
  clock.step(60_000);
  writes('cart', 'hello');
  t.deepEqual(await first, ['hello']);
});

test('at the end, what was held is told first', async (t) => {
  const { says, parts, next } = make(2);
  says('web', 'It is gone.');
  parts.end();
  t.deepEqual(await next(), ['web: It is gone.']);
  t.is(await next(), null);
});

test('who leaves while something is held is let go at once', async (t) => {
  const { says, answers, next, settle } = make(2);
  says('web', 'It is down.');
  const pending = next();
  await settle();
  await answers.return?.();
  t.is(await pending, null);
});
