import test from 'ava';
import type { Actor } from '../../db/contract.js';
import type { LeaseHolderRow } from '../../db/read/read-models.js';
import type { Json } from '../../lib/canonical.js';
import { createManualClock } from '../../lib/clock.js';
import { createSeededRandom } from '../../lib/random.js';
import { type ProbeQuestion, ProbeUnavailableError } from '../../resolvers/probes.js';
import type { ProbeMessage } from '../../schema/probe.js';
import { defaultLimits } from '../../server/limits.js';
import { createProbeBroker } from '../../server/probe-broker.js';
import { eventually } from '../helpers/eventually.js';

const alice: Actor = { principalId: 'p1', name: 'controller', role: 'controller' };
const mallory: Actor = { principalId: 'p2', name: 'another', role: 'controller' };

/** A broker whose leases are set by hand. */
function make(limits = {}) {
  const clock = createManualClock();
  const leases = new Map<string, LeaseHolderRow>([['runtime', { holder: 'one', principalId: 'p1', epoch: 1 }]]);
  const broker = createProbeBroker({
    findHolder: async (key) => leases.get(key) ?? null,
    limits: { ...defaultLimits, ...limits },
    clock,
    random: createSeededRandom(1),
  });
  const ask = (more: Partial<ProbeQuestion> = {}) =>
    broker.ask({ resourceId: 'r', kind: 'Workload', leaseKey: 'runtime', question: 'logs', input: {}, ...more });
  return { clock, leases, broker, ask };
}

/** A controller that is attached: what it hears, and how it answers. */
async function attach({ broker }: ReturnType<typeof make>, holder = 'one', actor = alice) {
  const messages = broker.listen(holder, actor);
  const hear = async () => (await messages.next()).value as ProbeMessage;
  const serials = new Map<string, number>();
  const answer = async (
    { id }: Pick<ProbeMessage, 'id'>,
    chunks: readonly Json[],
    more: { isLast?: boolean; error?: string; holder?: string; actor?: Actor } = {},
  ) => {
    const serial = serials.get(id ?? '') ?? 0;
    const { isLast = false, error = null } = more;
    const part = { id: id ?? '', holder: more.holder ?? holder, serial, chunks, isLast, error };
    const state = await broker.answer(part, more.actor ?? actor);
    if (state === 'TAKEN') serials.set(id ?? '', serial + 1);
    return state;
  };
  const sync = await hear();
  return { messages, hear, answer, sync };
}

/** Takes the rejection before it can come, as an asker does. */
function rejection(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => {
      throw new Error(`It answered ${JSON.stringify(value)}.`);
    },
    (error: Error) => error,
  );
}

test('a question goes to the holder of the lease, and its chunks come back in order', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  t.is(controller.sync.type, 'SYNC');
  const answers = setup.ask({ input: { tailLines: 3 } });
  const first = answers.next();
  const asked = await controller.hear();
  t.like(asked, { type: 'ASK', kind: 'Workload', resourceId: 'r', question: 'logs', input: { tailLines: 3 } });
  t.is(await controller.answer(asked, ['a', 'b']), 'TAKEN');
  t.is(await controller.answer(asked, ['c'], { isLast: true }), 'TAKEN');
  t.deepEqual(
    [await first, await answers.next(), await answers.next(), await answers.next()],
    [
      { value: 'a', done: false },
      { value: 'b', done: false },
      { value: 'c', done: false },
      { value: undefined, done: true },
    ],
  );
  t.deepEqual(setup.broker.stats(), { asked: 1, answered: 1, failed: 0, open: 0, holders: 1 });
});

test('a part that is sent twice is taken once', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  const answers = setup.ask();
  const first = answers.next();
  const { id } = await controller.hear();
  const part = { id: id ?? '', holder: 'one', serial: 0, chunks: ['a'], isLast: false, error: null };
  t.deepEqual(await Promise.all([setup.broker.answer(part, alice), setup.broker.answer(part, alice)]), [
    'TAKEN',
    'TAKEN',
  ]);
  t.is(await setup.broker.answer(part, alice), 'TAKEN');
  await setup.broker.answer({ ...part, serial: 1, chunks: ['b'], isLast: true }, alice);
  t.is((await first).value, 'a');
  t.is((await answers.next()).value, 'b');
  t.true((await answers.next()).done);
});

for (const { title, arrange, message } of [
  {
    title: 'nobody holds the lease',
    arrange: ({ leases }: ReturnType<typeof make>) => void leases.clear(),
    message: /No controller works on it/,
  },
  {
    title: 'the holder is not attached',
    arrange: ({ leases }: ReturnType<typeof make>) =>
      void leases.set('runtime', { holder: 'two', principalId: 'p1', epoch: 1 }),
    message: /not attached to this server/,
  },
  {
    title: 'only a namesake with another token is attached',
    arrange: ({ leases }: ReturnType<typeof make>) =>
      void leases.set('runtime', { holder: 'one', principalId: 'p2', epoch: 1 }),
    message: /not attached to this server/,
  },
]) {
  test(`it is said at once when ${title}`, async (t) => {
    const setup = make();
    await attach(setup);
    arrange(setup);
    const error = await rejection(setup.ask().next());
    t.true(error instanceof ProbeUnavailableError);
    t.regex(error.message, message);
    t.like(setup.broker.stats(), { asked: 1, failed: 1, open: 0 });
  });
}

