import { request } from 'node:http';
import { connect } from 'node:net';
import test from 'ava';
import { serverAudits } from 'graphql-http';
import { eventually } from '../helpers/eventually.js';
import { recordingLog } from './recording-log.js';
import { openStubServer } from './stub.js';

test('passes every audit of GraphQL over HTTP without error or warning', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const audits = serverAudits({
    url: `${server.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${server.token}` } }),
  });
  const failures: string[] = [];
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status === 'error' || result.status === 'warn')
      failures.push(`${result.status}: ${audit.name}: ${result.reason}`);
    if (result.status === 'notice') t.log(`notice: ${audit.name}: ${result.reason}`);
  }
  t.true(audits.length > 50);
  t.deepEqual(failures, []);
});

test('asks nobody in without a valid token, not even from loopback', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  for (const authorization of ['', 'Bearer wrong', 'Basic c3R1Yi10b2tlbg==', `Bearer ${server.token}x`]) {
    const response = await server.post({ query: '{ counter(id: "a") { value } }' }, { authorization });
    t.is(response.status, 401, authorization);
    t.is(response.headers.get('www-authenticate'), 'Bearer realm="portolan"');
    t.is(await codeOf(response), 'UNAUTHENTICATED');
  }
  t.is(server.graph.reads(), 0);
});

test('answers under its own names alone', async (t) => {
  const server = await openStubServer({ allowedHosts: ['graph.example.com'] });
  t.teardown(() => server.close());
  const statusUnder = (host: string, path = '/metrics') => rawStatus(server.port, path, { host });
  t.is(await statusUnder(`127.0.0.1:${server.port}`), 200);
  t.is(await statusUnder('localhost'), 200);
  t.is(await statusUnder('[::1]:99'), 200);
  t.is(await statusUnder('graph.example.com'), 200);
  t.is(await statusUnder('rebound.example.net'), 403);
  t.is(await statusUnder('localhost.example.net'), 403);
  t.is(await statusUnder('localhost@example.net'), 403);
  t.is(await statusUnder('10.1.2.3:8080', '/healthz'), 200, 'probes of a cluster come by address');
});

test('lets no page of another origin query', async (t) => {
  const server = await openStubServer({ allowedOrigins: ['https://ui.example.com'] });
  t.teardown(() => server.close());
  const query = { query: 'mutation { setCounter(id: "a", value: 1) { value } }' };
  for (const origin of [
    'https://evil.example.com',
    'null',
    `http://127.0.0.1:${server.port + 1}`,
    'https://ui.example.com.evil.com',
  ]) {
    const response = await server.post(query, { origin });
    t.is(response.status, 403, origin);
    t.is(await codeOf(response), 'FORBIDDEN');
    t.is(response.headers.get('access-control-allow-origin'), null);
  }
  const own = await server.post({ query: '{ counter(id: "a") { value } }' }, { origin: server.url });
  t.deepEqual(await own.json(), { data: { counter: { value: 0 } } });

  const allowed = await server.post({ query: '{ counter(id: "a") { value } }' }, { origin: 'https://ui.example.com' });
  t.is(allowed.status, 200);
  t.is(allowed.headers.get('access-control-allow-origin'), 'https://ui.example.com');
  const preflight = await fetch(`${server.url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin: 'https://ui.example.com' },
  });
  t.is(preflight.status, 204);
  t.is(preflight.headers.get('access-control-allow-headers'), 'authorization, content-type');
});

test('refuses what a form of another page could send', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const body = JSON.stringify({ query: 'mutation { setCounter(id: "a", value: 1) { value } }' });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const response = await server.post(body, { 'content-type': type });
    t.is(response.status, 400, type);
    t.is(await codeOf(response), 'BAD_USER_INPUT');
  }
  const get = await fetch(
    `${server.url}/graphql?query=${encodeURIComponent('mutation { setCounter(id: "a", value: 1) { value } }')}`,
    {
      headers: { authorization: `Bearer ${server.token}` },
    },
  );
  t.is(get.status, 405);
  t.is(server.graph.feed.stats().seq, 0n);
});

test('tells malformed requests what is wrong with them, without repeating them', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const canary = 'canary-7f3a';
  const cases = [
    { title: 'no JSON', body: `{"query": "${canary}`, status: 400 },
    { title: 'no query', body: { variables: { word: canary } }, status: 400 },
    { title: 'syntax', body: { query: `{ counter(id: "${canary}" }` }, status: 200 },
    { title: 'a string where the syntax has none', body: { query: `{ "${canary}" }` }, status: 200 },
    { title: 'unknown field', body: { query: '{ unknown }' }, status: 200 },
    { title: 'literal of another type', body: { query: `{ takes(input: { size: "${canary}" }) }` }, status: 200 },
    { title: 'unknown operation', body: { query: 'query A { held }', operationName: 'B' }, status: 200 },
    { title: 'subscription', body: { query: 'subscription { ticks }' }, status: 200 },
  ];
  for (const { title, body, status } of cases) {
    const response = await server.post(body);
    t.is(response.status, status, title);
    const text = await response.text();
    t.false(text.includes(canary), text);
    const { errors } = JSON.parse(text);
    t.is(errors[0].extensions.code, 'BAD_USER_INPUT', title);
    t.deepEqual(
      Object.keys(errors[0].extensions).filter((key) => !['code', 'next', 'path'].includes(key)),
      [],
      title,
    );
  }
});

test('tells the path of a variable that cannot be used, without its value', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const query = 'query ($input: Input!) { takes(input: $input) }';
  const canary = 'canary-9b1c';
  const cases = [
    { input: { size: canary }, path: ['input', 'size'], says: 'it is no Int.' },
    { input: { size: 1, word: { secret: canary } }, path: ['input', 'word'], says: 'it is no String.' },
    { input: { size: 1, extra: canary }, path: ['input'], says: 'Field "extra" is not defined by type "Input".' },
    {
      input: { size: 1, choice: 'thre' },
      path: ['input', 'choice'],
      says: 'Value "thre" does not exist in "Choice" enum.',
    },
    { input: { word: canary }, path: ['input'], says: 'Field "size" of required type "Int!" was not provided.' },
    { input: canary, path: ['input'], says: 'Expected type "Input" to be an object.' },
    { input: null, path: ['input'], says: 'it is required, of type "Input!".' },
  ];
  for (const { input, path, says } of cases) {
    const response = await server.post({ query, variables: { input } });
    const text = await response.text();
    t.false(text.includes(canary), text);
    const [error] = JSON.parse(text).errors;
    t.deepEqual(error.extensions.path, path);
    t.true(error.message.endsWith(says), error.message);
    t.is(error.extensions.code, 'BAD_USER_INPUT');
  }
  const none = await server.post({ query });
  t.is(none.status, 200);
  t.deepEqual((await firstErrorOf(none)).extensions.path as unknown, ['input']);
});

