import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Log } from '../../lib/log.js';
import { UnreachableError as CloudUnreachableError } from '../cloud/errors.js';
import { UnreachableError } from '../kubernetes/errors.js';
import type { ApiResponse } from '../kubernetes/transport.js';
import type { CloudCall, CloudRequest } from './cloud/cloud-call.js';
import { parseCloudScope } from './cloud/cloud-scope.js';
import type { ControlCall, SandboxControl } from './control.js';
import type { SandboxWorld, WorldRequest } from './world.js';
import { createWorldControl } from './world-control.js';

export interface SandboxServer {
  readonly socketPath: string;
  close(): Promise<void>;
}

export interface SandboxServerOptions {
  /**
   * Called once, as soon as the socket is ours and before the first request is looked at: whoever had the socket before
   * cannot answer anybody any more, so what it left behind is complete.
   */
  readonly openWorld: () => SandboxWorld;
  /** Nobody must listen there. */
  readonly socketPath: string;
  readonly log: Log;
}

/**
 * Serves a world over a unix socket: `/clusters/NAME/...` is that cluster's Kubernetes API, watches as lines of JSON;
 * `/cloud` is the cloud, a CloudRequest in each request; POST `/control` takes calls of SandboxControl; GET `/hold` answers with the process id and stays open as long as the process lives.
 */
export async function createSandboxServer(options: SandboxServerOptions): Promise<SandboxServer> {
  const { socketPath, log } = options;
  let world: SandboxWorld;
  let control: SandboxControl;
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // An API server that is down gives no answer at all.
      if (!isSilence(error) && !response.destroyed) {
        log.error('the sandbox failed at a request', { url: request.url, error: String(error) });
      }
      cut(request, response);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    if (url.pathname === '/hold') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`${JSON.stringify({ pid: process.pid })}\n`);
      return;
    }
    const text = await readAll(request);
    if (url.pathname === '/control') {
      await callControl(text, response);
      return;
    }
    if (url.pathname === '/cloud') {
      const asked = toCloudRequest(request, url, text);
      const { signal } = toApiRequest(request, response, '/', url, '');
      send(response, 200, null, await world.cloud.request(asked, signal));
      return;
    }
    const [, cluster, path] = /^\/clusters\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
    if (cluster === undefined || path === undefined) {
      send(response, 404, null, { message: 'no such path' });
      return;
    }
    await callApi(decodeURIComponent(cluster), toApiRequest(request, response, path, url, text), response);
  };

  const callControl = async (text: string, response: ServerResponse) => {
    const { method, args } = JSON.parse(text) as ControlCall;
    try {
      const action = control[method] as (...args: readonly unknown[]) => Promise<unknown>;
      send(response, 200, null, { ok: true, value: await action(...args.map((arg) => arg ?? undefined)) });
    } catch (error) {
      send(response, 200, null, { ok: false, value: error instanceof Error ? error.message : String(error) });
    }
  };

  const callLog = async (cluster: string, request: WorldRequest, response: ServerResponse) => {
    const refused = await world.lines(cluster, request, async (lines) => {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders();
      const isTaken = response.write(lines.map((line) => `${line}\n`).join(''));
      if (isTaken || response.destroyed) return;
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    });
    if (!refused) response.end();
    else if (refused.status === 204) response.writeHead(204).end();
    else send(response, refused.status, refused.retryAfterMs, refused.body);
  };

  const callApi = async (cluster: string, request: WorldRequest, response: ServerResponse) => {
    if (request.method === 'GET' && request.path.endsWith('/log')) {
      await callLog(cluster, request, response);
      return;
    }
    if (request.query?.watch !== 'true') {
      const { status, retryAfterMs, body } = await world.request(cluster, request);
      send(response, status, retryAfterMs, body);
      return;
    }
    const begin = () => {
      if (response.headersSent) return;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
    };
    // What a watch has to say at once is said before it returns: only then is it known to be no refusal.
    let refused: ApiResponse | null = null;
    const watching = world.stream(cluster, request, (line) => {
      begin();
      response.write(`${JSON.stringify(line)}\n`);
    });
    const outcome = watching.then((answer) => {
      refused = answer;
    });
    await Promise.race([outcome, new Promise((resolve) => setImmediate(resolve))]);
    if (refused === null) begin();
    await outcome;
    const answer = refused as ApiResponse | null;
    if (answer && !response.headersSent) send(response, answer.status, answer.retryAfterMs, answer.body);
    else response.end();
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: socketPath, backlog: 4096 }, () => {
      try {
        world = options.openWorld();
        control = createWorldControl(world);
        resolve();
      } catch (error) {
        server.close();
        reject(error);
      }
    });
  });
  return {
    socketPath,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Longer than clients keep idle connections, so that it is they who close them. */
const KEEP_ALIVE_MS = 120_000;

function toApiRequest(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  url: URL,
  text: string,
): WorldRequest {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const { 'content-type': contentType, accept, authorization } = request.headers;
  return {
    method: (request.method ?? 'GET') as WorldRequest['method'],
    path,
    query: Object.fromEntries(url.searchParams),
    ...(text ? { body: JSON.parse(text) as unknown } : {}),
    ...(contentType === undefined ? {} : { contentType }),
    ...(accept === undefined ? {} : { accept }),
    ...(authorization === undefined ? {} : { token: authorization.replace(/^Bearer /, '') }),
    signal: left.signal,
  };
}

function toCloudRequest(request: IncomingMessage, url: URL, text: string): CloudRequest {
  const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
  return { ...parseCloudScope(token), call: JSON.parse(text || (url.searchParams.get('call') ?? '')) as CloudCall };
}

/** What was not answered because nobody was there to answer. */
function isSilence(error: unknown): boolean {
  return error instanceof UnreachableError || error instanceof CloudUnreachableError;
}

/**
 * Ends a request without an answer. It begins one first: a client may send a read again, unseen, when a connection
 * goes before that, and what is told to fail once shall be seen to fail once. A watch that began would have been one.
 */
function cut(request: IncomingMessage, response: ServerResponse): void {
  if (!response.headersSent && !request.url?.includes('watch=true')) {
    response.writeHead(200, { 'content-length': '1' });
    response.flushHeaders();
  }
  setImmediate(() => response.destroy());
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, retryAfterMs: number | null, body: unknown): void {
  const retry = retryAfterMs === null ? {} : { 'retry-after': String(retryAfterMs / 1000) };
  response.writeHead(status, { 'content-type': 'application/json', ...retry });
  response.end(JSON.stringify(body));
}
