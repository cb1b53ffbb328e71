import test from 'ava';
import { createGather } from '../../sdk/gather.js';
import { GraphError } from '../../sdk/graph-error.js';
import { flush } from './fake-plane.js';

/** A server that answers when it is told to. */
function make(options: { readonly most?: number; readonly atATime?: number } = {}) {
  const requests: { readonly inputs: readonly string[]; answer(): void; refuse(error: unknown): void }[] = [];
  const ask = createGather<string, string>({
    ...options,
    request: (inputs) =>
      new Promise((resolve, reject) => {
        requests.push({ inputs, answer: () => resolve(inputs.map((input) => `${input}!`)), refuse: reject });
      }),
  });
  return { ask, requests, inputs: () => requests.map(({ inputs }) => inputs.join('')) };
}

test('calls that come at the same time are one request, and what comes meanwhile is the next one', async (t) => {
  const { ask, requests, inputs } = make({ atATime: 1 });
  const first = [ask('a'), ask('b')];
  await flush();
  const second = [ask('c'), ask('d')];
  await flush();
  t.deepEqual(inputs(), ['ab']);
  requests[0]?.answer();
  t.deepEqual(await Promise.all(first), ['a!', 'b!']);
  await flush();
  t.deepEqual(inputs(), ['ab', 'cd']);
  requests[1]?.answer();
  t.deepEqual(await Promise.all(second), ['c!', 'd!']);
});

test('a request has no more calls than its bound', async (t) => {
  const { ask, inputs } = make({ most: 2 });
  for (const input of ['a', 'b', 'c']) void ask(input);
  await flush();
  t.deepEqual(inputs(), ['ab', 'c']);
});

test('one call that is refused fails alone', async (t) => {
  const { ask, requests } = make();
  const asked = ['good', 'bad'].map((input) => ask(input));
  const ended = Promise.allSettled(asked);
  await flush();
  requests[0]?.refuse(new GraphError('BAD_USER_INPUT', 'One of them is bad'));
  await flush();
  t.deepEqual(requests[1]?.inputs, ['good']);
  requests[1]?.answer();
  await flush();
  requests[2]?.refuse(new GraphError('BAD_USER_INPUT', 'This one is bad'));
  t.deepEqual(
    (await ended).map((end) => (end.status === 'fulfilled' ? end.value : end.reason.message)),
    ['good!', 'This one is bad'],
  );
});

test('a server that is away fails all of them at once, and the next ones are asked', async (t) => {
  const { ask, requests } = make({ atATime: 1 });
  const ended = Promise.allSettled([ask('a'), ask('b')]);
  await flush();
  requests[0]?.refuse(new Error('away'));
  t.deepEqual(
    (await ended).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  const next = ask('c');
  await flush();
  requests[1]?.answer();
  t.is(await next, 'c!');
});

test('whoever aborts leaves at once, and is not asked for if nobody was yet', async (t) => {
  const { ask, requests, inputs } = make({ atATime: 1 });
  const stopping = new AbortController();
  const first = ask('a');
  await flush();
  const left = ask('b', stopping.signal);
  stopping.abort(new Error('stopping'));
  await t.throwsAsync(left, { message: 'stopping' });
  requests[0]?.answer();
  await first;
  await flush();
  t.deepEqual(inputs(), ['a']);
});