test('names the bound that a request passes', async (t) => {
  const server = await openStubServer({
    limits: { depth: 5, fields: 20, aliases: 3, queryBodyBytes: 2_000, mutationBodyBytes: 10_000 },
  });
  t.teardown(() => server.close());
  const deep = `{ counter(id: "a") ${'{ self '.repeat(5)} { id } ${'}'.repeat(5)} }`;
  const spread = `{ counter(id: "a") { ...A } } fragment A on Counter { self { ...B } } fragment B on Counter { self { self { self { id } } } }`;
  const aliased = `{ counter(id: "a") { a: id b: id c: id d: id } }`;
  const wide = `{ counter(id: "a") { ${'...F '.repeat(11)} } } fragment F on Counter { id value }`;
  const cases = [
    { title: 'depth', query: deep, says: 'levels of fields; at most 5' },
    { title: 'depth through fragments', query: spread, says: 'levels of fields; at most 5' },
    { title: 'aliases', query: aliased, says: '4 aliased fields; at most 3' },
    { title: 'fields', query: wide, says: 'fields; at most 20' },
    { title: 'a large query', query: '{ held }', padding: 'x'.repeat(3_000), says: 'larger than' },
  ];
  for (const { title, query, says, padding } of cases) {
    const response = await server.post({ query, variables: { padding } });
    t.is(response.status, 413, title);
    const error = await firstErrorOf(response);
    t.is(error.extensions.code, 'LIMIT_EXCEEDED', title);
    t.true(error.message.includes(says), error.message);
  }
  const mutation = 'mutation ($padding: String) { setCounter(id: "a", value: 1, padding: $padding) { value } }';
  t.is((await server.post({ query: mutation, variables: { padding: 'x'.repeat(5_000) } })).status, 200);
  t.is((await server.post({ query: mutation, variables: { padding: 'x'.repeat(20_000) } })).status, 413);
  t.is(server.graph.feed.stats().seq, 1n);
});

