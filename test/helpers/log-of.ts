import type { Queryable } from '../../db/database.js';
import { statement } from '../../db/statement.js';
import type { LoggedCommit, LoggedRevision } from '../../sim/history/delivery.js';

/** All commits of a database after a number, as the table has them. */
export async function logOf(database: Queryable, after: bigint): Promise<readonly LoggedCommit[]> {
  const commits = new Map<bigint, LoggedRevision[]>();
  for (const { seq, ...revision } of await database.query(readLog, [after])) {
    const revisions = commits.get(seq) ?? [];
    commits.set(seq, [...revisions, revision]);
  }
  return [...commits].map(([seq, revisions]) => ({ seq, revisions }));
}

const readLog = statement<LoggedRevision & { readonly seq: bigint }>(
  'test.log',
  `select seq, resource_id as "resourceId", op, generation, version, status_version as "statusVersion"
   from revision where seq > $1 order by seq, ordinal`,
);
