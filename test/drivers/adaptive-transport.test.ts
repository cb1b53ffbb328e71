import test from 'ava';
import { createAdaptiveTransport } from '../../drivers/kubernetes/adaptive-transport.js';
import { ThrottledError, UnreachableError } from '../../drivers/kubernetes/errors.js';
import type { ApiRequest, ApiResponse, Transport } from '../../drivers/kubernetes/transport.js';
import { createManualClock } from '../../lib/clock.js';
import { signal } from './steps.js';

const get: ApiRequest = { method: 'GET', path: '/x', signal };
const list: ApiRequest = { ...get, path: '/list', query: { limit: '500' } };
const good: ApiResponse = { status: 200, retryAfterMs: null, body: {} };
const tooMany: ApiResponse = { status: 429, retryAfterMs: null, body: {} };

test('asks for twice as much with every round of good answers, as long as more is wanted', async (t) => {
  const { transport, server } = given();
  const asked = many(transport, 200);
  const rounds: number[] = [];
  await settle();
  while (server.open.length > 0) {
    rounds.push(server.open.length);
    await server.answerAll(good);
  }
  await asked;
  t.deepEqual(rounds.slice(0, 4), [8, 16, 32, 64]);
  t.is(
    rounds.reduce((sum, each) => sum + each),
    200,
  );
});

test('asks for no more when nobody wants more', async (t) => {
  const { transport, server } = given();
  for (let each = 0; each < 50; each += 1) {
    const asked = transport.request(get);
    await server.answerAll(good);
    await asked;
  }
  t.is(transport.load().limit, 8);
});

for (const [title, answer] of [
  ['a 429', tooMany],
  ['a 503', { ...good, status: 503 }],
  ['a 504', { ...good, status: 504 }],
  ['no answer in time', new UnreachableError('it did not answer')],
] as const) {
  test(`asks for half as much after ${title}, once a round, and for one more with each good round`, async (t) => {
    const { transport, server, clock } = given();
    const asked = many(transport, 100);
    await server.answerAll(answer);
    t.is(transport.load().limit, 4);
    t.is(transport.load().slowdowns, 1);
    clock.step(1000);
    await settle();
    const rounds: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      rounds.push(server.open.length);
      await server.answerAll(good);
    }
    t.deepEqual(rounds, [4, 5, 6, 7]);
    await server.drain();
    await asked;
  });
}

test('asks for one thing at a time of a server that takes nothing, and for more once it does', async (t) => {
  const { transport, server, clock } = given();
  const asked = many(transport, 40);
  for (let round = 0; round < 6; round += 1) {
    await server.answerAll(tooMany);
    clock.step(1000);
    await settle();
  }
  t.is(transport.load().limit, 1);
  t.is(server.open.length, 1);
  await server.drain();
  await asked;
  t.true(transport.load().limit > 3);
});

test('sends nothing, and opens no watch, until Retry-After is over', async (t) => {
  const { transport, server, clock } = given();
  const first = transport.request(get);
  await server.answerAll({ ...tooMany, retryAfterMs: 5000 });
  t.is((await first).status, 429);
  t.is(transport.load().heldMs, 5000);
  const asked = many(transport, 3);
  void transport.stream(get, () => {});
  clock.step(4999);
  await settle();
  t.is(server.open.length, 0);
  clock.step(1);
  await settle();
  t.is(server.open.length, 4);
  await server.drain();
  await asked;
});

test('gives up what it cannot send within ten seconds, so that it keeps nobody from other clusters', async (t) => {
  const { transport, server, clock } = given();
  const first = transport.request(get);
  await server.answerAll({ ...tooMany, retryAfterMs: 60_000 });
  await first;
  const error = await t.throwsAsync(transport.request(get), { instanceOf: ThrottledError });
  t.is(error?.message, 'api.test wants to be left alone for 60 s; it is tried again later.');
  t.is(error?.retryAfterMs, 60_000);
  clock.step(60_000);

  const asked = many(transport, 4);
  const late = t.throwsAsync(transport.request(get), { instanceOf: ThrottledError });
  clock.step(10_000);
  t.is((await late)?.message, 'api.test is slower than what it is asked for; it is tried again later.');
  t.is(transport.load().refused, 2);
  t.is(server.open.length, 4);
  await server.drain();
  await asked;
});

