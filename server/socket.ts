import type { WebSocket as Port } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../lib/clock.js';
import { afterReads } from './after-reads.js';
import type { Limits } from './limits.js';

export interface SocketOptions {
  readonly limits: Pick<Limits, 'pingMs' | 'bufferedBytes'>;
  readonly clock: Clock;
  /** We ended it, for this reason in one word. */
  onEnd(reason: 'slow' | 'silent' | 'failed'): void;
  /** A defect: what was thrown where nothing may throw. */
  onFailure(error: unknown): void;
}

/** Joins one socket of ws to graphql-ws: pings, the bound of what may wait for a slow reader, and orderly ends. */
export function attachSocket(
  socket: WebSocket,
  open: (port: Port) => (code?: number, reason?: string) => Promise<void>,
  { limits, clock, onEnd, onFailure }: SocketOptions,
): void {
  let isAlive = true;
  let cancelPing = afterReads(clock, limits.pingMs, ping);
  function ping() {
    if (!isAlive) {
      onEnd('silent');
      socket.terminate();
      return;
    }
    isAlive = false;
    socket.ping();
    cancelPing = afterReads(clock, limits.pingMs, ping);
  }
  socket.on('pong', () => {
    isAlive = true;
  });
  // A broken connection or a frame against the protocol; `close` follows.
  socket.on('error', () => {});

  const closed = open({
    protocol: socket.protocol,
    send: (text) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) return resolve();
        if (socket.bufferedAmount > limits.bufferedBytes) {
          onEnd('slow');
          socket.terminate();
          return resolve();
        }
        // Resolves when the text has gone out: the next answer of an operation is not made before.
        socket.send(text, (error) => (error && socket.readyState === socket.OPEN ? reject(error) : resolve()));
      }),
    close: (code, reason) => socket.close(code, reason),
    onMessage(handle) {
      socket.on('message', (data: RawData) => {
        isAlive = true;
        handle(String(data)).catch((error: unknown) => {
          onEnd('failed');
          onFailure(error);
          socket.close(CLOSE_INTERNAL_ERROR, 'Something went wrong in the server.');
        });
      });
    },
  });
  socket.once('close', (code, reason) => {
    cancelPing();
    closed(code, String(reason)).catch(onFailure);
  });
}

/** graphql-transport-ws uses its own code for it, which clients do not retry; RFC 6455's is retried. */
const CLOSE_INTERNAL_ERROR = 1011;
