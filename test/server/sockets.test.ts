import test, { type ExecutionContext } from 'ava';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createManualClock } from '../../lib/clock.js';
import { defaultLimits } from '../../server/limits.js';
import { eventually } from '../helpers/eventually.js';
import { openStubServer, type StubServer } from './stub.js';

test('answers a live read again when something in it changed, and then alone', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const client = connect(t, server);
  const answers = collect(client, 'subscription { counter(id: "a") { value } }');
  await until(() => answers.length === 1);
  server.graph.set('b', 5);
  server.graph.set('a', 0);
  server.graph.set('a', 1);
  await until(() => answers.length === 2);
  t.deepEqual(answers, [{ data: { counter: { value: 0 } } }, { data: { counter: { value: 1 } } }]);
  t.true(server.graph.reads() <= 3, 'neither what is not in it nor an equal answer costs more than a run');
  await client.dispose();
});

test('leaves no listener behind when a socket closes, however it closes', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const ends: readonly ((client: Client, sockets: readonly WebSocket[]) => unknown)[] = [
    (client) => client.dispose(),
    (_client, sockets) => sockets[0]?.terminate(),
    (_client, sockets) => sockets[0]?.close(4999),
  ];
  for (const end of ends) {
    const sockets: WebSocket[] = [];
    const client = connect(t, server, sockets);
    const live = collect(client, 'subscription { counter(id: "a") { value } }');
    const ticks = collect(client, 'subscription { ticks }');
    await until(() => live.length === 1 && ticks.length === 1);
    t.deepEqual(attached(server), { watchers: 1, listeners: 1 });
    await end(client, sockets);
    await until(() => attached(server).watchers === 0 && attached(server).listeners === 0);
  }
  t.deepEqual(attached(server), { watchers: 0, listeners: 0 });
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  t.true(metrics.includes('portolan_sockets 0'));
  t.true(metrics.includes('portolan_subscriptions 0'));
});

test('leaves no listener behind when a client ends a subscription and keeps its socket', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const client = connect(t, server);
  const iterator = client.iterate({ query: 'subscription { counter(id: "a") { value } }' });
  await iterator.next();
  t.is(attached(server).listeners, 1);
  await iterator.return?.();
  await until(() => attached(server).listeners === 0);
  t.pass();
  await client.dispose();
});

test('closes a socket whose token is not valid with a code that clients do not retry', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  for (const payload of [undefined, {}, { authorization: 'Bearer wrong' }, { authorization: 5 }]) {
    t.is(await closeCodeAfter(server, { type: 'connection_init', payload }), 4401, JSON.stringify(payload));
  }
  t.is(await closeCodeAfter(server, { type: 'subscribe', id: '1', payload: { query: '{ held }' } }), 4401);
});

test('opens no socket for a page of another origin, or under another name', async (t) => {
  const server = await openStubServer({ allowedOrigins: ['https://ui.example.com'] });
  t.teardown(() => server.close());
  t.is(await upgradeStatus(server, { origin: 'https://evil.example.com' }), 403);
  t.is(await upgradeStatus(server, { origin: 'null' }), 403);
  t.is(await upgradeStatus(server, { host: 'rebound.example.net' }), 403);
  t.is(await upgradeStatus(server, { origin: 'http://rebound.example.net', host: 'rebound.example.net' }), 403);
  t.is(await upgradeStatus(server, { origin: server.url }), 101);
  t.is(await upgradeStatus(server, { origin: 'https://ui.example.com' }), 101);
  t.is(await upgradeStatus(server, {}, '/elsewhere'), 404);
});

test('refuses operations on a socket by the same limits and in the same words', async (t) => {
  const server = await openStubServer({ limits: { subscriptionsPerSocket: 2, depth: 3 } });
  t.teardown(() => server.close());
  const client = connect(t, server);
  const codeOf = async (query: string, variables?: Record<string, unknown>) => {
    const result = await client
      .iterate({ query, variables: variables ?? null })
      .next()
      .catch((error: unknown) => error);
    const errors = Array.isArray(result) ? result : (result as { value: { errors: unknown[] } }).value.errors;
    return (errors[0] as { extensions: { code: string } }).extensions.code;
  };
  t.is(await codeOf('subscription { unknown }'), 'BAD_USER_INPUT');
  t.is(await codeOf('subscription { counter(id: "a") { self { self { id } } } }'), 'LIMIT_EXCEEDED');
  t.is(await codeOf('query ($input: Input!) { takes(input: $input) }', { input: 'canary' }), 'BAD_USER_INPUT');
  t.is(await codeOf('{ fails }'), 'INTERNAL');
  const open = [collect(client, 'subscription { ticks }'), collect(client, 'subscription { ticks }')];
  await until(() => open.every((answers) => answers.length === 1));
  t.is(await codeOf('subscription { ticks }'), 'LIMIT_EXCEEDED');
  await client.dispose();
});

test('ends a socket that sends a message larger than the bound', async (t) => {
  const server = await openStubServer({ limits: { messageBytes: 1_000 } });
  t.teardown(() => server.close());
  t.is(await closeCodeAfter(server, { type: 'ping', payload: { padding: 'x'.repeat(2_000) } }), 1009);
});

