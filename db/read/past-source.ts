import type { Moment } from '../../lib/moment.js';
import { planeScopeId } from '../../model/resource.js';
import type { ResourceSource } from './resource-source.js';
import type { Parameters } from './sql.js';

/**
 * Resources as they were at a moment, out of the log: those that were made by then, each with its newest document of
 * desired state and of status by then, but for those that were removed. The indexes of migrations 0003 and 0008 are made for these texts.
 *
 * `defined`: kinds that nothing reconciles. They are settled as soon as they are stored, so the log has no status of them.
 */
export function pastSource(moment: Moment, defined: readonly string[]): ResourceSource {
  const resource = (alias: string, parameters: Parameters) => {
    const seq = `${parameters.add(moment.seq)}::bigint`;
    return `(
      select c.resource_id as id, c.kind, c.project_id, c.environment_id, c.owner_id,
        coalesce(c.owner_id, c.environment_id, c.project_id, '${planeScopeId}') as scope_id, c.name, d.generation,
        d.version, coalesce((d.document ->> 'specVersion')::int, 1) as spec_version, d.document -> 'labels' as labels,
        d.document -> 'spec' as spec, d.document -> 'managers' as managers, d.lease_key, c.at as created_at,
        d.at as updated_at, case when (d.after ->> 'isDeleting')::boolean then (
          select min(x.at) from revision x
          where x.resource_id = c.resource_id and x.op = 'deletionRequested' and x.seq <= ${seq}
        ) end as deletion_requested_at,
        coalesce((d.document ->> 'isDeletionForced')::boolean, false) as deletion_forced,
        coalesce((d.document ->> 'isOnDemand')::boolean, false) as on_demand,
        coalesce(d.document -> 'references', '[]') as "references"
      from revision c cross join lateral (
        select v.* from revision v
        where v.resource_id = c.resource_id and v.op in (${DESIRED}, 'removed') and v.seq <= ${seq}
        order by v.seq desc, v.ordinal desc limit 1
      ) d where c.op = 'created' and c.seq <= ${seq} and d.op <> 'removed'
    ) ${alias}`;
  };
  const status = (parameters: Parameters) => {
    const seq = `${parameters.add(moment.seq)}::bigint`;
    const kinds = `${parameters.add(defined)}::text[]`;
    return `(
      select * from (
        select t.status_version as version, (t.document ->> 'observedGeneration')::int as observed_generation,
          t.document ->> 'health' as health, t.document -> 'conditions' as conditions,
          t.document -> 'outputs' as outputs, t.document -> 'observed' as observed,
          (t.document ->> 'isStale')::boolean as is_stale
        from revision t
        where t.resource_id = r.id and t.op = 'status' and t.seq <= ${seq} and r.kind <> all(${kinds})
        order by t.seq desc, t.ordinal desc limit 1
      ) reported
      union all select 1, r.generation, 'Healthy', ${DEFINED_CONDITIONS}, '{}', '{}', false where r.kind = any(${kinds})
    )`;
  };
  return {
    resource,
    withStatus: (parameters) => `${resource('r', parameters)} left join lateral ${status(parameters)} s on true`,
    references: (parameters) => `(
      select r.id as from_id, e.path, e."toId" as to_id from ${resource('r', parameters)}
      cross join lateral jsonb_to_recordset(r."references") as e (path text, "toId" uuid)
    ) f`,
    referrersOf(target, parameters) {
      const seq = `${parameters.add(moment.seq)}::bigint`;
      const edge = `jsonb_build_array(jsonb_build_object('toId', ${target}))`;
      return `select q.id from ${resource('q', parameters)} where q."references" @> ${edge} and q.id in (
        select w.resource_id from revision w
        where w.op in (${DESIRED}) and w.document -> 'references' @> ${edge} and w.seq <= ${seq})`;
    },
  };
}

const DESIRED = `'created', 'updated', 'deletionRequested'`;

/** As the store writes them when it stores such a resource. */
const DEFINED_CONDITIONS = `jsonb_build_array(jsonb_build_object('type', 'Ready', 'status', 'True', 'reason', 'Defined',
  'message', '', 'since', to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))`;
