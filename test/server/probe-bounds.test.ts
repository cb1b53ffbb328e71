import test from 'ava';
import { eventually } from '../helpers/eventually.js';
import { alice, attach, makeBroker, rejection } from './probe-rig.js';

test('a controller that does not answer is given up after the first bound, and told to stop', async (t) => {
  const setup = makeBroker();
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
  const setup = makeBroker();
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
  const setup = makeBroker();
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
  const setup = makeBroker();
  const controller = await attach(setup);
  const first = rejection(setup.ask().next());
  await controller.answer(await controller.hear(), []);
  setup.clock.step(10_000);
  t.is((await first).message, 'The controller did not answer within 10 s.');
});

test('a slow asker lets its controller wait, keeps a bounded amount, and loses nothing', async (t) => {
  const setup = makeBroker({ probeWaitingBytes: 100 });
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
  const setup = makeBroker({ probeWaitingBytes: 1 });
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
  const setup = makeBroker({ probePartBytes: 10 });
  const controller = await attach(setup);
  const first = rejection(setup.ask().next());
  const error = await rejection(controller.answer(await controller.hear(), ['more than ten']));
  t.like(error, { code: 'LIMIT_EXCEEDED' });
  t.regex((await first).message, /a part of more than 10 bytes/);
});

test('only so many questions wait at a time, and each end makes room for another', async (t) => {
  const setup = makeBroker({ openProbes: 2 });
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
  const setup = makeBroker();
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
