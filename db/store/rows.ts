import type { JsonObject } from '../../lib/canonical.js';
import type { Health } from '../../lib/health.js';
import type { Managers, Yielded } from '../../model/resource.js';
import type { Transaction } from '../database.js';
import type { Call } from '../exchange.js';
import { statement } from '../statement.js';

/** A resource as the store reads it, with what of its status decides how it is shown. */
export interface ResourceRow {
  readonly id: string;
  readonly kind: string;
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly ownerId: string | null;
  readonly scopeId: string;
  readonly name: string;
  readonly generation: number;
  readonly version: number;
  readonly specVersion: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  readonly managers: Managers;
  readonly yielded: Yielded;
  /** By path, the changeset that last set the field. */
  readonly setIn: Readonly<Record<string, string>>;
  readonly leaseKey: string | null;
  readonly deletionRequestedAt: string | null;
  readonly isDeletionForced: boolean;
  readonly isOnDemand: boolean;
  readonly isKept: boolean;
  /** null before the first report, like the next three. */
  readonly statusVersion: number | null;
  readonly observedGeneration: number | null;
  readonly health: Health | null;
  readonly isStale: boolean | null;
}

/**
 * `refer`: it cannot go while we point to it. `read`: nobody changes what we compute from. `edit`: nobody else changes it.
 * `remove`: nobody may point to it either. `none`: it is only read, for a plan.
 */
export type LockMode = 'refer' | 'read' | 'edit' | 'remove' | 'none';

export interface Place {
  readonly kind: string;
  readonly scopeId: string;
  readonly name: string;
}

/** Equal for equal places. */
export const textOfPlace = ({ kind, scopeId, name }: Place): string => `${kind} ${scopeId} ${name}`;

/** What is at these places, to be locked together with others. */
export function lockingPlaces(places: readonly Place[], mode: LockMode): Call<ResourceRow> {
  const [first, ...others] = places;
  // Most of what people do is about one, which is found for half of what a list of one costs.
  if (first && others.length === 0)
    return { statement: atPlace[mode], values: [first.kind, first.scopeId, first.name] };
  return { statement: byPlace[mode], values: [JSON.stringify(places)] };
}

/** Locks by name. Those that are not there are missing from the answer. In the order of ids, so that two seldom deadlock. */
export async function lockPlaces(
  transaction: Transaction,
  places: readonly Place[],
  mode: LockMode,
): Promise<readonly ResourceRow[]> {
  if (places.length === 0) return [];
  const { statement, values } = lockingPlaces(places, mode);
  return transaction.query(statement, values);
}

/** What has these ids, to be locked together with others. */
export function lockingIds(ids: readonly string[], mode: LockMode): Call<ResourceRow> {
  return { statement: byId[mode], values: [[...ids]] };
}

export async function lockIds(
  transaction: Transaction,
  ids: readonly string[],
  mode: LockMode,
): Promise<readonly ResourceRow[]> {
  if (ids.length === 0) return [];
  return transaction.query(byId[mode], [[...ids]]);
}

export async function lockOwned(
  transaction: Transaction,
  ownerIds: readonly string[],
  mode: LockMode,
): Promise<readonly ResourceRow[]> {
  if (ownerIds.length === 0) return [];
  return transaction.query(byOwner[mode], [[...ownerIds]]);
}

const columns = `r.id, r.kind, r.project_id as "projectId", r.environment_id as "environmentId", r.owner_id as "ownerId",
  r.scope_id as "scopeId", r.name, r.generation, r.version, r.spec_version as "specVersion", r.labels, r.spec, r.managers, r.yielded, r.set_in as "setIn",
  r.lease_key as "leaseKey", r.deletion_requested_at as "deletionRequestedAt",
  r.deletion_forced as "isDeletionForced", r.on_demand as "isOnDemand", r.on_demand_keep as "isKept", s.version as "statusVersion",
  s.observed_generation as "observedGeneration", s.health, s.is_stale as "isStale"`;

const locks: Readonly<Record<LockMode, string>> = {
  refer: 'for key share of r',
  read: 'for share of r',
  edit: 'for no key update of r',
  remove: 'for update of r',
  none: '',
};

function lockingStatements(name: string, condition: string, order = 'order by r.id') {
  const of = (mode: LockMode) =>
    statement<ResourceRow>(
      `rows.${name}.${mode}`,
      `select ${columns} from resource r left join resource_status s on s.resource_id = r.id
       where ${condition} ${order} ${locks[mode]}`,
    );
  return { refer: of('refer'), read: of('read'), edit: of('edit'), remove: of('remove'), none: of('none') };
}

const byId = lockingStatements('by-id', 'r.id = any($1)');
const byOwner = lockingStatements('by-owner', 'r.owner_id = any($1)');
const atPlace = lockingStatements('at-place', 'r.kind = $1 and r.scope_id = $2 and r.name = $3', '');
const places = 'jsonb_to_recordset($1::jsonb) as p (kind text, "scopeId" uuid, name text)';

/**
 * First the ids, place by place through the index of names: a join with a list of unknown length would be planned as a
 * walk over all resources. What was renamed between that and its lock is not there any more, so both are looked at.
 */
const byPlace = lockingStatements(
  'by-place',
  `r.id = any(array(
     select found.id from ${places} cross join lateral (
       select x.id from resource x where x.kind = p.kind and x.scope_id = p."scopeId" and x.name = p.name offset 0) found
   )) and (r.kind, r.scope_id, r.name) in (select p.kind, p."scopeId", p.name from ${places})`,
);
