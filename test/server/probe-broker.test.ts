import test from 'ava';
import { ProbeUnavailableError } from '../../resolvers/probes.js';
import { alice, attach, makeBroker, mallory, rejection } from './probe-rig.js';

test('a question goes to the holder of the lease, and its chunks come back in order', async (t) => {
  const setup = makeBroker();
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
  const setup = makeBroker();
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
    arrange: ({ leases }: ReturnType<typeof makeBroker>) => void leases.clear(),
    message: /No controller works on it/,
  },
  {
    title: 'the holder is not attached',
    arrange: ({ leases }: ReturnType<typeof makeBroker>) =>
      void leases.set('runtime', { holder: 'two', principalId: 'p1', epoch: 1 }),
    message: /not attached to this server/,
  },
  {
    title: 'only a namesake with another token is attached',
    arrange: ({ leases }: ReturnType<typeof makeBroker>) =>
      void leases.set('runtime', { holder: 'one', principalId: 'p2', epoch: 1 }),
    message: /not attached to this server/,
  },
]) {
  test(`it is said at once when ${title}`, async (t) => {
    const setup = makeBroker();
    await attach(setup);
    arrange(setup);
    const error = await rejection(setup.ask().next());
    t.true(error instanceof ProbeUnavailableError);
    t.regex(error.message, message);
    t.like(setup.broker.stats(), { asked: 1, failed: 1, open: 0 });
  });
}

test('nobody can be asked about what nothing reconciles', async (t) => {
  const error = await rejection(makeBroker().ask({ leaseKey: null }).next());
  t.regex(error.message, /No controller works on what is of this kind/);
});

test('an answer of anybody else is refused, and the right one still counts', async (t) => {
  const setup = makeBroker();
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
  const setup = makeBroker();
  const controller = await attach(setup);
  t.is(await controller.answer({ id: 'none' }, ['a']), 'UNWANTED');
});

test('who leaves has the question cancelled, by return() and by the signal', async (t) => {
  const setup = makeBroker();
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
  const setup = makeBroker();
  await attach(setup);
  t.true((await setup.ask({ signal: AbortSignal.abort() }).next()).done);
  t.is(setup.broker.stats().asked, 0);
});

test('who waits is told when the controller goes away in the middle of its answer', async (t) => {
  const setup = makeBroker();
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
  const setup = makeBroker();
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
  const setup = makeBroker();
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
  t.regex((await rejection(answers.next())).message, /lost its lease/);
});

test('an answer of a controller that stands still ends when another one has taken over', async (t) => {
  const setup = makeBroker();
  const controller = await attach(setup);
  const answers = setup.ask({ isFollowing: true });
  const first = answers.next();
  await controller.answer(await controller.hear(), ['a']);
  await first;
  setup.clock.step(5_000);
  await new Promise(setImmediate);
  t.is(setup.broker.stats().open, 1);
  setup.leases.set('runtime', { holder: 'two', principalId: 'p1', epoch: 2 });
  const told = rejection(answers.next());
  setup.clock.step(5_000);
  t.regex((await told).message, /lost its lease/);
  t.is((await controller.hear()).type, 'CANCEL');
});

test('the sentence of a controller that cannot go on reaches the asker after what it gave', async (t) => {
  const setup = makeBroker();
  const controller = await attach(setup);
  const answers = setup.ask();
  const first = answers.next();
  await controller.answer(await controller.hear(), ['a'], { isLast: true, error: 'The pod is gone.' });
  t.is((await first).value, 'a');
  t.is((await rejection(answers.next())).message, 'The pod is gone.');
});

test('a server that stops tells whoever waits, and lets the controllers go', async (t) => {
  const setup = makeBroker();
  const controller = await attach(setup);
  const first = rejection(setup.ask().next());
  await controller.hear();
  setup.broker.close();
  t.regex((await first).message, /The server is stopping/);
  t.is((await controller.hear()).type, 'CANCEL');
  t.true((await controller.messages.next()).done);
  t.regex((await rejection(setup.ask().next())).message, /The server is stopping/);
});
