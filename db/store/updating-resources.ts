import type { Call } from '../exchange.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import { isOneOf } from './is-one-of.js';
import type { World } from './world.js';
import { writtenRow } from './written-row.js';

/** What writes those that were there and are changed; one by values beside each other, as insertingResources does. */
export function updatingResources(world: World, drafts: readonly Draft[]): readonly Call[] {
  const [first, ...others] = drafts;
  if (!first) return [];
  if (others.length > 0) {
    return [{ statement: updateMany, values: [JSON.stringify(drafts.map((draft) => writtenRow(world, draft)))] }];
  }
  const row = writtenRow(world, first);
  const values = [
    ...[row.id, row.name, row.generation, row.version, row.specVersion],
    ...[row.labels, row.spec, row.managers, row.yielded, row.setIn].map((part) => JSON.stringify(part)),
    ...[row.leaseKey, row.isForced, row.isOnDemand, row.isKept, row.isDeleting],
  ];
  return [{ statement: updateOne, values }];
}

const updateOne = statement(
  'write.update-resource',
  `update resource set name = $2, generation = $3, version = $4, spec_version = $5, labels = $6, spec = $7, managers = $8,
     yielded = $9, set_in = $10, lease_key = $11, updated_at = now(), deletion_forced = $12, on_demand = $13,
     on_demand_keep = $14, deletion_requested_at = case when $15::boolean then coalesce(deletion_requested_at, now()) end
   where id = $1`,
);

const updateMany = statement(
  'write.update-resources',
  `update resource r set name = d.name, generation = d.generation, version = d.version, spec_version = d."specVersion", labels = d.labels,
     spec = d.spec, managers = d.managers, yielded = d.yielded, set_in = d."setIn", lease_key = d."leaseKey", updated_at = now(),
     deletion_forced = d."isForced", on_demand = d."isOnDemand", on_demand_keep = d."isKept", deletion_requested_at = case when d."isDeleting" then coalesce(r.deletion_requested_at, now()) end
   from jsonb_to_recordset($1::jsonb) as d (id uuid, name text, generation int, version int, "specVersion" int,
     labels jsonb, spec jsonb, managers jsonb, yielded jsonb, "setIn" jsonb, "leaseKey" text, "isDeleting" boolean,
     "isForced" boolean, "isOnDemand" boolean, "isKept" boolean)
   where r.id = d.id and ${isOneOf}`,
);
