import { Client } from 'pg';
import type { DatabaseConnection } from '../../db/connection.js';
import type { LoggedCommit, LoggedRevision } from '../../sim/history/delivery.js';
import type { Progress, StoredFacts } from './stored-facts.js';

/** The database, read by plain SQL past all that is ours; over a connection that is opened again after a kill. */
export interface OutsideDatabase {
  progress(): Promise<Progress>;
  facts(): Promise<StoredFacts>;
  /** The number of the newest commit; null: there is none. */
  newest(): Promise<bigint>;
  /** All commits after a number, as the table has them. */
  log(after: bigint): Promise<readonly LoggedCommit[]>;
  close(): Promise<void>;
}

export function openOutsideDatabase(connection: DatabaseConnection): OutsideDatabase {
  let client: Client | null = null;
  const connected = async (): Promise<Client> => {
    if (client) return client;
    const opened = new Client({ ...connection, connectionTimeoutMillis: 5_000, query_timeout: 10_000 });
    opened.on('error', () => {
      if (client === opened) client = null;
    });
    await opened.connect();
    client = opened;
    return opened;
  };
  const rows = async <Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> => {
    const asked = await connected();
    try {
      return (await asked.query(text, [...values])).rows as Row[];
    } catch (error) {
      if (client === asked) client = null;
      await asked.end().catch(() => {});
      throw error;
    }
  };
  const one = async <Facts>(text: string): Promise<Facts> => {
    const [row] = await rows<{ facts: Facts }>(text);
    if (!row) throw new Error('The database has no answer.');
    return row.facts;
  };
  return {
    progress: () => one<Progress>(readProgress),
    facts: () => one<StoredFacts>(readFacts),
    async newest() {
      const [row] = await rows<{ seq: string | null }>('select max(seq) as seq from revision');
      return BigInt(row?.seq ?? 0);
    },
    async log(after) {
      const found = await rows<LoggedRevision & { seq: string }>(readLog, [String(after)]);
      const commits: { seq: bigint; revisions: LoggedRevision[] }[] = [];
      for (const { seq, ...revision } of found) {
        const number = BigInt(seq);
        const last = commits.at(-1);
        if (last?.seq === number) last.revisions.push(revision);
        else commits.push({ seq: number, revisions: [revision] });
      }
      return commits;
    },
    async close() {
      await client?.end().catch(() => {});
      client = null;
    },
  };
}

const readLog = `
  select seq, resource_id as "resourceId", op, generation, version, status_version as "statusVersion"
  from revision where seq > $1 order by seq, ordinal`;

/** What tells whether it has settled: asked often, so it does not grow with what was done before. */
const progress = `
  'resources', (
    select coalesce(json_agg(json_build_object(
      'id', r.id, 'kind', r.kind, 'name', r.name, 'ownerId', r.owner_id, 'generation', r.generation, 'version', r.version,
      'isDeleting', r.deletion_requested_at is not null, 'spec', case when r.kind in ('App', 'AppInstance') then r.spec end,
      'observedGeneration', s.observed_generation, 'health', s.health, 'isStale', s.is_stale,
      'says', (select c ->> 'message' from jsonb_array_elements(s.conditions) c where c ->> 'type' = 'Ready'))), '[]')
    from resource r left join resource_status s on s.resource_id = r.id),
  'inventory', (
    select coalesce(json_agg(json_build_object(
      'resourceId', resource_id, 'kind', kind, 'namespace', namespace, 'name', name, 'state', state, 'uid', uid)), '[]')
    from object),
  'openIntents', (
    select coalesce(json_agg(json_build_object('resourceId', resource_id, 'action', action)), '[]')
    from intent where resolved_at is null),
  'failing', (
    select coalesce(json_agg(json_build_object('resourceId', resource_id, 'count', count, 'lastError', last_error)), '[]')
    from attempt where count > 0)`;

// One statement each, so that all of it is of one moment.
const readProgress = `select json_build_object(${progress}) as facts`;
const readFacts = `select json_build_object(${progress},
  'changesets', (select coalesce(json_agg(id), '[]') from changeset),
  'loggedChangesets', (select coalesce(json_agg(distinct changeset_id), '[]') from revision where changeset_id is not null)
) as facts`;