test('nobody can be asked about what nothing reconciles', async (t) => {
  const error = await rejection(make().ask({ leaseKey: null }).next());
  t.regex(error.message, /No controller works on what is of this kind/);
});

test('an answer of anybody else is refused, and the right one still counts', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  const answers = setup.ask();
  const first = answers.next();
  const asked = await controller.hear();
  for (const wrong of [{ holder: 'two' }, { actor: mallory }]) {
    const error = await rejection(controller.answer(asked, ['forged'], wrong));
    t.like(error, { code: 'FORBIDDEN' });
  }
  await controller.answer(asked, ['true'], { isLast: true });
  t.is((await first).value, 'true');
});

test('an answer to a question that nobody asked is not wanted', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  t.is(await controller.answer({ id: 'none' }, ['a']), 'UNWANTED');
});

test('a controller that does not answer is given up after the first bound, and told to stop', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  const first = rejection(setup.ask().next());
  const asked = await controller.hear();
  setup.clock.step(9_999);
  t.is(setup.broker.stats().open, 1);
  setup.clock.step(1);
  t.is((await first).message, 'The controller did not answer within 10 s.');
  t.like(await controller.hear(), { type: 'CANCEL', id: asked.id });
  t.is(await controller.answer(asked, ['late']), 'UNWANTED');
});

test('an answer that goes on and on is given up after the second bound, unless it follows', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  const whole = setup.ask();
  const followed = setup.ask({ isFollowing: true });
  const firsts = [whole.next(), followed.next()];
  const asked = [await controller.hear(), await controller.hear()];
  for (const one of asked) await controller.answer(one, ['a']);
  t.deepEqual(
    (await Promise.all(firsts)).map(({ value }) => value),
    ['a', 'a'],
  );
  const late = rejection(whole.next());
  setup.clock.step(25_000);
  t.is((await late).message, 'The controller did not answer in full within 25 s.');
  setup.clock.step(3_600_000);
  const [, follows] = asked;
  if (follows) await controller.answer(follows, ['b']);
  t.is((await followed.next()).value, 'b');
});

test('a followed answer has begun when its controller says so, although it has nothing to say yet', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  const answers = setup.ask({ isFollowing: true });
  const first = answers.next();
  const asked = await controller.hear();
  await controller.answer(asked, []);
  setup.clock.step(60_000);
  await controller.answer(asked, ['at last']);
  t.is((await first).value, 'at last');
});

test('a sign of life is no answer to a question that does not follow', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  const first = rejection(setup.ask().next());
  await controller.answer(await controller.hear(), []);
  setup.clock.step(10_000);
  t.is((await first).message, 'The controller did not answer within 10 s.');
});

test('who leaves has the question cancelled, by return() and by the signal', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  const leaving = new AbortController();
  const asked = [setup.ask(), setup.ask({ signal: leaving.signal })];
  const pending = asked.map((answers) => answers.next());
  const heard = [await controller.hear(), await controller.hear()];
  await asked[0]?.return?.();
  leaving.abort();
  t.deepEqual(
    [await controller.hear(), await controller.hear()].map(({ type, id }) => [type, id]),
    heard.map(({ id }) => ['CANCEL', id]),
  );
  t.deepEqual(
    (await Promise.all(pending)).map(({ done }) => done),
    [true, true],
  );
  t.like(setup.broker.stats(), { asked: 2, answered: 0, failed: 0, open: 0 });
});

test('who left before asking asks nothing', async (t) => {
  const setup = make();
  await attach(setup);
  t.true((await setup.ask({ signal: AbortSignal.abort() }).next()).done);
  t.is(setup.broker.stats().asked, 0);
});

test('who waits is told when the controller goes away in the middle of its answer', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  const answers = setup.ask();
  const first = answers.next();
  await controller.answer(await controller.hear(), ['a']);
  await controller.messages.return?.();
  t.is((await first).value, 'a');
  t.is((await rejection(answers.next())).message, 'The controller that was asked went away.');
  t.like(setup.broker.stats(), { open: 0, holders: 0, failed: 1 });
});

test('a controller that attaches anew takes the place of what it was, and is asked from then on', async (t) => {
  const setup = make();
  const before = await attach(setup);
  const lost = rejection(setup.ask().next());
  await before.hear();
  const after = await attach(setup);
  t.regex((await lost).message, /went away/);
  t.true((await before.messages.next()).done);
  const answers = setup.ask();
  const first = answers.next();
  await after.answer(await after.hear(), ['again'], { isLast: true });
  t.is((await first).value, 'again');
  t.is(setup.broker.stats().holders, 1);
});

