import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseConnection } from '../../db/connection.js';
import { type Database, openDatabase } from '../../db/database.js';
import { startEmbeddedPostgres } from '../../db/embedded.js';
import { silentLog } from '../../lib/log.js';
import type { BenchContext } from '../case.js';
import { type Child, compiled, startChild } from './child.js';

/** A real server in a process of its own over a real Postgres with fsync on, without controllers. */
export interface BenchPlane {
  readonly url: string;
  /** Data folder of the server, and of controllers beside it. */
  readonly home: string;
  readonly tokens: { readonly operator: string; readonly controller: string };
  readonly connection: DatabaseConnection;
  /** As DATABASE_URL is written: for floors, peers and more servers over the same database. */
  readonly databaseUrl: string;
  /** For filling and looking, from this process. */
  readonly database: Database;
  readonly server: Child;
  readonly postgresPid: number;
  /** A further server over the same database, with the same tokens. */
  startServer(options?: ServerOptions): Promise<BenchServer>;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
}

export interface BenchServer extends Child {
  readonly url: string;
}

/** `env` is what the server gets beside the database and its folder, such as REDIS_URL. */
export async function openBenchPlane(
  { folder, signal, tell }: BenchContext,
  options: ServerOptions = {},
): Promise<BenchPlane> {
  await using opened = new AsyncDisposableStack();
  tell('starting Postgres with fsync on');
  const postgres = await startEmbeddedPostgres({
    folder: join(folder, 'postgres'),
    log: silentLog,
    // All contenders hold their pools open at once.
    maxConnections: 300,
  });
  opened.defer(() => rm(postgres.homeFolder, { recursive: true, force: true }));
  opened.defer(() => postgres.close());
  const databaseUrl = urlOf(postgres.connection);
  const home = join(folder, 'home');
  const startServer = async ({ env, nodeArgs }: ServerOptions = options): Promise<BenchServer> => {
    const child = await startChild({
      // As people start it, unless Node is to be told something.
      ...(nodeArgs
        ? { program: compiled('server', 'main.js'), nodeArgs }
        : { program: 'bin/portolan-server', isExecutable: true }),
      env: { PORTOLAN_HOME: home, PORTOLAN_PORT: '0', PORTOLAN_LOG_LEVEL: 'warn', DATABASE_URL: databaseUrl, ...env },
      signal,
    });
    const url = /^http:\S+/.exec(child.firstLine)?.[0];
    if (url === undefined) throw new Error(`The server does not say where it listens: ${child.firstLine}`);
    return { ...child, url };
  };
  tell('starting the server');
  const server = await startServer();
  opened.defer(() => server.close());
  const database = await openDatabase({ connection: postgres.connection, log: silentLog, poolSize: 4 });
  opened.defer(() => database.close());
  const token = async (role: string) => (await readFile(join(home, `${role}.token`), 'utf8')).trim();
  const tokens = { operator: await token('operator'), controller: await token('controller') };
  const closing = opened.move();
  return {
    url: server.url,
    home,
    tokens,
    connection: postgres.connection,
    databaseUrl,
    database,
    server,
    postgresPid: postgres.pid,
    startServer,
    close: () => closing.disposeAsync(),
  };
}

/** For a unix socket. */
function urlOf({ host, port, user, database }: DatabaseConnection): string {
  return `postgres://${encodeURIComponent(user)}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}
