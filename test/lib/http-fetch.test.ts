import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { createHttpFetch } from '../../lib/node/http-fetch.js';

const request = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  signal: new AbortController().signal,
} as const;

/** Answers with what it was sent; to `hang` not at all. */
async function startEcho(t: ExecutionContext): Promise<{ readonly url: string; connections(): number }> {
  let connections = 0;
  const server = createServer((asked, answer) => {
    let body = '';
    asked.on('data', (chunk) => {
      body += chunk;
    });
    asked.on('end', () => body !== 'hang' && answer.writeHead(202).end(`${asked.method} ${body}`));
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, connections: () => connections };
}

test('answers have the status and the text that were sent, over a connection that is kept', async (t) => {
  const { url, connections } = await startEcho(t);
  const post = createHttpFetch();
  for (const body of ['a', 'ü', 'c']) {
    const answer = await post(url, { ...request, body });
    t.is(answer.status, 202);
    t.is(await answer.text(), `POST ${body}`);
  }
  t.is(connections(), 1);
});

test('a request ends when its signal aborts, and one to nobody fails', async (t) => {
  const { url } = await startEcho(t);
  const post = createHttpFetch();
  const stopping = new AbortController();
  const asked = post(url, { ...request, body: 'hang', signal: stopping.signal });
  setImmediate(() => stopping.abort(new Error('It is over')));
  await t.throwsAsync(asked, { message: 'It is over' });
  await t.throwsAsync(post('http://127.0.0.1:1/graphql', { ...request, body: '' }), { code: 'ECONNREFUSED' });
});
