import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../lib/clock.js';
import { errorText } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import { type Access, urlHost } from './access.js';
import { answer, answerErrors } from './answer.js';
import type { Limits } from './limits.js';
import { listen } from './listen.js';

export interface Route {
  readonly methods: readonly string[];
  /** Says nothing but a word of health, so it is answered under any name: probes of a cluster come by address. */
  readonly isProbe?: boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void> | void;
}

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** By path. */
  readonly routes: Readonly<Record<string, Route>>;
  readonly access: Access;
  /** Takes a connection that asks to become a WebSocket at `path`, after Host and Origin were checked. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
}

export interface HttpServer {
  /** As people type it: `http://127.0.0.1:7420`. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, lets open requests end for at most `limits.drainMs`, then cuts them off. */
  close(): Promise<void>;
}

/** Binds and serves. Rejects when the address cannot be bound. */
export async function openHttpServer(options: HttpOptions): Promise<HttpServer> {
  const { limits, access, log, routes } = options;
  let isClosing = false;
  /** Connections that have not asked anything yet: Node does not count them as idle, and would wait for them. */
  const silent = new Set<Duplex>();

  const server = createServer(
    { requestTimeout: limits.requestMs, headersTimeout: Math.min(limits.requestMs, 10_000), keepAliveTimeout: 65_000 },
    (request, response) => {
      silent.delete(request.socket);
      if (isClosing) response.setHeader('connection', 'close');
      // A connection that was busy at the stop is idle once its answer is out, and would linger as kept alive.
      response.once('close', () => void (isClosing && setImmediate(() => server.closeIdleConnections())));
      serve(request, response).catch((error: unknown) => {
        log.error('A request failed by a defect', { path: pathOf(request), reason: errorText(error) });
        answer(response, 500, text, 'Something went wrong in the server.\n');
      });
    },
  );

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = pathOf(request);
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route?.isProbe) {
      const refusal = access.refuseHost(request) ?? access.refuseOrigin(request);
      if (refusal !== null) return refuse(request, response, refusal);
    }
    if (!route)
      return answer(response, 404, text, `There is nothing at ${path.slice(0, 100)}. The graph is at /graphql.\n`);
    const origin = access.foreignOrigin(request);
    if (origin !== null) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('vary', 'origin');
      if (request.method === 'OPTIONS') return answer(response, 204, preflight, '');
    }
    if (!route.methods.includes(request.method ?? '')) {
      const allow = route.methods.join(', ');
      return answer(response, 405, { ...text, allow }, `${path} is served to ${allow} alone.\n`);
    }
    await route.handle(request, response);
  };

  // Listeners are told their socket as `this`, so all share them: what waits there for weeks is to take little.
  function forget(this: Duplex): void {
    silent.delete(this);
  }
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.on('close', forget);
  });
  server.on('upgrade', (request, socket, head) => {
    silent.delete(request.socket);
    request.socket.off('close', forget);
    socket.on('error', destroyIt);
    const refusal = access.refuseHost(request) ?? access.refuseOrigin(request);
    if (refusal !== null) return refuseUpgrade(socket, '403 Forbidden', refusal);
    if (pathOf(request) !== '/graphql')
      return refuseUpgrade(socket, '404 Not Found', 'Sockets are served at /graphql.');
    if (isClosing) return refuseUpgrade(socket, '503 Service Unavailable', 'The server is stopping.');
    options.upgrade(request, socket, head);
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
  });

  const port = await listen(server, options.host, options.port, log);
  server.on('error', (error) => log.error('The listening socket failed', { reason: errorText(error) }));
  const name = everyAddress.has(options.host) ? '127.0.0.1' : urlHost(options.host);

  return {
    url: `http://${name}:${port}`,
    port,
    async close() {
      if (isClosing) return;
      isClosing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      for (const socket of silent) socket.destroy();
      const cancel = options.clock.after(limits.drainMs, () => server.closeAllConnections());
      await closed;
      cancel();
    },
  };
}

const text = { 'content-type': 'text/plain; charset=utf-8' };

const everyAddress = new Set(['0.0.0.0', '::']);

const preflight = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '600',
};

function destroyIt(this: Duplex): void {
  this.destroy();
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function refuse(request: IncomingMessage, response: ServerResponse, message: string): void {
  answerErrors(request, response, [{ message, extensions: { code: 'FORBIDDEN' } }], 403, { connection: 'close' });
}

function refuseUpgrade(socket: Duplex, status: string, message: string): void {
  const body = `${message}\n`;
  const head = [`HTTP/1.1 ${status}`, 'connection: close', 'content-type: text/plain; charset=utf-8'];
  socket.end(`${[...head, `content-length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`);
}
