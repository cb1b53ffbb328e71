import type { Database } from '../../db/database.js';
import { statement } from '../../db/statement.js';

/**
 * Every value of every column of every table, a row a text, to look for what must not be there. Bytes are read as
 * latin1, so that a plain word in them is seen.
 */
export async function everyColumn(database: Pick<Database, 'query'>): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const { name } of await database.query(listTables)) {
    const rows = await database.query(statement<Record<string, unknown>>(`test.all.${name}`, `select * from ${name}`));
    texts.push(...rows.map((row) => Object.values(row).map(textOf).join('\n')));
  }
  return texts;
}

function textOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item)) ?? '';
}

// Partitions are read as the table that they are part of.
const listTables = statement<{ name: string }>(
  'test.list-tables',
  `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition`,
);
