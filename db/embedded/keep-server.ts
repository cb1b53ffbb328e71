import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import { isAlive, type RunningServer, stopServer } from './server.js';

/** A server that is started again when it ends although nobody wanted it to: killed for its memory, for instance. */
export interface KeptServer {
  /** Stops it, and starts it no more. */
  stop(): Promise<void>;
}

export interface KeepOptions {
  readonly server: RunningServer;
  readonly start: () => Promise<RunningServer>;
  readonly log: Log;
}

/** Whoever uses it sees its connections break, and connects again. Does not keep this process alive. */
export function keepServer({ server: first, start, log }: KeepOptions): KeptServer {
  const ending = new AbortController();
  const { signal } = ending;
  let server = first;
  const pause = (ms: number) => delay(ms, null, { ref: false, signal }).catch(() => null);
  const keep = async () => {
    while (!signal.aborted) {
      await pause(LOOK_EVERY_MS);
      if (signal.aborted || isAlive(server.pid)) continue;
      log.warn('The embedded Postgres ended and is started again', { pid: server.pid });
      try {
        server = await start();
      } catch (error) {
        // Of one that was killed the processes that it had started may still be there.
        log.warn('The embedded Postgres did not start; it is tried again', { error: errorText(error) });
      }
    }
  };
  const keeping = keep();
  return {
    async stop() {
      ending.abort();
      await keeping;
      await stopServer(server);
    },
  };
}

const LOOK_EVERY_MS = 500;
