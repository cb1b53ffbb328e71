import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { statement } from '../../db/statement.js';
import type { BenchPlane } from '../harness/plane.js';

/**
 * How many statements Postgres is given while `work` runs, begin and commit left out: by its own log, for the extension
 * that counts them is not part of the embedded one.
 */
export async function countStatements(plane: BenchPlane, folder: string, work: () => Promise<void>): Promise<number> {
  const path = join(folder, 'postgres', 'server.log');
  await plane.database.query(logAll);
  await plane.database.query(reload);
  const before = (await readFile(path, 'utf8')).length;
  try {
    await work();
  } finally {
    await plane.database.query(logNone);
    await plane.database.query(reload);
  }
  const lines = (await readFile(path, 'utf8')).slice(before).split('\n');
  return lines.filter(
    (line) => /LOG: {2}(execute|statement)/.test(line) && !/: (begin|commit|alter system|execute bench)/.test(line),
  ).length;
}

const logAll = statement('bench.log-all', "alter system set log_statement = 'all'");
const logNone = statement('bench.log-none', 'alter system reset log_statement');
const reload = statement('bench.reload', 'select pg_reload_conf()');
