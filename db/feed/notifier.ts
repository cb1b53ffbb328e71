import { Client } from 'pg';
import type { Clock } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import type { DatabaseConnection } from '../connection.js';
import type { Database } from '../database.js';
import { statement } from '../statement.js';

/** Wakes between processes over the same database. Hints: a lost one costs latency only. */
export interface Notifier {
  /** Tells the others. Coalesced: one NOTIFY for all that came while the last one was on its way. */
  tell(): void;
  close(): Promise<void>;
}

export interface NotifierOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** Tells our own messages from those of others. */
  readonly sender: string;
  /** Somebody else committed something, or the connection was lost meanwhile. */
  onWake(): void;
}

/** Listens on a connection of its own, which is opened again whenever it is lost. */
export function createNotifier({ database, clock, log, sender, onWake }: NotifierOptions): Notifier {
  let isClosed = false;
  let client: Client | null = null;
  let cancelRetry = () => {};
  let isTelling = false;
  let hasMore = false;

  const connect = async (attempt: number): Promise<void> => {
    const opened = listenerFor(database.connection);
    let isLost = false;
    const lose = (error?: Error) => {
      if (isLost || isClosed) return;
      isLost = true;
      client = null;
      opened.end().catch(() => {});
      log.debug('Lost the connection that listens for wakes', { attempt, error: error ? errorText(error) : 'ended' });
      const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10));
      cancelRetry = clock.after(delayMs, () => void connect(attempt + 1));
    };
    opened.on('error', lose);
    opened.on('end', () => lose());
    opened.on('notification', ({ payload }) => {
      if (payload !== sender) onWake();
    });
    try {
      await opened.connect();
      await opened.query(`listen ${CHANNEL}`);
      if (isClosed) return void (await opened.end());
      client = opened;
      // What was told while we were not listening.
      onWake();
    } catch (error) {
      lose(error instanceof Error ? error : new Error(String(error)));
    }
  };
  void connect(0);

  const flush = async (): Promise<void> => {
    isTelling = true;
    while (hasMore && !isClosed) {
      hasMore = false;
      // Not being able to tell is what the others' fallback poll is for.
      await database.query(notify, [CHANNEL, sender]).catch(() => {});
    }
    isTelling = false;
  };

  return {
    tell() {
      hasMore = true;
      if (!isTelling) void flush();
    },
    async close() {
      isClosed = true;
      cancelRetry();
      await client?.end().catch(() => {});
    },
  };
}

const CHANNEL = 'portolan_revision';
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 5000;

const notify = statement('feed.notify', 'select pg_notify($1, $2)');

function listenerFor(connection: DatabaseConnection): Client {
  return new Client({ ...connection, application_name: 'portolan listener', keepAlive: true });
}
