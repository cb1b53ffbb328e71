import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { DatabaseConnection } from '../../db/connection.js';
import { type Clock, systemClock } from '../../lib/clock.js';
import type { Failpoint } from '../../lib/failpoint.js';
import type { KindRegistry } from '../../lib/kind.js';
import { type Log, silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { readServerConfig } from '../../server/config.js';
import type { Limits } from '../../server/limits.js';
import { type RunningServer, startServer } from '../../server/start-server.js';
import { createTestDatabase } from './database.js';

export interface TestServerOptions {
  readonly registry?: KindRegistry;
  readonly log?: Log;
  readonly clock?: Clock;
  readonly limits?: Partial<Limits>;
  readonly allowedOrigins?: readonly string[];
  readonly allowedHosts?: readonly string[];
  readonly port?: number;
  readonly failpoint?: Failpoint;
  /** Left out: NOTIFY carries messages to other servers. */
  readonly redisUrl?: string;
  /** A database to use instead of one of its own; whoever made it drops it. */
  readonly connection?: DatabaseConnection;
}

/** An answer of the graph, as it came over the wire. */
export interface Answer<Data = Record<string, never>> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string } & Readonly<Record<string, unknown>>;
  }[];
}

export interface TestServer extends RunningServer {
  readonly operatorToken: string;
  readonly controllerToken: string;
  /** Its data folder: tokens and key. */
  readonly home: string;
  /** By HTTP, as the operator unless another token is given. What the graph refuses is in `errors`. */
  query<Data>(document: string, variables?: object, token?: string): Promise<Answer<Data>>;
  /** By a WebSocket of its own, which return() ends. Rejects with what ends the subscription. */
  subscribe<Data>(document: string, variables?: object, token?: string): AsyncIterableIterator<Answer<Data>>;
}

/** The whole server over a database of its own, on a free port. Closed and removed by `close`, or when `t` ends. */
export async function startTestServer(
  t: Pick<ExecutionContext, 'teardown'> | null,
  options: TestServerOptions = {},
): Promise<TestServer> {
  await using opened = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'portolan-server-'));
  opened.defer(() => rm(home, { recursive: true, force: true }));
  const test = options.connection ? null : await createTestDatabase();
  if (test) opened.defer(() => test.drop());
  const connection = options.connection ?? test?.connection;
  if (!connection) throw new Error('There is no database.');
  const server = await startServer({
    config: {
      ...readServerConfig({
        PORTOLAN_HOME: home,
        DATABASE_URL: urlOf(connection),
        PORTOLAN_PORT: String(options.port ?? 0),
      }),
      redisUrl: options.redisUrl ?? null,
      allowedOrigins: options.allowedOrigins ?? [],
      allowedHosts: options.allowedHosts ?? [],
    },
    ...(options.registry && { registry: options.registry }),
    ...(options.limits && { limits: options.limits }),
    ...(options.failpoint && { failpoint: options.failpoint }),
    clock: options.clock ?? systemClock,
    random: systemRandom,
    log: options.log ?? silentLog,
  });
  opened.defer(() => server.close());

  const closing = opened.move();
  const close = () => closing.disposeAsync();
  t?.teardown(close);
  return {
    ...server,
    operatorToken: server.tokens.operator,
    controllerToken: server.tokens.controller,
    home,
    query: (document, variables, token) => query(server, document, variables, token),
    subscribe: (document, variables, token) => subscribe(server, document, variables, token),
    close,
  };
}

/** As DATABASE_URL is written for a unix socket. */
export function urlOf({ host, port, user, password, database }: DatabaseConnection): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  return `postgres://${encodeURIComponent(user)}${secret}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

async function query<Data>(
  server: RunningServer,
  document: string,
  variables: object = {},
  token = server.tokens.operator,
): Promise<Answer<Data>> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: document, variables }),
  });
  return (await response.json()) as Answer<Data>;
}

function subscribe<Data>(
  server: RunningServer,
  document: string,
  variables: object = {},
  token = server.tokens.operator,
): AsyncIterableIterator<Answer<Data>> {
  const client = createClient({
    url: server.wsUrl,
    connectionParams: { authorization: `Bearer ${token}` },
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const answers = client.iterate<Data>({ query: document, variables: { ...variables } });
  const iterator: AsyncIterableIterator<Answer<Data>> = {
    next: () => answers.next() as Promise<IteratorResult<Answer<Data>>>,
    async return() {
      await answers.return?.();
      await client.dispose();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
