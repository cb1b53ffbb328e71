import type { KindRegistry } from '../../lib/kind.js';
import type { WhyEvent, WhyGraph, WhyObject, WhyResource } from '../../model/why/why-graph.js';
import type { Queryable } from '../database.js';
import { statement } from '../statement.js';
import type { ReadModels } from './read-models.js';
import { HEALTH } from './resource-select.js';

/**
 * The sub-graph that `why` decides from. Two round trips and six statements, whatever its size: which resources, and
 * then all about them at once. Those that are as they should be are not followed, so a large graph that is well costs nothing.
 */
export function createWhyReads(database: Queryable, registry: KindRegistry): Pick<ReadModels, 'whyGraph'> {
  const kinds = registry.kinds.map(({ name }) => name);
  return {
    async whyGraph(rootId) {
      const walked = await database.query(WALK, [rootId, kinds, MOST_RESOURCES + 1]);
      if (walked.length === 0) return null;
      const ids = walked.slice(0, MOST_RESOURCES).map(({ id }) => id);
      const ill = walked.filter(({ isCalm }) => !isCalm).map(({ id }) => id);
      const [resources, references, objects, events, operations] = await Promise.all([
        database.query(RESOURCES, [ids]),
        database.query(REFERENCES, [ids]),
        database.query(OBJECTS, [ill, MOST_OBJECTS, MOST_OF_ALL]),
        database.query(EVENTS, [ill, MOST_EVENTS, MOST_OF_ALL]),
        database.query(OPERATIONS, [ill, MOST_OF_ALL]),
      ]);
      // It was there a moment ago.
      if (!resources.some(({ id }) => id === rootId)) return null;
      const places = new Map(ids.map((id, place) => [id, place]));
      const place = ({ id }: WhyResource) => places.get(id) ?? 0;
      return {
        rootId,
        resources: resources.toSorted((a, b) => place(a) - place(b)),
        references,
        objects,
        events,
        operations,
        validForMs: soonest(resources),
        isCut: walked.length > MOST_RESOURCES || objects.length >= MOST_OF_ALL,
      };
    },
  };
}

function soonest(resources: readonly TimedResource[]): number | null {
  const times = resources.flatMap(({ health, validForMs }) => (health === 'Healthy' ? [] : (validForMs ?? [])));
  return times.length === 0 ? null : Math.min(...times) + SLACK_MS;
}

/** What is to happen then takes a moment. */
const SLACK_MS = 500;

/** A person reads a few causes; a program that wants more asks about what is below. */
const MOST_RESOURCES = 1_000;
/** Of one resource. */
const MOST_OBJECTS = 20;
const MOST_EVENTS = 20;
const MOST_OF_ALL = 1_000;

const WITH_STATUS = 'resource r left join resource_status s on s.resource_id = r.id';
const IS_CALM = `(${HEALTH} = 'Healthy' and not coalesce(s.conditions, '[]') @? '$[*] ? (@.status != "True")')`;

/** The edge to what outputs are taken of. */
const IS_BOUND = `f.path like 'bindings.%'`;

/**
 * Breadth first, so that a bound cuts what is farthest. From one that is not calm to all that it refers to, to what it
 * owns and is not calm, and to what its children take outputs of and is not calm; from one that is being deleted to all that must go before it: of a place that is asked about,
 * all that is in it.
 */
const WALK = statement<{ id: string; isCalm: boolean }>(
  'why.walk',
  `with recursive walk (id, "isCalm") as (
     (select r.id, ${IS_CALM} from ${WITH_STATUS} where r.id = $1 and r.kind = any($2::text[])
      union all
      select r.id, false from resource p join resource r on r.project_id = p.id or r.environment_id = p.id
        where p.id = $1 and p.kind in ('Project', 'Environment') and p.deletion_requested_at is not null
          and r.owner_id is null and r.kind = any($2::text[]))
     union
     select n.id, n.calm from walk w join resource w_r on w_r.id = w.id cross join lateral (
       select r.id, r.kind, ${IS_CALM} as calm, false as is_owned from reference f join resource r on r.id = f.to_id
         left join resource_status s on s.resource_id = r.id
         where f.from_id = w.id and w_r.deletion_requested_at is null
       union all
       select r.id, r.kind, ${IS_CALM}, w_r.deletion_requested_at is null from ${WITH_STATUS} where r.owner_id = w.id
       union all
       select r.id, r.kind, ${IS_CALM}, true from resource c join reference f on f.from_id = c.id
         join resource r on r.id = f.to_id left join resource_status s on s.resource_id = r.id
         where c.owner_id = w.id and w_r.deletion_requested_at is null and ${IS_BOUND}
       union all
       select r.id, r.kind, ${IS_CALM}, false from reference f join resource r on r.id = f.from_id
         left join resource_status s on s.resource_id = r.id
         where f.to_id = w.id and w_r.deletion_requested_at is not null
     ) n
     where not w."isCalm" and not (n.is_owned and n.calm) and n.kind = any($2::text[])
   ) select id, "isCalm" from walk limit $3`,
);

