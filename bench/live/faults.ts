import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { DatabaseConnection } from '../../db/connection.js';
import type { Redis } from './redis.js';

/** Something that goes wrong while the log is read. Returns when what it stands for is over. */
export interface Fault {
  readonly name: string;
  happen(): Promise<void>;
}

export interface FaultParts {
  readonly redis: Redis;
  /** How long Redis answers nobody. */
  readonly pauseMs: number;
  readonly connection: DatabaseConnection;
  killTail(): Promise<void>;
  /** Runs when the case is over. */
  defer(close: () => Promise<void>): void;
}

/** In the order in which they happen. */
export function faultsOf({ redis, pauseMs, connection, killTail, defer }: FaultParts): readonly Fault[] {
  return [
    { name: 'the server that tails is killed', happen: killTail },
    {
      name: 'Redis answers nobody',
      async happen() {
        redis.pause();
        await delay(pauseMs);
        redis.goOn();
      },
    },
    {
      name: 'all connections of the servers are ended by Postgres',
      async happen() {
        const client = await connect(connection);
        await client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where pid <> pg_backend_pid() and backend_type = 'client backend' and application_name like 'portolan%'`,
        );
        await client.end();
      },
    },
    {
      name: 'somebody has an old transaction open, from here to the end',
      async happen() {
        const client = await connect(connection);
        await client.query('begin');
        await client.query('select pg_current_xact_id()');
        defer(async () => {
          await client.query('rollback');
          await client.end();
        });
      },
    },
  ];
}

async function connect(connection: DatabaseConnection): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, application_name: 'bench' });
  await client.connect();
  return client;
}
