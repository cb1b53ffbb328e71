import { rm } from 'node:fs/promises';
import type { DatabaseConnection } from '../../db/connection.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../db/embedded.js';
import { errorText } from '../../lib/errors.js';
import { silentLog } from '../../lib/log.js';
import type { Part } from './part.js';

export interface PostgresPart extends Part {
  readonly connection: DatabaseConnection;
  /** Whether it was away in the last so many milliseconds. */
  wasAway(withinMs: number): boolean;
}

/** The embedded Postgres, which forces to disk what it says that it has written. Whoever sees it killed starts it again. */
export async function startPostgresPart(folder: string): Promise<PostgresPart> {
  let running: EmbeddedPostgres | null = await startEmbeddedPostgres({ folder, log: silentLog });
  const { connection, homeFolder } = running;
  let surprises: string[] = [];
  let startedMs = performance.now();
  let killedMs = Number.NEGATIVE_INFINITY;
  return {
    connection,
    wasAway: (withinMs) => running === null || performance.now() - killedMs < withinMs,
    startedMs: () => startedMs,
    async start() {
      startedMs = performance.now();
      for (let attempt = 1; running === null; attempt += 1) {
        try {
          running = await startEmbeddedPostgres({ folder, log: silentLog });
        } catch (error) {
          surprises.push(`Postgres did not start again at once: ${errorText(error)}`);
          if (attempt === START_ATTEMPTS) throw error;
        }
      }
    },
    async kill() {
      const killed = running;
      running = null;
      killedMs = performance.now();
      if (!killed) return;
      process.kill(killed.pid, 'SIGKILL');
      // Its end is waited for, and whoever watches over it is told that all is well.
      await killed.close();
    },
    takeSurprises() {
      const taken = surprises;
      surprises = [];
      return taken;
    },
    async close() {
      await running?.close();
      running = null;
      await rm(homeFolder, { recursive: true, force: true });
    },
  };
}

const START_ATTEMPTS = 5;
