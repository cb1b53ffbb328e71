import type { Feed } from '../db/contract.js';
import type { Database } from '../db/database.js';
import { MIGRATIONS_TABLE } from '../db/migrations.js';
import { statement } from '../db/statement.js';
import type { Clock } from '../lib/clock.js';
import type { ReadinessCheck } from './health.js';

export interface DatabaseChecksOptions {
  readonly database: Database;
  readonly feed: Pick<Feed, 'stats'>;
  readonly clock: Clock;
  /** Name of the newest migration that this program knows. */
  readonly schemaVersion: string;
}

/** What /readyz looks at: the database answers, the feed keeps up with it, and its schema is ours. */
export function databaseChecks(options: DatabaseChecksOptions): Readonly<Record<string, ReadinessCheck>> {
  const { database, feed, clock, schemaVersion } = options;
  let stuck: { readonly seq: bigint; readonly sinceMs: number } | null = null;
  return {
    async database() {
      await database.query(ping);
      return 'ok';
    },
    async feed() {
      const [row] = await database.query(newest);
      const { seq } = feed.stats();
      if (!row || BigInt(row.seq) <= seq) stuck = null;
      else if (stuck?.seq !== seq) stuck = { seq, sinceMs: clock.monotonicMs() };
      else if (clock.monotonicMs() - stuck.sinceMs > STUCK_MS) throw new Error(`The feed stays at ${seq}.`);
      return 'ok';
    },
    async schema() {
      const [row] = await database.query(schema);
      // A newer server has migrated it while this one ran: this one may write what that one does not understand.
      if (row?.name !== schemaVersion)
        throw new Error(`The schema is ${row?.name}; this server knows ${schemaVersion}.`);
      return 'ok';
    },
  };
}

/** A transaction that holds back the feed for longer than this is no ordinary one. */
const STUCK_MS = 15_000;

const ping = statement<{ one: number }>('readiness.ping', 'select 1 as one');
const newest = statement<{ seq: string }>(
  'readiness.newest',
  'select last_value::text as seq from revision_seq where is_called',
);
const schema = statement<{ name: string }>(
  'readiness.schema',
  `select name from ${MIGRATIONS_TABLE} order by id desc limit 1`,
);
