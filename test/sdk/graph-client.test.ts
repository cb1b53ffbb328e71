import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { createGraphClient, type GraphClientOptions } from '../../sdk/graph-client.js';
import { GraphError, ServerUnreachableError } from '../../sdk/graph-error.js';
import { eventually } from '../helpers/eventually.js';
import { type GraphServer, startGraphServer } from './graph-server.js';

interface Numbers {
  readonly numbers: number;
}

const NUMBERS = 'subscription Numbers($after: Int) { numbers(after: $after) }';

async function make(t: ExecutionContext, options: Partial<GraphClientOptions> = {}) {
  const server = await startGraphServer();
  const client = createGraphClient({
    url: server.url,
    token: 'good',
    clock: systemClock,
    log: silentLog,
    reconnectCapMs: 300,
    ...options,
  });
  t.teardown(async () => {
    await client.close();
    await server.close();
  });
  return { server, client };
}

/** Reads on, so that a test can look at what came. */
function collect(numbers: AsyncIterableIterator<Numbers>): { readonly seen: number[]; error: unknown } {
  const result: { seen: number[]; error: unknown } = { seen: [], error: null };
  void (async () => {
    try {
      for await (const value of numbers) result.seen.push(value.numbers);
    } catch (error) {
      result.error = error;
    }
  })();
  return result;
}

function until(check: () => boolean): Promise<void> {
  return eventually(
    () => {
      if (!check()) throw new Error(`Not so: ${check}`);
    },
    { timeoutMs: 10_000 },
  );
}

test('execute gives the data of the answer', async (t) => {
  const { client } = await make(t);
  const answer = await client.execute<{ hello: string }, object>('query ($name: String!) { hello(name: $name) }', {
    name: 'world',
  });
  t.is(answer.hello, 'hello world');
});

test('a refusal is a GraphError with code, details and path', async (t) => {
  const { client } = await make(t);
  const error = await t.throwsAsync(client.execute('{ refuse(code: "CONFLICT") }', {}), { instanceOf: GraphError });
  t.like(error, {
    code: 'CONFLICT',
    message: 'refused with CONFLICT',
    path: ['refuse'],
    details: { next: 'ask nicely' },
  });
});

test('a wrong token is UNAUTHENTICATED, by request and by socket', async (t) => {
  const { client } = await make(t, { token: 'wrong' });
  t.like(await t.throwsAsync(client.execute('{ __typename }', {})), { code: 'UNAUTHENTICATED' });
  const numbers = client.subscribe<Numbers, object>(NUMBERS, {});
  t.like(await t.throwsAsync(numbers.next()), { code: 'UNAUTHENTICATED' });
});

test('no answer is a ServerUnreachableError that says where and what next', async (t) => {
  const { server, client } = await make(t);
  await server.close();
  const error = await t.throwsAsync(client.execute('{ __typename }', {}), { instanceOf: ServerUnreachableError });
  t.is(error?.url, `${server.url}/graphql`);
  t.regex(String(error?.cause), /ECONNREFUSED/);
  t.regex(error?.next ?? '', /portolan up/);
});

test('an answer that is not of GraphQL is shown as what it is', async (t) => {
  const { server } = await make(t);
  const client = createGraphClient({
    url: `${server.url}/teapot/graphql`,
    token: 'good',
    clock: systemClock,
    log: silentLog,
  });
  const error = await t.throwsAsync(client.execute('{ __typename }', {}), { instanceOf: ServerUnreachableError });
  t.regex(String(error?.cause), /418.*I am a proxy/);
  await client.close();
});

test('a request that is not answered in time fails, and one that is aborted throws the reason', async (t) => {
  const { client } = await make(t, { requestTimeoutMs: 50 });
  await t.throwsAsync(client.execute('{ hang }', {}), { instanceOf: ServerUnreachableError });
  const reason = new Error('not wanted any more');
  await t.throwsAsync(client.execute('{ hang }', {}, { signal: AbortSignal.abort(reason) }), { is: reason });
});

test('a subscription outlives its connection: it is sent again and begins from its beginning', async (t) => {
  const { server, client } = await make(t);
  const statuses: string[] = [];
  client.onStatus((status) => statuses.push(status));
  const { seen } = collect(client.subscribe<Numbers, object>(NUMBERS, { after: 100 }));
  await until(() => seen.length === 1);
  server.send(1);
  await until(() => seen.length === 2);
  server.killSockets();
  await until(() => seen.length === 3);
  server.send(2);
  await until(() => seen.length === 4);
  t.deepEqual(seen, [100, 1, 100, 2]);
  t.deepEqual(statuses, ['disconnected', 'connected', 'disconnected', 'connected']);
});

