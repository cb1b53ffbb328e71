import { Client } from 'pg';
import type { Clock } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import type { Bus } from '../bus.js';
import type { DatabaseConnection } from '../connection.js';
import type { Database } from '../database.js';
import { statement } from '../statement.js';
import { createListeners } from './listeners.js';
import { createGatherer, toParts } from './parts.js';

export interface NotifyBusOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}

/** Messages by NOTIFY. Listens on a connection of its own, which is opened again whenever it is lost. */
export function createNotifyBus({ database, clock, log }: NotifyBusOptions): Bus {
  const listeners = createListeners(log);
  const gatherers = new Map<string, (part: string) => string | null>();
  let isClosed = false;
  let client: Client | null = null;
  let cancelRetry = () => {};
  let connecting: Promise<void> | null = null;
  let last: Promise<void> = Promise.resolve();

  const connect = async (attempt: number): Promise<void> => {
    const opened = listenerFor(database.connection);
    let isLost = false;
    const lose = (error?: Error) => {
      if (isLost || isClosed) return;
      isLost = true;
      client = null;
      opened.end().catch(() => {});
      log.debug('Lost the connection that listens to other servers', {
        attempt,
        error: error ? errorText(error) : 'ended',
      });
      const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10));
      cancelRetry = clock.after(delayMs, () => void connect(attempt + 1));
    };
    opened.on('error', lose);
    opened.on('end', () => lose());
    opened.on('notification', ({ channel, payload }) => receive(channel.slice(PREFIX.length), payload ?? ''));
    try {
      await opened.connect();
      gatherers.clear();
      const known = listeners.channels();
      if (known.length > 0) await opened.query(known.map((channel) => `listen ${identifier(channel)}`).join('; '));
      if (isClosed) return void (await opened.end());
      client = opened;
      for (const channel of listeners.channels()) if (!known.includes(channel)) listen(opened, channel);
      for (const channel of known) listeners.attached(channel);
    } catch (error) {
      lose(error instanceof Error ? error : new Error(String(error)));
    }
  };

  const receive = (channel: string, part: string) => {
    const gather = gatherers.get(channel) ?? createGatherer();
    gatherers.set(channel, gather);
    const message = gather(part);
    if (message !== null) listeners.tell(channel, message);
  };
  /** One after the other, for a connection takes one statement at a time. */
  const listen = (on: Client, channel: string) => {
    // When it fails the connection is lost, and then all channels are listened to again.
    last = last
      .then(() => on.query(`listen ${identifier(channel)}`))
      .then(() => listeners.attached(channel))
      .catch(() => {});
  };
  const unlisten = (on: Client, channel: string) => {
    last = last
      .then(() => (listeners.channels().includes(channel) ? null : on.query(`unlisten ${identifier(channel)}`)))
      .then(() => {})
      .catch(() => {});
  };

  return {
    async publish(channel, message) {
      const parts = toParts(message);
      if (parts === null || isClosed) return false;
      try {
        if (parts.length === 1) await database.query(notify, [PREFIX + channel, parts[0] ?? '']);
        else await database.query(notifyInParts, [PREFIX + channel, JSON.stringify(parts)]);
        return true;
      } catch {
        // Not being able to tell is what polls and time-outs are for.
        return false;
      }
    },
    subscribe(channel, listener) {
      const isFirst = listeners.add(channel, listener);
      if (isClosed) return () => {};
      connecting ??= connect(0);
      if (client && isFirst) listen(client, channel);
      return () => {
        if (!listeners.remove(channel, listener)) return;
        gatherers.delete(channel);
        if (client) unlisten(client, channel);
      };
    },
    stats: () => ({ transport: 'notify', isDegraded: connecting !== null && client === null }),
    async close() {
      isClosed = true;
      cancelRetry();
      await client?.end().catch(() => {});
    },
  };
}

const PREFIX = 'portolan_';
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 5000;

// A message is gone with a crash, whatever is on disk, so nobody waits for the disk.
const notify = statement('bus.notify', `select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)`);
const notifyInParts = statement(
  'bus.notify-in-parts',
  `select set_config('synchronous_commit', 'off', true), pg_notify($1, part) from jsonb_array_elements_text($2::jsonb) as part`,
);

const identifier = (channel: string) => `"${PREFIX}${channel.replaceAll('"', '')}"`;

function listenerFor(connection: DatabaseConnection): Client {
  return new Client({ ...connection, application_name: 'portolan listener', keepAlive: true });
}
