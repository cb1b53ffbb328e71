import type { Database } from '../../../../db/database.js';
import { statement } from '../../../../db/statement.js';
import type { SimulatedDatabase } from '../../../../sim/database/simulated-database.js';
import { unordered } from './comparable.js';

/** All rows of all tables, times aside. */
export type Dump = Readonly<Record<string, readonly unknown[]>>;

export async function dumpPostgres(database: Database, tables: readonly string[]): Promise<Dump> {
  const dump: Record<string, readonly unknown[]> = {};
  for (const table of tables) {
    const name = table.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const rows = await database.query(statement<object>(`test.dump-${name}`, `select * from ${name}`));
    dump[table] = unordered(rows.map(inCamelCase));
  }
  return dump;
}

export function dumpSimulated(world: SimulatedDatabase): Dump {
  return Object.fromEntries(Object.entries(world.dump()).map(([table, rows]) => [table, unordered(rows)]));
}

function inCamelCase(row: object): object {
  const entries = Object.entries(row);
  return Object.fromEntries(entries.map(([key, value]) => [camelCase(key), value]));
}

const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
