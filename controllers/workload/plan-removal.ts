import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import type { ObjectView } from '../../sdk/resource.js';
import { type ObjectName, titleOf } from './object-name.js';
import type { WorkloadObservation } from './observation.js';
import { ownershipOf } from './ownership.js';
import { type Phase, phaseOf, phases } from './phase.js';
import { finalizersOf, isDesired } from './plan.js';
import type { Workload } from './render.js';

/** delete: ask for it. await: that was asked for; its absence is not seen yet. */
export type RemovalAction = RemovalStep & ({ readonly type: 'delete' } | { readonly type: 'await' });

interface RemovalStep {
  readonly key: string;
  readonly name: ObjectName;
  readonly title: string;
  readonly live: KubernetesObject;
  /** Says what keeps it; empty when nothing is known. */
  readonly message: string;
}

/** What the inventory holds beyond what is desired, to be deleted: prunes. Pure. */
export function planPrune(workload: Workload, observation: WorkloadObservation): readonly RemovalAction[] {
  return removals(workload, observation, (row, key) => !isDesired(row, key, observation));
}

/** What to delete next of all that the workload owns. Empty: all of it is gone. Pure. */
export function planRemoval(workload: Workload, observation: WorkloadObservation): readonly RemovalAction[] {
  return removals(workload, observation, () => true);
}

/** One phase at a time, the last one first: what lives in a namespace goes before it, and resources before their kinds. */
function removals(
  workload: Workload,
  observation: WorkloadObservation,
  isChosen: (row: ObjectView, key: string) => boolean,
): readonly RemovalAction[] {
  const left = [...observation.inventory].flatMap(([key, row]): (RemovalAction & { phase: Phase })[] => {
    const live = observation.live.get(key);
    if (!live || !isChosen(row, key) || !mayDelete(workload, live, row)) return [];
    const title = titleOf(row);
    const phase = phaseOf(live);
    if (!live.metadata.deletionTimestamp) return [{ type: 'delete', key, name: row, title, live, message: '', phase }];
    const message = `${title} is being deleted${finalizersOf(live)}.`;
    return [{ type: 'await', key, name: row, title, live, message, phase }];
  });
  const last = phases.findLast((phase) => left.some((action) => action.phase === phase));
  return left.filter((action) => action.phase === last).map(({ phase: _phase, ...action }) => action);
}

/** Candidates come from the inventory alone; pods carry our labels too, so labels alone say nothing. */
function mayDelete(workload: Workload, live: KubernetesObject, row: ObjectView): boolean {
  if (row.origin === 'adopted') return false;
  if (live.metadata.ownerReferences?.some((owner) => owner.controller === true)) return false;
  return ownershipOf(workload.id, live, row).type === 'ours';
}