test('an answer ends when the lease has moved meanwhile', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  const answers = setup.ask({ isFollowing: true });
  const first = answers.next();
  const asked = await controller.hear();
  await controller.answer(asked, ['a']);
  t.is((await first).value, 'a');
  for (const moved of [
    { holder: 'two', principalId: 'p1', epoch: 2 },
    { holder: 'one', principalId: 'p1', epoch: 3 },
  ]) {
    setup.leases.set('runtime', moved);
    t.is(await controller.answer(asked, ['stale']), 'UNWANTED');
  }
  t.regex((await rejection(answers.next())).message, /Another controller took over/);
});

test('the sentence of a controller that cannot go on reaches the asker after what it gave', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  const answers = setup.ask();
  const first = answers.next();
  await controller.answer(await controller.hear(), ['a'], { isLast: true, error: 'The pod is gone.' });
  t.is((await first).value, 'a');
  t.is((await rejection(answers.next())).message, 'The pod is gone.');
});

test('a slow asker lets its controller wait, keeps a bounded amount, and loses nothing', async (t) => {
  const setup = make({ probeWaitingBytes: 100 });
  const controller = await attach(setup);
  const answers = setup.ask({ isFollowing: true });
  const first = answers.next();
  const asked = await controller.hear();
  const chunk = (letter: string) => letter.repeat(60);
  t.is(await controller.answer(asked, [chunk('a')]), 'TAKEN');
  t.is((await first).value, chunk('a'));
  t.is(await controller.answer(asked, [chunk('b')]), 'TAKEN');
  t.is(await controller.answer(asked, [chunk('c')]), 'TAKEN');

  const full = controller.answer(asked, [chunk('d')]);
  await eventually(
    () => {
      setup.clock.step(10_000);
      return Promise.race([full, Promise.reject(new Error('It still waits.'))]);
    },
    { timeoutMs: 5_000 },
  );
  t.is(await full, 'FULL');

  const waiting = controller.answer(asked, [chunk('d')]);
  t.is((await answers.next()).value, chunk('b'));
  t.is(await waiting, 'TAKEN');
  t.is((await answers.next()).value, chunk('c'));
  t.is((await answers.next()).value, chunk('d'));
});

test('a controller that waits for a slow asker is let go when the asker leaves', async (t) => {
  const setup = make({ probeWaitingBytes: 1 });
  const controller = await attach(setup);
  const answers = setup.ask();
  const first = answers.next();
  const asked = await controller.hear();
  await controller.answer(asked, ['a']);
  await first;
  await controller.answer(asked, ['b']);
  const waiting = controller.answer(asked, ['c']);
  await answers.return?.();
  t.is(await waiting, 'UNWANTED');
});

test('a part that is too large ends the answer in words, on both sides', async (t) => {
  const setup = make({ probePartBytes: 10 });
  const controller = await attach(setup);
  const first = rejection(setup.ask().next());
  const error = await rejection(controller.answer(await controller.hear(), ['more than ten']));
  t.like(error, { code: 'LIMIT_EXCEEDED' });
  t.regex((await first).message, /a part of more than 10 bytes/);
});

test('only so many questions wait at a time, and each end makes room for another', async (t) => {
  const setup = make({ openProbes: 2 });
  const controller = await attach(setup);
  const open = [setup.ask(), setup.ask()];
  for (const answers of open) answers.next().catch(() => {});
  await controller.hear();
  await controller.hear();
  t.regex((await rejection(setup.ask().next())).message, /2 questions wait for answers, which is the most/);
  await open[0]?.return?.();
  t.is((await controller.hear()).type, 'CANCEL');
  setup
    .ask()
    .next()
    .catch(() => {});
  t.is((await controller.hear()).type, 'ASK');
});

test('a controller that does not read is detached, and who waits for it is told', async (t) => {
  const setup = make();
  const messages = setup.broker.listen('one', alice);
  for (let number = 0; number < 1_100; number++) {
    const answers = setup.ask();
    answers.next().catch(() => {});
    await new Promise(setImmediate);
    await answers.return?.();
  }
  t.is(setup.broker.stats().holders, 0);
  t.is(setup.broker.stats().open, 0);
  let read = 0;
  while (!(await messages.next()).done) read++;
  t.true(read <= 2_001, `${read} waited`);
});

test('a server that stops tells whoever waits, and lets the controllers go', async (t) => {
  const setup = make();
  const controller = await attach(setup);
  const first = rejection(setup.ask().next());
  await controller.hear();
  setup.broker.close();
  t.regex((await first).message, /The server is stopping/);
  t.is((await controller.hear()).type, 'CANCEL');
  t.true((await controller.messages.next()).done);
  t.regex((await rejection(setup.ask().next())).message, /The server is stopping/);
});