test('refuses sockets beyond their number', async (t) => {
  const server = await openStubServer({ limits: { sockets: 1 } });
  t.teardown(() => server.close());
  const first = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  await new Promise((resolve) => first.once('open', resolve));
  t.is(await upgradeStatus(server, {}), 503);
  first.terminate();
  await eventually(
    async () => {
      if ((await upgradeStatus(server, {})) !== 101) throw new Error('still full');
    },
    { timeoutMs: 5_000 },
  );
});

test('ends a socket that answers no ping', async (t) => {
  const server = await openStubServer({ limits: { pingMs: 40 } });
  t.teardown(() => server.close());
  const silent = new WebSocket(server.wsUrl, 'graphql-transport-ws', { autoPong: false });
  silent.on('error', () => {});
  await new Promise((resolve) => silent.once('open', resolve));
  const code = await new Promise((resolve) => silent.once('close', resolve));
  t.is(code, 1006);
});

test('ends a socket that does not say who it is', async (t) => {
  const server = await openStubServer({ limits: { initMs: 40 } });
  t.teardown(() => server.close());
  t.is(await closeCodeAfter(server, { type: 'ping' }), 4408);
});

test('a server that stood still does not take for silent who spoke in the meantime', async (t) => {
  const clock = createManualClock();
  const server = await openStubServer({ clock });
  t.teardown(() => server.close());
  const socket = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  const closed = new Promise((resolve) => socket.once('close', (code) => resolve(`closed with ${code}`)));
  await new Promise((resolve) => socket.once('open', resolve));
  const answered = new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)).type)));
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${server.token}` } }));
  // What was sent is not read before the time is over.
  clock.step(defaultLimits.initMs);
  t.is(await Promise.race([answered, closed]), 'connection_ack');
  for (let pings = 1; pings <= 3; pings++) {
    const pinged = new Promise((resolve) => socket.once('ping', () => resolve('pinged')));
    clock.step(defaultLimits.pingMs);
    t.is(await Promise.race([pinged, closed]), 'pinged', `${pings}`);
  }
  socket.terminate();
});

test('ends a socket whose reader is slow by more than the bound', async (t) => {
  const server = await openStubServer({ limits: { bufferedBytes: 1_000 } });
  t.teardown(() => server.close());
  const slow = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  slow.on('error', () => {});
  await new Promise((resolve) => slow.once('open', resolve));
  slow.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${server.token}` } }));
  await new Promise((resolve) => slow.once('message', resolve));
  slow.pause();
  const closed = new Promise((resolve) => slow.once('close', resolve));
  // Pongs are not of one operation, so nothing waits for one before the next is sent.
  for (let sent = 0; sent < 40; sent++)
    slow.send(JSON.stringify({ type: 'ping', payload: { padding: 'x'.repeat(500_000) } }));
  await until(async () =>
    (await (await fetch(`${server.url}/metrics`)).text()).includes('portolan_sockets_ended_total{reason="slow"} 1'),
  );
  slow.resume();
  t.is(await closed, 1006);
});

test('ends sockets and subscriptions when it stops', async (t) => {
  const server = await openStubServer();
  const sockets: WebSocket[] = [];
  const client = connect(t, server, sockets);
  const answers = collect(client, 'subscription { counter(id: "a") { value } }');
  await until(() => answers.length === 1);
  const code = new Promise((resolve) => sockets[0]?.once('close', resolve));
  await server.close();
  t.is(await code, 1001);
  t.deepEqual(attached(server), { watchers: 0, listeners: 0 });
  await client.dispose();
});

/** Also of a test that fails: an open socket would keep its process alive. */
function connect(t: ExecutionContext, server: StubServer, sockets: WebSocket[] = []): Client {
  const client = createClient({
    url: server.wsUrl,
    connectionParams: { authorization: `Bearer ${server.token}` },
    retryAttempts: 0,
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    },
  });
  t.teardown(() => client.dispose());
  return client;
}

/** What a subscription answers, as it comes. */
function collect(client: Client, query: string): unknown[] {
  const answers: unknown[] = [];
  client.subscribe({ query }, { next: (answer) => void answers.push(answer), error: () => {}, complete: () => {} });
  return answers;
}

function attached(server: StubServer) {
  const { watchers, listeners } = server.graph.feed.stats();
  return { watchers, listeners };
}

const until = (condition: () => boolean | Promise<boolean>) =>
  eventually(
    async () => {
      if (!(await condition())) throw new Error('It did not come to that.');
    },
    { timeoutMs: 5_000 },
  );

function closeCodeAfter(server: StubServer, message: object): Promise<unknown> {
  const socket = new WebSocket(server.wsUrl, 'graphql-transport-ws');
  socket.on('error', () => {});
  socket.once('open', () => socket.send(JSON.stringify(message)));
  return new Promise((resolve) => socket.once('close', resolve));
}

function upgradeStatus(
  server: StubServer,
  headers: Readonly<Record<string, string>>,
  path = '/graphql',
): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, 'graphql-transport-ws', { headers });
    socket.on('error', () => {});
    socket.once('unexpected-response', (_request, response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.once('open', () => {
      socket.terminate();
      resolve(101);
    });
  });
}
