import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createAuthority } from './control-plane/certificates.js';

/** What a proxy does to the requests that go through it. */
export type Disturbance =
  | { readonly type: 'slow'; readonly delayMs: number }
  | { readonly type: 'throttle'; readonly retryAfterSeconds: number }
  | { readonly type: 'fail' }
  | { readonly type: 'refuse' }
  /** Every watch is cut so long after it began. */
  | { readonly type: 'cut'; readonly afterMs: number }
  /** Every watch is told that its version is too old; with `isOnce`, the first one at each path. */
  | { readonly type: 'gone'; readonly isOnce: boolean }
  /** Nothing listens. */
  | { readonly type: 'away' }
  /** Its certificate is of an authority that nobody knows. */
  | { readonly type: 'certificate' };

/** Stands in front of an API server, speaks HTTP with both sides, counts what is asked, and disturbs it. */
export interface DisturbingProxy {
  /** Where it listens, for a client: an https URL, or the path of a unix socket. */
  readonly address: string;
  /** Of its own certificate; empty on a unix socket. */
  readonly caPem: string;
  /** From now on, until the next call. Ends all open connections, as a server that is started anew does. null: not at all. */
  disturb(disturbance: Disturbance | null): Promise<void>;
  /** What was asked since the last call of this, and how many connections were opened. */
  take(): Taken;
  /** The same, and it is not taken. */
  seen(): Taken;
  close(): Promise<void>;
}

export interface Taken {
  readonly connections: number;
  readonly requests: readonly SeenRequest[];
}

export interface SeenRequest {
  readonly verb: 'watch' | 'list' | 'get' | 'write' | 'delete';
  readonly path: string;
  /** When it came, in milliseconds from an origin of the process. */
  readonly atMs: number;
}

/** In front of an API server on the network, with a certificate of its own. */
export async function startTlsProxy(target: { readonly server: string; readonly caPem: string }) {
  const { hostname, port } = new URL(target.server);
  const agent = new https.Agent({ keepAlive: true, ca: target.caPem });
  const [known, unknown] = await Promise.all([createAuthority('known'), createAuthority('unknown')]);
  const issue = async (authority: typeof known) => {
    const { certificatePem, privateKeyPem } = await authority.issueServer('proxy', [], ['127.0.0.1']);
    return { cert: certificatePem, key: privateKeyPem };
  };
  const [right, wrong] = [await issue(known), await issue(unknown)];
  return startProxy({
    forward: (options, answer) => https.request({ ...options, agent, hostname, port }, answer),
    create: (listener, disturbance) =>
      https.createServer(disturbance?.type === 'certificate' ? wrong : right, listener),
    listen: (server, address) =>
      new Promise((resolve) => {
        const wanted = address === null ? 0 : Number(new URL(address).port);
        server.listen(wanted, '127.0.0.1', () =>
          resolve(`https://127.0.0.1:${(server.address() as AddressInfo).port}`),
        );
      }),
    caPem: known.certificatePem,
    end: () => agent.destroy(),
  });
}

/** In front of a server on a unix socket, on another one. */
export function startSocketProxy(target: { readonly socketPath: string; readonly proxyPath: string }) {
  const agent = new http.Agent({ keepAlive: true });
  return startProxy({
    forward: (options, answer) => http.request({ ...options, agent, socketPath: target.socketPath }, answer),
    create: (listener) => http.createServer(listener),
    listen: (server) =>
      new Promise((resolve) => {
        server.listen(target.proxyPath, () => resolve(target.proxyPath));
      }),
    caPem: '',
    end: () => agent.destroy(),
  });
}

interface Way {
  forward(options: http.RequestOptions, answer: (response: IncomingMessage) => void): http.ClientRequest;
  create(listener: RequestListener, disturbance: Disturbance | null): Server;
  /** Where it listened before, or null. */
  listen(server: Server, address: string | null): Promise<string>;
  readonly caPem: string;
  end(): void;
}

async function startProxy(way: Way): Promise<DisturbingProxy> {
  let disturbance: Disturbance | null = null;
  let requests: SeenRequest[] = [];
  let connections = 0;
  let gone = new Set<string>();
  const sockets = new Set<Socket>();

  const forward = (request: IncomingMessage, response: ServerResponse) => {
    const { method, url, headers } = request;
    const sent = way.forward({ method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    // A server that gives no answer is seen as one.
    sent.on('error', () => response.destroy());
    response.on('close', () => sent.destroy());
    request.pipe(sent);
  };
  const listener: RequestListener = (request, response) => {
    const seen = seenOf(request);
    requests.push(seen);
    const isWatch = seen.verb === 'watch';
    switch (disturbance?.type) {
      case 'slow':
        return void setTimeout(forward, disturbance.delayMs, request, response);
      case 'throttle': {
        response.setHeader('retry-after', String(disturbance.retryAfterSeconds));
        return answerStatus(response, 429, 'TooManyRequests', 'the server has received too many requests');
      }
      case 'fail':
        return answerStatus(response, 500, 'InternalError', 'Internal error occurred: etcd is not well');
      case 'refuse':
        return answerStatus(response, 401, 'Unauthorized', 'Unauthorized');
      case 'cut':
        if (isWatch) setTimeout(() => response.destroy(), disturbance.afterMs);
        return forward(request, response);
      case 'gone': {
        if (!isWatch || (disturbance.isOnce && gone.has(seen.path))) return forward(request, response);
        gone.add(seen.path);
        const object = { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', message: 'too old' };
        response.writeHead(200, { 'content-type': 'application/json' });
        return void response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      }
      default:
        return forward(request, response);
    }
  };

  let server: Server | null = null;
  let address: string | null = null;
  const open = async () => {
    const opened = way.create(listener, disturbance);
    opened.on('connection', (socket: Socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => sockets.delete(socket));
    });
    address = await way.listen(opened, address);
    server = opened;
    return address;
  };
  const shut = async () => {
    const closing = server;
    server = null;
    const closed = new Promise((resolve) => (closing ? closing.close(resolve) : resolve(null)));
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  return {
    address: await open(),
    caPem: way.caPem,
    async disturb(next) {
      await shut();
      disturbance = next;
      gone = new Set();
      if (next?.type !== 'away') await open();
    },
    seen: () => ({ connections, requests }),
    take() {
      const taken = { connections, requests };
      connections = 0;
      requests = [];
      return taken;
    },
    async close() {
      await shut();
      way.end();
    },
  };
}

function seenOf({ method, url = '/' }: IncomingMessage): SeenRequest {
  const { pathname: path, searchParams } = new URL(url, 'http://proxy');
  return { verb: verbOf(method, searchParams), path, atMs: performance.now() };
}

function verbOf(method: string | undefined, parameters: URLSearchParams): SeenRequest['verb'] {
  if (method === 'DELETE') return 'delete';
  if (method !== 'GET') return 'write';
  if (parameters.get('watch') === 'true') return 'watch';
  return parameters.has('limit') ? 'list' : 'get';
}

function answerStatus(response: ServerResponse, code: number, reason: string, message: string): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message }));
}
