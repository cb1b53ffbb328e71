import type { Clock } from '../lib/clock.js';
import { errorText } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import type { Database } from './database.js';
import { ensurePartitions } from './partitions.js';
import { statement } from './statement.js';

export interface MaintenanceOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Once an hour, beginning an hour from now: makes partitions of the revision log ahead and forgets idempotency keys
 * after a day. Several servers may do it at once. What fails is tried again at the next turn.
 */
export function startMaintenance({ database, clock, log }: MaintenanceOptions): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  let cancel = () => {};
  let isClosed = false;
  const schedule = () => {
    cancel = clock.after(EVERY_MS, () => {
      running = maintain(database)
        .catch((error) =>
          log.warn('Could not look after the database; trying again in an hour', { error: errorText(error) }),
        )
        .then(() => {
          if (!isClosed) schedule();
        });
    });
  };
  schedule();
  return {
    async close() {
      isClosed = true;
      cancel();
      await running;
    },
  };
}

const EVERY_MS = 3_600_000;

const forgetKeys = statement(
  'maintenance.forget-keys',
  `delete from idempotency where created_at < now() - interval '24 hours'`,
);

async function maintain(database: Database): Promise<void> {
  await ensurePartitions(database);
  await database.query(forgetKeys);
}
