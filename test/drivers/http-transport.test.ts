import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { ConnectionCutError, CredentialRefusedError, UnreachableError } from '../../drivers/kubernetes/errors.js';
import { createHttpTransport } from '../../drivers/kubernetes/http-transport.js';
import { createKubernetesDriver } from '../../drivers/kubernetes/kubernetes-driver.js';
import { createManualClock, systemClock } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import { silentLog } from '../../lib/log.js';
import { eventually } from '../helpers/eventually.js';
import { equal, signal } from './steps.js';

test('gives up on a server that does not answer, by the clock', async (t) => {
  let asked = 0;
  const server = await serve(t, () => {
    asked += 1;
  });
  const clock = createManualClock();
  const transport = createHttpTransport({ server }, { clock, requestTimeoutMs: 5000 });
  t.teardown(() => transport.close());
  const request = t.throwsAsync(transport.request({ method: 'GET', path: '/version', signal }), {
    instanceOf: UnreachableError,
    message: /did not answer within 5 s/,
  });
  await eventually(() => equal(asked, 1), { timeoutMs: 10_000 });
  clock.step(5000);
  await request;
});

test('gives up on an answer that stops in the middle', async (t) => {
  const server = await serve(t, (_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{');
    response.destroy();
  });
  await t.throwsAsync(ask(t, server), { instanceOf: UnreachableError, message: /the connection was cut|aborted/ });
});

test('ends a request with the reason of its signal', async (t) => {
  const server = await serve(t, () => {});
  const transport = createHttpTransport({ server }, { clock: systemClock });
  t.teardown(() => transport.close());
  const stop = new AbortController();
  const request = transport.request({ method: 'GET', path: '/version', signal: stop.signal });
  stop.abort(new Error('the lease is lost'));
  await t.throwsAsync(request, { message: 'the lease is lost' });
});

test('reads again, but does not write again, when an idle connection was closed', async (t) => {
  const served: string[] = [];
  const server = await serve(t, (request, response) => {
    served.push(request.method ?? '');
    // The second request on each connection is met by a server that just closed it.
    if (served.length % 2 === 0) request.socket.destroy();
    else response.end('{}');
  });
  const transport = createHttpTransport({ server }, { clock: systemClock });
  t.teardown(() => transport.close());
  const send = (method: 'GET' | 'PATCH') => transport.request({ method, path: '/', signal });
  await send('GET');
  t.is((await send('GET')).status, 200);
  t.deepEqual(served, ['GET', 'GET', 'GET']);
  await t.throwsAsync(send('PATCH'), { instanceOf: UnreachableError });
  t.deepEqual(served, ['GET', 'GET', 'GET', 'PATCH']);
});

test('a reader that leaves a log in the middle disturbs nobody, whether it has come whole or not', async (t) => {
  const server = await serve(t, (request, response) => {
    response.writeHead(200);
    response.write('first\nsecond\n');
    if (request.url?.includes('/whole/')) response.end('third\n');
  });
  const driver = createKubernetesDriver({ server }, { clock: systemClock, log: silentLog });
  t.teardown(() => driver.close());
  const options = {
    container: null,
    follow: false,
    previous: false,
    tailLines: null,
    sinceSeconds: null,
    timestamps: false,
  };
  for (const pod of ['whole', 'whole', 'half', 'whole', 'half']) {
    for await (const line of driver.logs({ ...options, namespace: 'dev', pod, signal })) {
      t.is(line, 'first');
      break;
    }
  }
  const lines: string[] = [];
  for await (const line of driver.logs({ ...options, namespace: 'dev', pod: 'whole', signal })) lines.push(line);
  t.deepEqual(lines, ['first', 'second', 'third']);
});

test('tells a watch that was cut from a server that is away', async (t) => {
  const server = await serve(t, (_request, response) => {
    response.writeHead(200);
    response.write('{"a":1}\n{"a":');
    setImmediate(() => response.destroy());
  });
  const transport = createHttpTransport({ server }, { clock: systemClock });
  t.teardown(() => transport.close());
  const lines: unknown[] = [];
  const watch = transport.stream({ method: 'GET', path: '/', signal }, (line) => lines.push(line));
  await t.throwsAsync(watch, { instanceOf: ConnectionCutError, message: /^The connection to \S+ was cut\.$/ });
  t.deepEqual(lines, [{ a: 1 }]);
});

test('gives up a watch on which nothing comes for longer than bookmarks take, by the clock', async (t) => {
  let say: (line: string) => void = () => {};
  const server = await serve(t, (_request, response) => {
    response.writeHead(200);
    response.flushHeaders();
    say = (line) => void response.write(`${line}\n`);
  });
  const clock = createManualClock();
  const transport = createHttpTransport({ server }, { clock });
  t.teardown(() => transport.close());
  const lines: unknown[] = [];
  const watch = transport.stream({ method: 'GET', path: '/', signal }, (line) => lines.push(line));
  let isCut = false;
  const cut = t.throwsAsync(watch, { instanceOf: ConnectionCutError }).then(() => {
    isCut = true;
  });
  for (let bookmarks = 1; bookmarks <= 5; bookmarks += 1) {
    const before = lines.length;
    await eventually(
      () => {
        say('{"type":"BOOKMARK"}');
        equal(lines.length > before, true);
      },
      { timeoutMs: 10_000 },
    );
    clock.step(100_000);
  }
  t.false(isCut);
  await eventually(
    () => {
      clock.step(150_000);
      equal(isCut, true);
    },
    { timeoutMs: 10_000 },
  );
  await cut;
});

test('keeps the token out of every error', async (t) => {
  const server = await serve(t, (request, response) => {
    response.writeHead(500);
    response.end(
      JSON.stringify({
        kind: 'Status',
        message: `you sent ${request.headers.authorization === undefined ? 'nothing' : 'a token'}`,
      }),
    );
  });
  const driver = createKubernetesDriver({ server, token: 'shells-and-sand' }, { log: silentLog, clock: systemClock });
  t.teardown(() => driver.close());
  const refused = await t.throwsAsync(driver.version(signal), { message: /you sent a token/ });
  const gone = createKubernetesDriver(
    { server: 'http://127.0.0.1:1', token: 'shells-and-sand' },
    { log: silentLog, clock: systemClock },
  );
  const unreachable = await t.throwsAsync(gone.version(signal), {
    message: 'Cannot reach the API server at 127.0.0.1:1: the connection was refused, nothing listens there.',
  });
  for (const error of [refused, unreachable]) {
    t.notRegex(
      `${errorText(error)} ${error?.stack} ${JSON.stringify(error)} ${JSON.stringify(error?.cause)}`,
      /shells/,
    );
  }
});

test('says at once that a certificate cannot be read, without showing it', (t) => {
  const access = { server: 'https://203.0.113.7:6443', clientCertificate: 'shells', clientKey: 'sand' };
  const error = t.throws(() => createKubernetesDriver(access, { log: silentLog, clock: systemClock }), {
    instanceOf: CredentialRefusedError,
    message: /^Cannot log in to 203\.0\.113\.7:6443\. .* cannot be read as PEM/,
  });
  t.notRegex(errorText(error), /shells|sand/);
});

test('says that a server speaks no TLS', async (t) => {
  const server = await serve(t, (_request, response) => void response.end());
  const driver = createKubernetesDriver(
    { server: server.replace('http:', 'https:') },
    { log: silentLog, clock: systemClock },
  );
  t.teardown(() => driver.close());
  await t.throwsAsync(driver.version(signal), {
    instanceOf: UnreachableError,
    message: /does not speak TLS|TLS could not be agreed on/,
  });
});

test('takes a web server that is no API server for what it is', async (t) => {
  const server = await serve(t, (_request, response) => void response.end('<html>hello</html>'));
  const driver = createKubernetesDriver({ server }, { log: silentLog, clock: systemClock });
  t.teardown(() => driver.close());
  await t.throwsAsync(driver.version(signal), { message: /not like a Kubernetes API server/ });
  const list = driver.list(
    { apiVersion: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true },
    { selector: '', signal },
  );
  await t.throwsAsync(list, { message: /the answer is not a list/ });
});

async function ask(t: ExecutionContext, server: string) {
  const transport = createHttpTransport({ server }, { clock: systemClock });
  t.teardown(() => transport.close());
  return transport.request({ method: 'GET', path: '/', signal });
}

async function serve(t: ExecutionContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
