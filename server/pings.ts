import type { WebSocket } from 'ws';
import type { Clock } from '../lib/clock.js';
import { afterReads } from './after-reads.js';
import type { Limits } from './limits.js';
import type { Metrics } from './metrics.js';
import type { Session } from './session.js';

export interface PingsOptions {
  readonly limits: Pick<Limits, 'pingMs'>;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'socketEnded'>;
}

/** Pings all sockets again and again, and ends those that gave no sign of life since the last time. One timer for all. */
export function startPings(
  sessions: ReadonlyMap<WebSocket, Session>,
  { limits, clock, metrics }: PingsOptions,
): { close(): void } {
  let isClosed = false;
  let cancel = afterReads(clock, limits.pingMs, begin);

  function begin(): void {
    cancel = afterReads(clock, limits.pingMs, begin);
    go(sessions.entries());
  }
  /** Some at a time, so that thousands of them hold up nothing else. */
  function go(left: Iterator<[WebSocket, Session]>): void {
    for (let count = 0; count < AT_ONCE; count++) {
      const next = left.next();
      if (next.done || isClosed) return;
      ping(...next.value);
    }
    setImmediate(() => go(left));
  }
  function ping(socket: WebSocket, session: Session): void {
    if (session.isAlive) {
      session.isAlive = false;
      if (socket.readyState === socket.OPEN) session.stream.write(PING);
      return;
    }
    metrics.socketEnded('silent');
    socket.terminate();
  }

  return {
    close() {
      isClosed = true;
      cancel();
    },
  };
}

const AT_ONCE = 200;

/** RFC 6455, 5.5.2, without data: the same bytes for all. */
const PING = Buffer.from([0x89, 0]);