test('answers while a body that is too large is still being sent', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const large = JSON.stringify({ query: '{ held }', variables: { padding: 'x'.repeat(17 * 1024 ** 2) } });
  const known = await server.post(large);
  t.is(known.status, 413);
  t.is((await firstErrorOf(known)).extensions.code, 'LIMIT_EXCEEDED');
  t.is((await server.post(large, { authorization: 'Bearer wrong' })).status, 401);
  const unannounced = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.token}` },
    body: new Blob([large]).stream(),
    duplex: 'half',
  });
  t.is(unannounced.status, 413);
});

test('hides a defect behind an id that is in the log', async (t) => {
  const { log, lines } = recordingLog();
  const server = await openStubServer({ log });
  t.teardown(() => server.close());
  const response = await server.post({ query: 'query ($s: String) { fails(secret: $s) }', variables: { s: 'x' } });
  const error = await firstErrorOf(response);
  t.is(error.extensions.code, 'INTERNAL');
  t.false(JSON.stringify(error).includes('defect near'));
  t.deepEqual(lines.filter((line) => line.includes(error.extensions.id ?? '')).length, 1);
});

test('says whether the process lives and whether it can serve', async (t) => {
  let isAway = false;
  const server = await openStubServer({
    readiness: {
      database: async () => {
        if (isAway) throw new Error('away');
        return 'ok';
      },
    },
  });
  t.teardown(() => server.close());
  const status = async (path: string) => (await fetch(`${server.url}${path}`)).status;
  t.is(await status('/readyz'), 200);
  isAway = true;
  t.is(await status('/readyz'), 503);
  t.is(await status('/healthz'), 200);
  isAway = false;
  t.is(await status('/readyz'), 200);
});

test('counts operations by name and code, in a bounded number of series', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  await server.post({ query: 'query Read { counter(id: "a") { value } }' });
  await server.post({ query: 'query Broken { fails }' });
  await server.post({ query: '{' });
  await Promise.all(
    Array.from({ length: 300 }, (_, index) => server.post({ query: `query N${index} { counter(id: "a") { id } }` })),
  );
  const text = await (await fetch(`${server.url}/metrics`)).text();
  t.true(text.includes('portolan_operations_total{operation="Read",type="query",code="OK"} 1'));
  t.true(text.includes('portolan_operations_total{operation="Broken",type="query",code="INTERNAL"} 1'));
  t.true(text.includes('portolan_operations_total{operation="anonymous",type="unknown",code="BAD_USER_INPUT"} 1'));
  t.true(text.includes('portolan_feed_seq 0'));
  t.true(text.includes('process_cpu_seconds_total'));
  t.regex(text, /^nodejs_eventloop_active_seconds_total [\d.]*[1-9]/m);
  t.true((text.match(/^portolan_operations_total\{/gm)?.length ?? 0) < 250);
});

test('takes the next port when its own is taken', async (t) => {
  const { log, lines } = recordingLog();
  const first = await openStubServer();
  t.teardown(() => first.close());
  const second = await openStubServer({ port: first.port, log });
  t.teardown(() => second.close());
  t.not(second.port, first.port);
  t.true(second.url.endsWith(`:${second.port}`));
  t.is((await second.post({ query: '{ counter(id: "a") { id } }' })).status, 200);
  t.true(lines.some((line) => line.includes(String(first.port)) && line.includes(String(second.port))));
});

test('lets open requests end when it stops, and takes no new ones', async (t) => {
  const server = await openStubServer();
  const held = server.post({ query: '{ held }' });
  await eventually(() => void (server.graph.held() === 1 || fail('not held yet')), { timeoutMs: 5_000 });
  const closed = server.close();
  await t.throwsAsync(server.post({ query: '{ held }' }));
  server.graph.release();
  t.deepEqual(await (await held).json(), { data: { held: 1 } });
  await closed;
});

test('cuts off a request that does not end in time when it stops', async (t) => {
  const server = await openStubServer({ limits: { drainMs: 50 } });
  const held = server.post({ query: '{ held }' });
  await eventually(() => void (server.graph.held() === 1 || fail('not held yet')), { timeoutMs: 5_000 });
  const closed = server.close();
  await t.throwsAsync(held);
  await closed;
  server.graph.release();
});

test('does not wait for a connection that never asked anything when it stops', async (t) => {
  const server = await openStubServer({ limits: { drainMs: 60_000 } });
  const socket = connect(server.port, '127.0.0.1');
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  // Asked and answered on another connection, so that the server has seen the silent one by now.
  t.is(await rawStatus(server.port, '/healthz', {}), 200);
  await server.close();
  await ended;
  t.true(socket.destroyed);
});

test('shows a browser no page of anybody else', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const response = await fetch(`${server.url}/graphql`, {
    headers: { accept: 'text/html', authorization: `Bearer ${server.token}` },
  });
  t.is(response.status, 406);
  t.false((await response.text()).includes('<html'));
});

test('serves the explorer from its own files, which may load nothing else', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const page = await fetch(server.url);
  t.is(page.status, 200);
  t.true(page.headers.get('content-security-policy')?.includes("default-src 'none'"));
  t.is(page.headers.get('x-content-type-options'), 'nosniff');
  t.is(page.headers.get('x-frame-options'), 'DENY');
  const html = await page.text();
  const parts = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
  t.true(parts.length >= 2);
  for (const path of parts) t.is((await fetch(`${server.url}${path}`)).status, 200, path);
  t.false(/https?:\/\//.test(html));
});

interface SeenError {
  readonly message: string;
  readonly extensions: Readonly<Record<string, string>>;
}

async function firstErrorOf(response: Response): Promise<SeenError> {
  const { errors } = (await response.json()) as { readonly errors: readonly SeenError[] };
  return errors[0] ?? fail('There is no error in the answer.');
}

async function codeOf(response: Response): Promise<unknown> {
  return (await firstErrorOf(response)).extensions.code;
}

/** fetch sets Host by itself. */
function rawStatus(port: number, path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once('error', reject);
    sent.end();
  });
}

function fail(message: string): never {
  throw new Error(message);
}
