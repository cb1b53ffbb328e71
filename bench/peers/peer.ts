import { createHash } from 'node:crypto';
import { Pool, types } from 'pg';

/** What a peer is told in its first argument. */
export interface PeerConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly token: string;
}

export const config: PeerConfig = JSON.parse(process.argv[2] ?? '{}');

/** As many connections as the others have, and prepared statements through `query`. */
export function openPool(): { query<Row>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> } {
  const { host, port, user, database } = config;
  const pool = new Pool({ host, port, user, database, max: 16 });
  pool.on('error', () => undefined);
  return {
    query: async (name, text, values) => (await pool.query({ name, text, values: [...values], types: asText })).rows,
  };
}

/** Whether a request carries the operator's token, which is known by its hash. */
export function isOperator(authorization: string | undefined): boolean {
  return hashOf(authorization?.slice('Bearer '.length) ?? '') === known;
}

/** Told to whoever started this process. */
export function ready(url: string): void {
  process.stdout.write(`${url.replace(/\/$/, '')}\n`);
  process.once('SIGTERM', () => process.exit(0));
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64');
const known = hashOf(config.token);

const TIMESTAMPTZ = 1184;
/** Times as ISO text, the rest as pg does by itself. */
const asText = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === TIMESTAMPTZ
      ? (text: string) => new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toISOString()
      : types.getTypeParser(oid, format as never),
};
