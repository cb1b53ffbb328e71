import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import { handleProtocols } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../lib/clock.js';
import { errorText } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import { afterReads } from './after-reads.js';
import type { Authenticate } from './bearer.js';
import type { Documents } from './documents.js';
import type { FormatError } from './format-error.js';
import type { Limits } from './limits.js';
import type { Metrics } from './metrics.js';
import type { Operations } from './operations.js';
import { startPings } from './pings.js';
import { startRechecks } from './rechecks.js';
import { Session } from './session.js';

/** All WebSockets: graphql-transport-ws, one operation or many on each. */
export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stats(): { readonly sockets: number; readonly subscriptions: number };
  /** Ends every operation and socket, with 1001 "Going away". Clients come back to another server, or later. */
  close(): Promise<void>;
}

export interface SocketsOptions {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly operations: Operations;
  readonly authenticate: Authenticate;
  readonly formatError: FormatError;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function createSockets(options: SocketsOptions): Sockets {
  const { limits, clock, log, metrics } = options;
  const all = new Map<WebSocket, Session>();
  let operations = 0;
  const pings = startPings(all, { limits, clock, metrics });
  const rechecks = startRechecks(all, options);
  const onCount = (by: 1 | -1) => {
    operations += by;
  };
  const onDefect = (socket: WebSocket, error: unknown) => {
    metrics.socketEnded('failed');
    log.error('A socket failed by a defect', { reason: errorText(error) });
    socket.close(CLOSE_INTERNAL_ERROR, 'Something went wrong in the server.');
  };

  // Listeners are told their socket as `this`, so all sockets share them.
  function onMessage(this: WebSocket, data: RawData): void {
    const session = all.get(this);
    if (!session) return;
    session.isAlive = true;
    session.receive(String(data)).catch((error: unknown) => onDefect(this, error));
  }
  function onPong(this: WebSocket): void {
    const session = all.get(this);
    if (session) session.isAlive = true;
  }
  function onClose(this: WebSocket): void {
    all.get(this)?.closed();
    all.delete(this);
  }

  const acceptor = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });

  return {
    upgrade(request, duplex, head) {
      if (all.size >= limits.sockets) {
        metrics.socketEnded('limit');
        duplex.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      acceptor.handleUpgrade(request, duplex, head, (socket) => {
        const session = new Session(options, socket, duplex, onCount);
        session.endWait = afterReads(clock, limits.initMs, () =>
          socket.close(CLOSE_NOT_INITIALISED, 'Nothing was said.'),
        );
        all.set(socket, session);
        socket.on('message', onMessage);
        socket.on('pong', onPong);
        socket.on('error', onError);
        socket.on('close', onClose);
      });
    },
    stats: () => ({ sockets: all.size, subscriptions: operations }),
    async close() {
      pings.close();
      rechecks.close();
      const closed = [...all.keys()].map(
        (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
      );
      for (const socket of all.keys()) socket.close(CLOSE_GOING_AWAY, 'The server is stopping.');
      // A client that does not answer the close is not waited for.
      const cancel = clock.after(CLOSE_WAIT_MS, () => {
        for (const socket of all.keys()) socket.terminate();
      });
      await Promise.all(closed);
      cancel();
      acceptor.close();
    },
  };
}

/** A broken connection or a frame against the protocol; `close` follows. */
const onError = () => {};

const CLOSE_WAIT_MS = 1_000;

/** RFC 6455, 7.4.1. */
const CLOSE_GOING_AWAY = 1001;
/** graphql-transport-ws uses its own code for it, which clients do not retry; RFC 6455's is retried. */
const CLOSE_INTERNAL_ERROR = 1011;
/** graphql-transport-ws: "Connection initialisation timeout". */
const CLOSE_NOT_INITIALISED = 4408;
