import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import type { ObjectView } from '../../sdk/resource.js';
import { whatKeeps } from './deletion-words.js';
import { inUseText } from './in-use.js';
import { type ObjectName, titleOf } from './object-name.js';
import type { WorkloadObservation } from './observation.js';
import { ownershipOf } from './ownership.js';
import { type Phase, phaseOf, phases } from './phase.js';
import { isDesired, refuseToBeLate } from './plan.js';
import type { Workload } from './render.js';
import { isTakenOver, withoutTakenMarks } from './taken-over.js';

/**
 * delete: ask for it. await: that was asked for; its absence is not seen yet. release: policy keeps it, so our marks are
 * taken off it. disown: it was there before us, so it stays, without them. blocked: it may not go yet.
 */
export type RemovalAction = RemovalStep &
  (
    | { readonly type: 'delete' }
    | {
        readonly type: 'await';
        /** Whether it goes only when somebody else acts. */
        readonly needsSomebody: boolean;
      }
    | { readonly type: 'release' }
    | { readonly type: 'disown' }
    | { readonly type: 'blocked' }
  );

/** Whether nothing can be done about it before somebody else acts. */
export function isStuck(action: { readonly type: string; readonly needsSomebody?: boolean }): boolean {
  return action.type === 'blocked' || action.needsSomebody === true;
}

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

/** What to delete next of all that the workload owns. Empty: all of it is gone, and nothing more will come. Pure. */
export function planRemoval(workload: Workload, observation: WorkloadObservation): readonly RemovalAction[] {
  const left = removals(workload, observation, () => true);
  if (left.length > 0) return left;
  return observation.awaited.map(({ key, name, title, object }) => {
    const message = `${title} was asked for, and the API server did not answer: it may still come to be.`;
    return { type: 'await', key, name, title, live: object, message, needsSomebody: false };
  });
}

/**
 * One phase at a time, the last one first: what lives in a namespace goes before it, and resources before their kinds.
 * Throws when an object was written by a pass that knew a newer generation: this one is late.
 */
function removals(
  workload: Workload,
  observation: WorkloadObservation,
  isChosen: (row: ObjectView, key: string) => boolean,
): readonly RemovalAction[] {
  const left = [...observation.inventory].flatMap(([key, row]): (RemovalAction & { phase: Phase })[] => {
    const live = observation.live.get(key);
    if (!live || !isChosen(row, key)) return [];
    if (!mayDelete(workload, live, row) && !isToBeDisowned(live, row)) return [];
    refuseToBeLate(workload, { title: titleOf(row) }, live);
    return [{ ...step(workload, observation, key, row, live), phase: phaseOf(live) }];
  });
  const last = phases.findLast((phase) => left.some((action) => action.phase === phase));
  return left.filter((action) => action.phase === last).map(({ phase: _phase, ...action }) => action);
}

function step(
  workload: Workload,
  observation: WorkloadObservation,
  key: string,
  row: ObjectView,
  live: KubernetesObject,
): RemovalAction {
  const title = titleOf(row);
  const said = { key, name: row, title, live };
  if (live.metadata.deletionTimestamp && mayDelete(workload, live, row)) {
    const { text, needsSomebody } = whatKeeps(live);
    return { ...said, type: 'await', message: `${title} is being deleted. ${text}`.trim(), needsSomebody };
  }
  if (!mayDelete(workload, live, row)) {
    return { ...said, type: 'disown', message: 'It was there before, so it stays as it is.' };
  }
  const users = observation.users.get(key) ?? [];
  if (workload.spec.policy?.claims === 'retain' && isClaim(live)) {
    return { ...said, type: 'release', message: 'It is kept, with its data: policy.claims is retain.' };
  }
  if (users.length === 0) return { ...said, type: 'delete', message: '' };
  // What holds kept claims outlives the app with them; a definition waits until nobody uses it.
  if (live.kind !== 'Namespace') return { ...said, type: 'blocked', message: inUseText(live, users) };
  const message = `It is kept because of the volume claims in it (${users.join(', ')}): policy.claims is retain.`;
  return { ...said, type: 'release', message };
}

function isClaim({ apiVersion, kind }: KubernetesObject): boolean {
  return kind === 'PersistentVolumeClaim' && splitApiVersion(apiVersion).group === '';
}

/** Whether it was taken over and still carries our marks: its row says where they are, so it stays until they are off. */
export function isToBeDisowned(live: KubernetesObject, row: ObjectView): boolean {
  return isTakenOver(row) && withoutTakenMarks(live) !== null;
}

/** Candidates come from the inventory alone; pods carry our labels too, so labels alone say nothing. */
export function mayDelete(workload: Workload, live: KubernetesObject, row: ObjectView): boolean {
  if (live.metadata.ownerReferences?.some((owner) => owner.controller === true)) return false;
  if (row.origin === 'adopted') {
    const isSame = row.uid !== null && row.uid === live.metadata.uid;
    return workload.spec.policy?.adopted === 'delete' && isTakenOver(row) && isSame;
  }
  return ownershipOf(workload.id, live, row).type === 'ours';
}
