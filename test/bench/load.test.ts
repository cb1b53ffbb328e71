import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import type { LoadRequest } from '../../bench/harness/load-plan.js';
import { runLoad } from '../../bench/harness/run-load.js';

async function serve(t: ExecutionContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const post = (body: string, more: Partial<LoadRequest> = {}): LoadRequest => ({
  method: 'POST',
  path: '/',
  headers: {},
  body,
  ...more,
});

const echo: RequestListener = (request, response) => {
  // In two pieces and without a length, so that the answer is chunked.
  request.on('data', (chunk) => response.write(chunk));
  request.on('end', () => response.end('!'));
};

test('every request is asked once, over as many connections as wanted, with its own number', async (t) => {
  const bodies: string[] = [];
  const connections = new Set<number>();
  const url = await serve(t, async (request, response) => {
    connections.add(request.socket.remotePort ?? 0);
    for await (const chunk of request) bodies.push(String(chunk));
    response.end('{}');
  });
  const result = await runLoad({ url, connections: 4, count: 40, requests: [post('n{{n}}')] });
  t.like(result, { completed: 40, errors: 0, firstError: null, bytes: 80 });
  t.deepEqual(bodies.sort(), Array.from({ length: 40 }, (_, index) => `n${index}`).sort());
  t.is(connections.size, 4);
});

test('connections that take turns ask everything in order, each for itself', async (t) => {
  const bodies: string[] = [];
  const url = await serve(t, async (request, response) => {
    for await (const chunk of request) bodies.push(String(chunk));
    response.end('{}');
  });
  await runLoad({
    url,
    connections: 2,
    count: 8,
    firstTurn: 5,
    requests: [post('a{{c}}-{{t}}'), post('b{{c}}-{{t}}')],
  });
  const of = (connection: number) => bodies.filter((body) => body[1] === String(connection));
  t.deepEqual(of(0), ['a0-5', 'b0-5', 'a0-6', 'b0-6']);
  t.deepEqual(of(1), ['a1-5', 'b1-5', 'a1-6', 'b1-6']);
});

test('an answer that is not the expected one, byte by byte, is an error', async (t) => {
  const url = await serve(t, echo);
  const right = await runLoad({ url, connections: 1, count: 3, requests: [post('yes', { expected: 'yes!' })] });
  t.is(right.errors, 0);
  const wrong = await runLoad({ url, connections: 1, count: 3, requests: [post('yes', { expected: 'yes?' })] });
  t.like(wrong, { errors: 3, firstError: '200 yes!' });
  const lacking = await runLoad({ url, connections: 1, count: 1, requests: [post('yes', { contains: 'no' })] });
  t.is(lacking.errors, 1);
});

test('a connection that breaks is an error of that request alone', async (t) => {
  let asked = 0;
  const url = await serve(t, (request, response) => {
    asked += 1;
    if (asked === 2) request.socket.destroy();
    else response.end('{}');
  });
  const result = await runLoad({ url, connections: 1, count: 5, requests: [post('')] });
  t.like(result, { completed: 5, errors: 1 });
});

test('an open loop counts latency from when a request was meant to be sent', async (t) => {
  const url = await serve(t, (_request, response) => void setTimeout(() => response.end('{}'), 20));
  const result = await runLoad({ url, connections: 1, count: 10, perSecond: 1_000, requests: [post('')] });
  t.true(result.maxMs > 100, 'the last one waited for the nine before it');
});
