import { serveFloor } from './serve.js';

interface EventRow {
  readonly id: string;
  readonly reason: string;
  readonly message: string;
  readonly lastAt: string;
  readonly at: string;
}
interface AppRow {
  readonly id: string;
  readonly name: string;
}

const COLUMNS = `e.id::text as id, e.reason, e.message, e.last_at as "lastAt", e.last_at::text as at`;
const firstEvents = `select ${COLUMNS} from event e order by e.last_at desc, e.id desc limit $1`;
const laterEvents = `select ${COLUMNS} from event e where (e.last_at, e.id) < ($2::timestamptz, $3::bigint)
  order by e.last_at desc, e.id desc limit $1`;
const STATUS = 'left join resource_status s on s.resource_id = r.id';
const HEALTH = 'resource_health(r.generation, r.deletion_requested_at, s.observed_generation, s.health, s.is_stale)';
const APP = `select r.id, r.name, ${HEALTH} as health from resource r ${STATUS} where r.kind = 'AppInstance'`;
const firstApps = `${APP} order by r.name, r.id limit $1`;
const laterApps = `${APP} and (r.name, r.id) > ($2, $3::uuid) order by r.name, r.id limit $1`;
const counts = `select ${HEALTH} as health, count(*)::int as count from resource r ${STATUS}
  where r.kind = 'AppInstance' group by 1 order by 1`;

/** Raw keyset pages; the cursor is the keys of the last row. */
serveFloor((database) => async ({ variables }) => {
  const first = Number(variables.first);
  const after = typeof variables.after === 'string' ? variables.after.split('|') : null;
  if (variables.what === 'events') {
    const rows = after
      ? await database.query<EventRow>('later-events', laterEvents, [first + 1, ...after])
      : await database.query<EventRow>('first-events', firstEvents, [first + 1]);
    const page = rows.slice(0, first);
    const last = page.at(-1);
    const nodes = page.map(({ id, reason, message, lastAt }) => ({ id, reason, message, lastAt }));
    const pageInfo = { hasNextPage: rows.length > first, endCursor: last ? `${last.at}|${last.id}` : null };
    return { data: { events: { nodes, pageInfo } } };
  }
  const [rows, countsByHealth] = await Promise.all([
    after
      ? database.query<AppRow & { health: string }>('later-apps', laterApps, [first + 1, ...after])
      : database.query<AppRow & { health: string }>('first-apps', firstApps, [first + 1]),
    database.query<{ health: string; count: number }>('counts', counts, []),
  ]);
  const page = rows.slice(0, first);
  const last = page.at(-1);
  const nodes = page.map(({ id, name, health }) => ({ id, name, status: { health } }));
  const pageInfo = { hasNextPage: rows.length > first, endCursor: last ? `${last.name}|${last.id}` : null };
  const counted = countsByHealth.map(({ health, count }) => ({ health, count }));
  return { data: { appInstances: { nodes, pageInfo, countsByHealth: counted } } };
});
