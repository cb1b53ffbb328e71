import type { Database } from '../../db/database.js';
import { statement } from '../../db/statement.js';

export interface FillSizes {
  readonly apps: number;
  /** Of each app, in the environment `dev`. */
  readonly instances: number;
  /** Workloads that each instance owns. */
  readonly workloads?: number;
  /** Of each workload. */
  readonly events?: number;
}

/**
 * Apps `app-00001`, their instances `app-00001-001`, and so on, by plain SQL: the same rows with the same ids every time.
 * Rows stand there as settled, a tenth of the instances as degraded. No revision tells of them.
 */
export async function fillApps(database: Database, sizes: FillSizes): Promise<void> {
  const { apps, instances, workloads = 0, events = 0 } = sizes;
  await database.query(makePlaces);
  await database.query(makeApps, [apps]);
  await database.query(makeInstances, [apps, instances]);
  await database.query(makeReferences);
  if (workloads > 0) await database.query(makeWorkloads, [workloads]);
  await database.query(makeStatuses);
  if (events > 0) await database.query(makeEvents, [events]);
  for (const table of ['resource', 'resource_status', 'reference', 'event']) await database.query(analyze(table));
}

/** Of an instance that was filled, counted from 1: as `md5('instance-1-1')::uuid` in SQL. */
export async function instanceIds(database: Database, limit: number): Promise<readonly string[]> {
  const rows = await database.query(readInstanceIds, [limit]);
  return rows.map(({ id }) => id);
}

/** `vacuum` and `analyze` cannot run in a transaction with others; they have no parameters. */
function analyze(table: string) {
  return statement(`bench.analyze-${table}`, `analyze ${table}`);
}

const PLANE = "'00000000-0000-0000-0000-000000000000'";
const PROJECT = `(select id from resource where kind = 'Project' and scope_id = ${PLANE} and name = 'default')`;
const ENVIRONMENT = "md5('environment')::uuid";
/** In the past, and the same every time. */
const AT = "'2026-01-01T00:00:00Z'::timestamptz";

const makePlaces = statement(
  'bench.make-places',
  `insert into resource (id, kind, project_id, scope_id, name, spec_version, spec, created_at, updated_at)
   select md5(place.id)::uuid, place.kind, p.id, p.id, place.name, 1, place.spec::jsonb, ${AT}, ${AT}
   from ${PROJECT} p (id), (values
     ('tier', 'Tier', 'dev', '{"order": 10}'),
     ('environment', 'Environment', 'dev', '{"tier": "dev"}')) place (id, kind, name, spec)`,
);

const makeApps = statement(
  'bench.make-apps',
  `insert into resource (id, kind, project_id, scope_id, name, spec_version, spec, labels, created_at, updated_at)
   select md5('app-' || n)::uuid, 'App', p.id, p.id, 'app-' || lpad(n::text, 5, '0'), 1,
     jsonb_build_object('components', '{}'::jsonb), jsonb_build_object('team', 'team-' || n % 10), ${AT}, ${AT}
   from ${PROJECT} p (id), generate_series(1, $1::int) n`,
);

const makeInstances = statement(
  'bench.make-instances',
  `insert into resource (id, kind, project_id, environment_id, scope_id, name, spec_version, spec, labels, generation,
     version, created_at, updated_at)
   select md5('instance-' || n || '-' || m)::uuid, 'AppInstance', p.id, ${ENVIRONMENT}, ${ENVIRONMENT},
     'app-' || lpad(n::text, 5, '0') || '-' || lpad(m::text, 3, '0'), 1,
     jsonb_build_object('app', 'app-' || lpad(n::text, 5, '0'), 'release', 1 + m % 5,
       'parameters', jsonb_build_object('replicas', 1 + m % 3, 'greeting', 'Hello ' || n)),
     jsonb_build_object('team', 'team-' || n % 10, 'app', 'app-' || n), 1 + m % 4, 1 + m % 7, ${AT}, ${AT}
   from ${PROJECT} p (id), generate_series(1, $1::int) n, generate_series(1, $2::int) m`,
);

const makeReferences = statement(
  'bench.make-references',
  `insert into reference (from_id, path, to_id)
   select i.id, 'app', a.id from resource i join resource a
     on a.kind = 'App' and a.project_id = i.project_id and a.name = i.spec ->> 'app' where i.kind = 'AppInstance'`,
);

const makeWorkloads = statement(
  'bench.make-workloads',
  `insert into resource (id, kind, project_id, environment_id, owner_id, scope_id, name, spec_version, spec, created_at, updated_at)
   select md5('workload-' || i.id || '-' || n)::uuid, 'Workload', i.project_id, i.environment_id, i.id, i.id,
     'workload-' || lpad(n::text, 3, '0'), 1, '{}', ${AT}, ${AT}
   from resource i, generate_series(1, $1::int) n where i.kind = 'AppInstance'`,
);

const makeStatuses = statement(
  'bench.make-statuses',
  `insert into resource_status (resource_id, observed_generation, version, health, conditions, updated_at)
   select r.id, r.generation, 1, ready.health, jsonb_build_array(jsonb_build_object('type', 'Ready', 'status', ready.status,
     'reason', ready.reason, 'message', ready.message, 'since', '2026-01-01T00:00:00.000Z')), ${AT}
   from resource r, lateral (select r.kind = 'AppInstance' and get_byte(uuid_send(r.id), 0) % 10 = 0) bad (yes),
     lateral (select case when bad.yes then 'Degraded' else 'Healthy' end, case when bad.yes then 'False' else 'True' end,
       case when bad.yes then 'CrashLoop' else 'Ready' end,
       case when bad.yes then 'The container app ends with 1 again and again.' else '' end) ready (health, status, reason, message)
   where not exists (select from resource_status s where s.resource_id = r.id)`,
);

const makeEvents = statement(
  'bench.make-events',
  `insert into event (resource_id, project_id, environment_id, type, reason, message, source, first_at, last_at)
   select w.id, w.project_id, w.environment_id, 'Normal', 'Applied', 'Applied render ' || n || ' of ' || w.name, 'workload',
     ${AT} + n * interval '1 second', ${AT} + n * interval '1 second'
   from resource w, generate_series(1, $1::int) n where w.kind = 'Workload' order by n, w.id`,
);

const readInstanceIds = statement<{ readonly id: string }>(
  'bench.instance-ids',
  `select id from resource where kind = 'AppInstance' order by id limit $1`,
);