test('gives no place to watches and followed logs', async (t) => {
  const { transport, server } = given();
  for (let each = 0; each < 100; each += 1) void transport.stream({ ...get, query: { watch: 'true' } }, () => {});
  void transport.lines(get, async () => {});
  await settle();
  t.is(server.open.length, 101);
  t.is(transport.load().inFlight, 0);
  const asked = transport.request(get);
  await settle();
  t.is(server.open.length, 102);
  await server.drain();
  await asked;
});

test('lets changes go before lists, and some lists nevertheless', async (t) => {
  const { transport, server } = given();
  const asked = [...many(transport, 8).all];
  for (let each = 0; each < 12; each += 1) asked.push(transport.request({ ...list, path: `/list/${each}` }));
  for (let each = 0; each < 30; each += 1) asked.push(transport.request({ ...get, method: 'PATCH', path: '/change' }));
  await server.answerAll(good);
  const paths = server.open.map(({ request }) => request.path);
  t.is(paths.length, 16);
  t.deepEqual(paths.map((path) => path.startsWith('/list')).lastIndexOf(true), 8);
  t.is(paths.filter((path) => path === '/change').length, 15);
  await server.drain();
  await Promise.all(asked);
});

test('frees the place of whoever leaves, waiting or not', async (t) => {
  const { transport, server } = given();
  const stop = new AbortController();
  const left = Array.from({ length: 10 }, () => transport.request({ ...get, signal: stop.signal }).catch(() => 'left'));
  await settle();
  t.is(transport.load().waiting, 2);
  stop.abort(new Error('enough'));
  for (const each of server.open.splice(0)) each.reject(stop.signal.reason);
  t.deepEqual(new Set(await Promise.all(left)), new Set(['left']));
  t.like(transport.load(), { inFlight: 0, waiting: 0, slowdowns: 0 });
});

test('tells of a credential that is refused', async (t) => {
  const { transport, server, refusals } = given();
  const asked = [transport.request(get), transport.stream(get, () => {})];
  await server.answerAll({ ...good, status: 401 });
  await Promise.all(asked);
  t.is(refusals(), 2);
});

test('finds how much a server takes at a time, and stays near it', async (t) => {
  const { transport, server, clock } = given();
  const capacity = 20;
  const seen: number[] = [];
  let refused = 0;
  let answered = 0;
  let isDone = false;
  // Forty who want something all the time, and try again when they are refused.
  const clients = Array.from({ length: 40 }, async () => {
    while (!isDone) {
      const { status } = await transport.request(get);
      if (status === 429) refused += 1;
      else answered += 1;
    }
  });
  for (let round = 0; round < 300; round += 1) {
    await settle();
    seen.push(server.open.length);
    const open = server.open.splice(0);
    for (const [index, each] of open.entries()) each.resolve(index < capacity ? good : { ...tooMany, retryAfterMs: 0 });
    clock.step(10);
  }
  isDone = true;
  await server.drain();
  await Promise.all(clients);
  const later = seen.slice(50);
  const mean = later.reduce((sum, each) => sum + each) / later.length;
  t.true(mean > capacity * 0.6 && mean <= capacity, `${mean} at a time`);
  t.true(refused < answered * 0.02, `${refused} refused of ${answered}`);
});

interface Open {
  readonly request: ApiRequest;
  resolve(answer: ApiResponse): void;
  reject(error: unknown): void;
}

function given() {
  const open: Open[] = [];
  const hold = (request: ApiRequest) =>
    new Promise<ApiResponse>((resolve, reject) => {
      open.push({ request, resolve, reject });
    });
  const inner: Transport = {
    host: 'api.test',
    request: hold,
    stream: (request) => hold(request),
    lines: (request) => hold(request),
    close: async () => {},
  };
  const answerAll = async (answer: ApiResponse | Error) => {
    await settle();
    for (const each of open.splice(0)) {
      if (answer instanceof Error) each.reject(answer);
      else each.resolve(answer);
    }
    await settle();
  };
  const drain = async () => {
    await settle();
    while (open.length > 0) await answerAll(good);
  };
  const clock = createManualClock();
  let refusals = 0;
  const onRefused = () => {
    refusals += 1;
  };
  const transport = createAdaptiveTransport(inner, { clock, onRefused });
  return { transport, server: { open, answerAll, drain }, clock, refusals: () => refusals };
}

function many(transport: Transport, count: number) {
  const all = Array.from({ length: count }, () => transport.request(get).catch((error: unknown) => error));
  return Object.assign(Promise.all(all), { all });
}

/** Lets everything that is ready to run, run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
