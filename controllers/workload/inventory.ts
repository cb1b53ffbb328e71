import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';
import { isSameJson } from '../../lib/canonical.js';
import type { ObjectView } from '../../sdk/resource.js';
import type { ObjectsReport } from '../../sdk/resource-client.js';
import { appliedHashOf, driftOf } from './drift/drift-policy.js';
import { boundedDifferences } from './drift/drift-words.js';
import { finishedHealth } from './finished-job.js';
import { keyOf, type ObjectName } from './object-name.js';
import type { WorkloadObservation } from './observation.js';
import { ownershipOf } from './ownership.js';
import { isDesired, type WorkloadAction } from './plan.js';
import { isToBeDisowned, mayDelete, type RemovalAction } from './plan-removal.js';
import type { RenderedObject, Workload } from './render.js';
import { isTakenOver } from './taken-over.js';

export type InventoryRow = ObjectsReport['objects'][number];

/** Rows to commit before the first outside write: what is about to be created, and what is taken over. Pure. */
export function intendedRows(
  actions: readonly (WorkloadAction | RemovalAction)[],
  rows: ReadonlyMap<string, ObjectView>,
): readonly InventoryRow[] {
  return actions.flatMap((action): InventoryRow[] => {
    if (action.type === 'adopt') {
      if (isTakenOver(rows.get(action.desired.key) ?? null)) return [];
      const uid = action.live.metadata.uid ?? null;
      const appliedHash = action.generation === null ? null : action.desired.hash;
      return [{ ...rowOf(action.desired), state: 'present', origin: 'adopted', uid, appliedHash, health: 'Healthy' }];
    }
    if (action.type !== 'apply' || rows.has(action.desired.key)) return [];
    return [rowOf(action.desired)];
  });
}

/** What the inventory has once `added` was committed, but for what others own. Pure. */
export function committedRows(
  known: ReadonlyMap<string, ObjectView>,
  added: readonly InventoryRow[],
  taken: ReadonlyMap<string, string>,
  runtimeId: string,
): readonly ObjectView[] {
  const rows = new Map(known);
  for (const row of added) if (!taken.has(keyOf(row))) rows.set(keyOf(row), { ...row, runtimeId });
  return [...rows.values()];
}

/**
 * What the inventory must say after an observation. It shrinks only by what was observed to be absent, by what is
 * somebody else's by now, and by what was adopted, is not wanted any more and carries no mark of ours. Pure.
 */
export function inventoryAfter(
  workload: Workload,
  observation: WorkloadObservation,
  isRemoving: boolean,
): Pick<ObjectsReport, 'objects' | 'absent'> {
  const objects: InventoryRow[] = [];
  const drift = driftOf(workload, observation);
  const absent: ObjectName[] = [];
  for (const [key, row] of observation.inventory) {
    const isWanted = !isRemoving && isDesired(row, key, observation);
    const live = observation.live.get(key);
    if (isWanted || (live && (mayDelete(workload, live, row) || isToBeDisowned(live, row)))) {
      const found = drift.get(key);
      const seen = {
        ...seenRow(workload, key, row, observation),
        drift: found && isWanted ? boundedDifferences(found) : null,
      };
      if (!isSameRow(seen, row)) objects.push(seen);
      continue;
    }
    // Its row says where to look for it.
    if (!live && observation.awaited.some((awaited) => awaited.key === key)) continue;
    const { group, kind, namespace, name } = row;
    absent.push({ group, kind, namespace, name });
  }
  return { objects, absent };
}

function seenRow(workload: Workload, key: string, view: ObjectView, observation: WorkloadObservation): InventoryRow {
  const { runtimeId: _runtimeId, ...row } = view;
  const live = observation.live.get(key);
  const health = observation.health.get(key);
  // Somebody else's object of that name is not ours to record: its uid would make it look like our own.
  if (!live || ['foreign', 'adoptable'].includes(ownershipOf(workload.id, live, view).type)) {
    if (observation.finished.has(key)) return { ...row, ...finishedHealth, state: 'missing' };
    if (health && !live) return { ...row, ...health };
    if (row.state !== 'present') return row;
    return { ...row, state: 'missing', health: 'Missing', reason: 'ObjectMissing', message: '' };
  }
  return {
    ...row,
    version: splitApiVersion(live.apiVersion).version,
    state: 'present',
    uid: live.metadata.uid ?? null,
    appliedHash: appliedHashOf(live, view),
    health: health?.health ?? 'Unknown',
    reason: health?.reason ?? null,
    message: health?.message ?? '',
  };
}

/** The row of an object that is about to be owned. */
export function rowOf({ name, object }: Pick<RenderedObject, 'name' | 'object'>): InventoryRow {
  return {
    ...name,
    version: splitApiVersion(object.apiVersion).version,
    state: 'intended',
    origin: 'created',
    uid: null,
    appliedHash: null,
    health: 'Progressing',
    reason: 'Pending',
    message: '',
    drift: null,
  };
}

function isSameRow(a: InventoryRow, b: ObjectView): boolean {
  return (Object.keys(a) as (keyof InventoryRow)[]).every((field) => isSameJson(a[field], b[field]));
}