test('a server that is restarted is found again', async (t) => {
  const { server, client } = await make(t);
  const { seen } = collect(client.subscribe<Numbers, object>(NUMBERS, { after: 7 }));
  await until(() => seen.length === 1);
  await server.close();
  const restarted: GraphServer = await startGraphServer(Number(new URL(server.url).port));
  await until(() => seen.length === 2);
  t.deepEqual(seen, [7, 7]);
  await client.close();
  await restarted.close();
});

test('a subscription that the server ends in good order is begun again', async (t) => {
  const { server, client } = await make(t);
  const { seen } = collect(client.subscribe<Numbers, object>(NUMBERS, { after: 7 }));
  await until(() => seen.length === 1);
  server.completeAll();
  await until(() => seen.length === 2);
  t.is(server.subscribed(), 2);
  t.is(server.sockets(), 1, 'on the same connection');
});

test('a subscription that may end gives what waits, and ends with the server', async (t) => {
  const { server, client } = await make(t);
  const numbers = client.subscribe<Numbers, object>(NUMBERS, { after: 7 }, { endsWithServer: true });
  t.is((await numbers.next()).value.numbers, 7);
  server.send(8);
  server.completeAll();
  t.is((await numbers.next()).value.numbers, 8);
  t.true((await numbers.next()).done);
  t.is(server.subscribed(), 1);
});

test('variables as a function are asked at every beginning, so that a cursor can move on', async (t) => {
  const { server, client } = await make(t);
  let cursor = 1;
  const { seen } = collect(client.subscribe<Numbers, object>(NUMBERS, () => ({ after: cursor })));
  await until(() => seen.length === 1);
  cursor = 42;
  server.killSockets();
  await until(() => seen.length === 2);
  t.deepEqual(seen, [1, 42]);
});

test('what a retry cannot mend is thrown; the rest is tried again', async (t) => {
  const { server, client } = await make(t);
  const refused = 'subscription ($code: String!) { refused(code: $code) }';
  for (const code of ['FORBIDDEN', 'CURSOR_EXPIRED', 'BAD_USER_INPUT']) {
    const error = await t.throwsAsync(client.subscribe<Numbers, object>(refused, { code }).next());
    t.like(error, { code });
  }
  const bad = await t.throwsAsync(client.subscribe<Numbers, object>('subscription { nothing }', {}).next());
  t.like(bad, { code: 'BAD_USER_INPUT' });
  const transient = collect(client.subscribe<Numbers, object>(refused, { code: 'INTERNAL' }));
  await client.execute('{ hello(name: "x") }', {});
  t.is(transient.error, null);
  t.is(server.subscribers(), 0);
});

test('a slow reader is detached at its bound, reads what waits, and then begins again', async (t) => {
  const { server, client } = await make(t, { subscriptionLimit: 10 });
  const numbers = client.subscribe<Numbers, object>(NUMBERS, { after: 0 });
  t.is((await numbers.next()).value.numbers, 0);
  for (let value = 1; value <= 50; value += 1) server.send(value);
  await until(() => server.subscribers() === 0);
  const seen: number[] = [];
  for (let reads = 0; reads < 11; reads += 1) seen.push((await numbers.next()).value.numbers);
  t.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0]);
  await numbers.return?.();
});

test('return() and the signal detach at the server and end the reader', async (t) => {
  const { server, client } = await make(t);
  const aborter = new AbortController();
  const first = client.subscribe<Numbers, object>(NUMBERS, {});
  const second = client.subscribe<Numbers, object>(NUMBERS, {}, { signal: aborter.signal });
  await first.next();
  await second.next();
  t.is(server.subscribers(), 2);
  const parked = first.next();
  await first.return?.();
  t.true((await parked).done);
  await until(() => server.subscribers() === 1);
  aborter.abort();
  t.true((await second.next()).done);
  await until(() => server.subscribers() === 0);
});

test('close ends every subscription and leaves no socket', async (t) => {
  const { server, client } = await make(t);
  const numbers = client.subscribe<Numbers, object>(NUMBERS, {});
  await numbers.next();
  await client.close();
  t.true((await numbers.next()).done);
  await until(() => server.sockets() === 0);
});
