import type { JsonObject } from '../../lib/canonical.js';
import type { KindRegistry } from '../../lib/kind.js';
import type { WhatIfReference, WhatIfResource } from '../../model/what-if/what-if-graph.js';
import type { Queryable } from '../database.js';
import { statement } from '../statement.js';
import type { ReadModels } from './read-models.js';

/** The graph that `whatIf` decides from: four statements, whatever its size. */
export function createWhatIfReads(database: Queryable, registry: KindRegistry): Pick<ReadModels, 'whatIfGraph'> {
  const kinds = registry.kinds.map(({ name }) => name);
  return {
    async whatIfGraph(removeIds) {
      const walked = await database.query(WALK, [removeIds, kinds, MOST_RESOURCES + 1]);
      const ids = [...new Set(walked.map(({ id }) => id))].slice(0, MOST_RESOURCES);
      const [resources, references] = await Promise.all([
        database.query(RESOURCES, [ids]),
        database.query(REFERENCES, [ids]),
      ]);
      const takers = references.filter(({ path }) => path.startsWith('bindings.')).map(({ fromId }) => fromId);
      const specs = await database.query(SPECS, [[...new Set(takers)].slice(0, MOST_SPECS)]);
      return {
        removeIds,
        resources,
        references,
        specs: Object.fromEntries(specs.map(({ id, spec }) => [id, spec])),
        isCut: walked.length > MOST_RESOURCES,
      };
    },
  };
}

/** More than any plane has on one runtime; the counts are of all of these. */
const MOST_RESOURCES = 20_000;
/** Specs are large, and what is listed is bounded as well. */
const MOST_SPECS = 500;

/**
 * goes: to all that it owns, to what was made on demand for it, to who refers to it and is in it. maybe, for it was made on
 * demand: to what it owns and what was made on demand for that. stays: to who owns it and refers to it.
 */
const WALK = statement<{ id: string }>(
  'what-if.walk',
  `with recursive walk (id, state) as (
     select id, 'goes' from resource where id = any($1::uuid[]) and kind = any($2::text[])
     union
     select n.id, n.state from walk w cross join lateral (
       select r.id, r.kind, w.state from resource r where w.state <> 'stays' and r.owner_id = w.id
       union all
       select r.id, r.kind, 'maybe' from reference f join resource r on r.id = f.to_id
         where w.state <> 'stays' and f.from_id = w.id and r.on_demand and not r.on_demand_keep
       union all
       select r.id, r.kind, 'stays' from reference f join resource r on r.id = f.from_id
         where w.state <> 'maybe' and f.to_id = w.id
       union all
       select r.id, r.kind, 'stays' from resource r
         where w.state = 'goes' and r.environment_id = w.id and r.owner_id is null
       union all
       select r.id, r.kind, 'stays' from resource r
         where w.state = 'goes' and r.project_id = w.id and r.environment_id is null and r.owner_id is null
       union all
       select o.id, o.kind, 'stays' from resource r join resource o on o.id = r.owner_id
         where w.state = 'stays' and r.id = w.id
     ) n where n.kind = any($2::text[])
   ) select id from walk limit $3`,
);

const RESOURCES = statement<WhatIfResource>(
  'what-if.resources',
  `select r.id, r.kind, r.name, p.name as project, e.name as environment, r.project_id as "projectId",
     r.environment_id as "environmentId", r.owner_id as "ownerId",
     r.deletion_requested_at is not null as "isDeleting", r.on_demand and not r.on_demand_keep as "leavesWithLast"
   from resource r
   left join resource p on p.id = r.project_id left join resource e on e.id = r.environment_id
   where r.id = any($1::uuid[]) order by r.kind, r.name, r.id`,
);

const REFERENCES = statement<WhatIfReference>(
  'what-if.references',
  `select from_id as "fromId", path, to_id as "toId" from reference where to_id = any($1::uuid[]) order by from_id, path`,
);

const SPECS = statement<{ id: string; spec: JsonObject }>(
  'what-if.specs',
  'select id, spec from resource where id = any($1::uuid[])',
);
