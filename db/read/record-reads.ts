import type { Moment } from '../../lib/moment.js';
import type { Queryable } from '../database.js';
import { statement } from '../statement.js';
import type { AppDeploymentRow, AttemptRow, IntentRow, ReadModels, ReleaseRow } from './read-models.js';
import { groupBy } from './sql.js';

type RecordReads = Pick<ReadModels, 'attempts' | 'openIntents' | 'releases' | 'deployments'>;

/** Attempts and open intents of resources, releases of apps, deployments of app instances. With a moment, those of its time. */
export function createRecordReads(database: Queryable, moment: Moment | null = null): RecordReads {
  const until = moment?.at ?? null;
  return {
    async attempts(ids) {
      const rows = await database.query(ATTEMPTS, [ids]);
      return new Map(rows.map((row) => [row.resourceId, row]));
    },
    async openIntents(ids) {
      return groupBy(await database.query(OPEN_INTENTS, [ids]), (row) => row.resourceId);
    },
    async releases(appIds, { first, after }) {
      return groupBy(await database.query(RELEASES, [appIds, first, after, until]), (row) => row.appId);
    },
    async deployments(instanceIds, { first, after }) {
      return groupBy(await database.query(DEPLOYMENTS, [instanceIds, first, after, until]), (row) => row.instanceId);
    },
  };
}

const ATTEMPTS = statement<AttemptRow>(
  'read.attempts',
  `select resource_id as "resourceId", count, last_error as "lastError", next_retry_at as "nextRetryAt",
    updated_at as "updatedAt" from attempt where resource_id = any($1::uuid[]) and count > 0`,
);

const OPEN_INTENTS = statement<IntentRow>(
  'read.open-intents',
  `select resource_id as "resourceId", id, action, token, begun_at as "begunAt", resolved_at as "resolvedAt", outcome,
     extract(epoch from now() - begun_at)::float8 * 1000 as "ageMs"
   from intent where resource_id = any($1::uuid[]) and resolved_at is null order by begun_at, id`,
);

/** Times are told to the millisecond. */
const BY_THEN = (alias: string) =>
  `($4::timestamptz is null or ${alias}.created_at < $4::timestamptz + interval '1 millisecond')`;

const RELEASES = statement<ReleaseRow>(
  'read.releases',
  `select x.* from unnest($1::uuid[]) p (id) cross join lateral (
      select l.id, l.app_id as "appId", l.number, l.spec, l.digest, l.actor, l.created_at as "createdAt" from release l
      where l.app_id = p.id and ($3::int is null or l.number < $3::int) and ${BY_THEN('l')} order by l.number desc limit $2
    ) x order by x."appId", x.number desc`,
);

const DEPLOYMENTS = statement<AppDeploymentRow>(
  'read.deployments',
  `select x.* from unnest($1::uuid[]) p (id) cross join lateral (
      select d.id, d.instance_id as "instanceId", d.number, d.release, d.release_digest as "releaseDigest", d.resolved,
        d.actor, d.created_at as "createdAt" from app_deployment d
      where d.instance_id = p.id and ($3::int is null or d.number < $3::int) and ${BY_THEN('d')} order by d.number desc limit $2
    ) x order by x."instanceId", x.number desc`,
);
