import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool } from 'pg';
import { valueTypes } from '../../db/types.js';

/** What a floor is told: the same database, by the same kind of connection, and who may ask. */
export interface FloorConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly token: string;
}

export interface FloorDatabase {
  query<Row>(name: string, text: string, values: readonly unknown[]): Promise<readonly Row[]>;
  readonly pool: Pool;
}

/** The body of a request, parsed, and the value that is answered with as JSON. */
export type FloorHandler = (body: { readonly variables: Record<string, unknown> }) => Promise<unknown>;

/**
 * The least that an authenticated answer over HTTP out of Postgres takes: node:http, a token that is looked up by its
 * hash, prepared statements of pg, JSON.stringify. Prints its address once it listens.
 */
export function serveFloor(makeHandler: (database: FloorDatabase) => FloorHandler): void {
  const config: FloorConfig = JSON.parse(process.argv[2] ?? '{}');
  const { token, ...connection } = config;
  const pool = new Pool({ ...connection, max: 16 });
  pool.on('error', () => undefined);
  const principals = new Map([[hashOf(token), { role: 'operator' }]]);
  const handle = makeHandler({
    pool,
    query: async (name, text, values) =>
      (await pool.query({ name, text, values: [...values], types: valueTypes })).rows,
  });

  const server = createServer(async (request, response) => {
    try {
      const given = request.headers.authorization?.slice('Bearer '.length) ?? '';
      if (!principals.has(hashOf(given))) return answer(response, 401, '{}');
      answer(response, 200, JSON.stringify(await handle(JSON.parse(await read(request)))));
    } catch (error) {
      answer(response, 500, JSON.stringify({ errors: [{ message: String(error) }] }));
    }
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address.port}\n`);
  });
  process.once('SIGTERM', () => process.exit(0));
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64');

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function read(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });
}
