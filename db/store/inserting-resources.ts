import type { Call } from '../exchange.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';
import { writtenRow } from './written-row.js';

/** What writes those that are new. Values beside each other cost two thirds of what a list of one costs. */
export function insertingResources(world: World, drafts: readonly Draft[]): readonly Call[] {
  const [first, ...others] = drafts;
  if (!first) return [];
  if (others.length > 0) {
    return [{ statement: insertMany, values: [JSON.stringify(drafts.map((draft) => writtenRow(world, draft)))] }];
  }
  const row = writtenRow(world, first);
  const values = [
    ...[row.id, row.kind, row.projectId, row.environmentId, row.ownerId, row.scopeId, row.name],
    ...[row.generation, row.version, row.specVersion],
    ...[row.labels, row.spec, row.managers, row.yielded, row.setIn].map((part) => JSON.stringify(part)),
    ...[row.leaseKey, row.isOnDemand, row.isKept],
  ];
  return [{ statement: insertOne, values }];
}

const columns = `id, kind, project_id, environment_id, owner_id, scope_id, name, generation, version, spec_version,
     labels, spec, managers, yielded, set_in, lease_key, on_demand, on_demand_keep`;

const insertOne = statement(
  'write.insert-resource',
  `insert into resource (${columns})
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
);

const insertMany = statement(
  'write.insert-resources',
  `insert into resource (${columns})
   select id, kind, "projectId", "environmentId", "ownerId", "scopeId", name, generation, version, "specVersion",
     labels, spec, managers, yielded, "setIn", "leaseKey", "isOnDemand", "isKept"
   from jsonb_to_recordset($1::jsonb) as d (id uuid, kind text, "projectId" uuid, "environmentId" uuid, "ownerId" uuid,
     "scopeId" uuid, name text, generation int, version int, "specVersion" int, labels jsonb, spec jsonb, managers jsonb,
     yielded jsonb, "setIn" jsonb, "leaseKey" text, "isOnDemand" boolean, "isKept" boolean)
   order by kind, "scopeId", name`,
);