const ACTING = `exists (select 1 from lease l join controller c on c.holder = l.holder
  where l.key = r.lease_key and l.expires_at > clock_timestamp() and r.kind = any(c.kinds))`;

/** As the driver gives times that are not within JSON. */
const iso = (time: string) => `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

type TimedResource = WhyResource & { readonly validForMs: number | null };

const RESOURCES = statement<TimedResource>(
  'why.resources',
  `select r.id, r.kind, r.name, p.name as project, e.name as environment, r.project_id as "projectId",
     r.environment_id as "environmentId", r.owner_id as "ownerId", r.generation,
     coalesce(s.observed_generation, 0) as "observedGeneration", ${HEALTH} as health,
     r.deletion_requested_at as "deletionRequestedAt", r.updated_at as "changedAt",
     coalesce(s.conditions, '[]') as conditions, coalesce(s.consumed, '{}') as consumed,
     coalesce((select max((o.value ->> 'version')::int) from jsonb_each(s.outputs) o), 0) as "newestOutput",
     array(select o.key from jsonb_each(s.outputs) o where (o.value ->> 'isVanished')::boolean order by 1) as vanished,
     case when a.count > 0 then
       jsonb_build_object('count', a.count, 'lastError', a.last_error, 'nextRetryAt', ${iso('a.next_retry_at')})
     end as attempt,
     case
       when r.lease_key is null then jsonb_build_object('type', 'none')
       when ${ACTING} then jsonb_build_object('type', 'acting')
       else jsonb_build_object('type', 'absent',
         'isRegistered', exists (select 1 from controller c where r.kind = any(c.kinds)),
         'since', (select ${iso('l.expires_at')} from lease l where l.key = r.lease_key))
     end as controller,
     ceil(1000 * extract(epoch from least(
       case when a.count > 0 and a.next_retry_at > clock_timestamp() then a.next_retry_at end,
       (select l.expires_at from lease l where l.key = r.lease_key and l.expires_at > clock_timestamp())
     ) - clock_timestamp()))::float8 as "validForMs"
   from ${WITH_STATUS}
   left join resource p on p.id = r.project_id left join resource e on e.id = r.environment_id
   left join attempt a on a.resource_id = r.id
   where r.id = any($1::uuid[])`,
);

/** What children take outputs of counts as referred to by their owner, which is as well as that is. */
const REFERENCES = statement<WhyGraph['references'][number]>(
  'why.references',
  `select from_id as "fromId", path, to_id as "toId" from reference
   where from_id = any($1::uuid[]) and to_id = any($1::uuid[])
   union
   select c.owner_id, f.path, f.to_id from resource c join reference f on f.from_id = c.id
   where c.owner_id = any($1::uuid[]) and f.to_id = any($1::uuid[]) and ${IS_BOUND}
   order by 1, 2, 3`,
);

const OBJECTS = statement<WhyObject>(
  'why.objects',
  `select x.* from unnest($1::uuid[]) p (id) cross join lateral (
     select o.resource_id as "resourceId", o.kind, o.namespace, o.name, o.health, o.reason, o.message, o.since
     from object o where o.resource_id = p.id and o.health <> 'Healthy'
     order by array_position(array['Degraded', 'Missing', 'Unknown', 'Progressing', 'Suspended'], o.health),
       o.api_group, o.kind, o.namespace, o.name limit $2
   ) x limit $3`,
);

const EVENTS = statement<WhyEvent>(
  'why.events',
  `select x.* from unnest($1::uuid[]) p (id) cross join lateral (
     select e.resource_id as "resourceId", coalesce(e.owner_object, e.object) as object, e.reason, e.message,
       e.last_at as "lastAt"
     from event e where e.resource_id = p.id and e.type = 'Warning' order by e.last_at desc, e.id desc limit $2
   ) x order by x."lastAt" desc limit $3`,
);

const OPERATIONS = statement<WhyGraph['operations'][number]>(
  'why.operations',
  `select resource_id as "resourceId", action, begun_at as "begunAt" from intent
   where resource_id = any($1::uuid[]) and resolved_at is null order by begun_at limit $2`,
);
