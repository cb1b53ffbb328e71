import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { conditionOf } from '../../drivers/kubernetes/object-fields.js';
import type { FieldDifference } from '../../lib/field-difference.js';
import type { ObjectView } from '../../sdk/resource.js';
import { whatKeeps } from './deletion-words.js';
import { appliedHashOf, driftOf, leftDrift, markedGenerationOf } from './drift/drift-policy.js';
import { type ObjectName } from './object-name.js';
import type { WorkloadObservation } from './observation.js';
import { ownershipOf } from './ownership.js';
import { phases } from './phase.js';
import type { Refusal } from './refusal.js';
import type { RenderedObject, Workload } from './render.js';
import { replacementOf } from './replacement.js';
import { isOwnLabel, isTakenOver, isToBeTaken } from './taken-over.js';

/** One step. `apply` and `adopt` are about what is desired. */
export type WorkloadAction =
  | {
      readonly type: 'apply';
      /** recreate: somebody deleted it. */
      readonly why: 'create' | 'recreate' | 'render' | 'drift';
      /** What somebody else changed, where that is why. */
      readonly differences: readonly FieldDifference[];
      readonly desired: RenderedObject;
      /** Generation to be marked with. */
      readonly generation: number;
      /** As it was seen; null when it is not there. */
      readonly live: KubernetesObject | null;
      /** Whether it was there before us: then it is not marked as ours. */
      readonly isAdopted: boolean;
    }
  | {
      /** It is deleted now, and made again once it is gone. */
      readonly type: 'replace';
      readonly desired: RenderedObject;
      readonly live: KubernetesObject;
      /** Says which fields cannot be changed. */
      readonly message: string;
    }
  | {
      readonly type: 'adopt';
      readonly desired: RenderedObject;
      readonly live: KubernetesObject;
      /** Generation to be marked with; null: it is only used, as a namespace is, and not marked. */
      readonly generation: number | null;
    };

/** Why an object is not as desired although there is nothing to do now. */
export interface Obstacle {
  readonly key: string;
  readonly title: string;
  /** foreign, immutable, kept: somebody must act. The others pass by themselves. kept: it should be gone. */
  readonly type: 'foreign' | 'immutable' | 'kept' | 'terminating' | 'unserved' | 'undefined';
  /** Sentences that say `it`. */
  readonly message: string;
}

export interface WorkloadPlan {
  readonly actions: readonly WorkloadAction[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * What to do about what is desired, in the order of the phases. Pure.
 * Throws when an object was written by a pass that knew a newer generation: this one is late.
 */
export function planWorkload(workload: Workload, observation: WorkloadObservation): WorkloadPlan {
  const actions: WorkloadAction[] = [];
  const obstacles: Obstacle[] = observation.rendered.unserved.map(({ title, apiVersion, kind }) => ({
    key: title,
    title,
    type: 'unserved',
    message: `The cluster does not serve ${kind} of ${apiVersion}. It waits for its definition (CRD).`,
  }));
  const ordered = phases.flatMap((phase) => observation.rendered.objects.filter((object) => object.phase === phase));
  const isRefused = ({ key }: RenderedObject) => observation.refused.has(key);
  // One object that is refused must not keep the others.
  for (const desired of [...ordered.filter((object) => !isRefused(object)), ...ordered.filter(isRefused)]) {
    const step = planObject(workload, desired, observation);
    if (!step) continue;
    if ('title' in step) obstacles.push(step);
    else actions.push(step);
  }
  return { actions, obstacles };
}

function planObject(
  workload: Workload,
  desired: RenderedObject,
  observation: WorkloadObservation,
): WorkloadAction | Obstacle | null {
  const obstacle = { key: desired.key, title: desired.title };
  const live = observation.live.get(desired.key) ?? null;
  const differences = driftOf(workload, observation).get(desired.key) ?? [];
  const isLeft = leftDrift(workload, observation).has(desired.key);
  if (!live) {
    if (observation.finished.has(desired.key)) return null;
    if (isLeft) return null;
    const definition = definitionOf(desired.name, observation);
    if (definition && !isEstablished(definition, observation)) {
      const message = `It waits until ${definition.title} is established.`;
      return { ...obstacle, type: 'undefined', message };
    }
    const row = observation.inventory.get(desired.key);
    const isAdopted = row?.origin === 'adopted';
    const why = differences.length > 0 ? 'recreate' : 'create';
    return { type: 'apply', why, differences, desired, generation: workload.generation, live, isAdopted };
  }
  if (live.metadata.deletionTimestamp) {
    const message = `It is being deleted, and is made again once it is gone. ${whatKeeps(live).text}`.trim();
    return { ...obstacle, type: 'terminating', message };
  }
  const ownership = ownershipOf(workload.id, live, observation.inventory.get(desired.key) ?? null);
  switch (ownership.type) {
    case 'foreign':
      if (ownership.isNobodys && isToBeTaken(workload.spec.policy, desired.name)) {
        return { type: 'adopt', desired, live, generation: workload.generation };
      }
      return {
        ...obstacle,
        type: 'foreign',
        message: `It cannot be applied: ${ownership.why}`,
      };
    case 'adoptable':
      return { type: 'adopt', desired, live, generation: null };
    case 'adopted': {
      const isTaken = isTakenOver(observation.inventory.get(desired.key) ?? null);
      return isTaken
        ? planTaken(workload, desired, live, seen())
        : planAdopted(workload, desired, live, { differences, isLeft });
    }
    case 'ours':
      return planOurs(workload, desired, live, seen());
  }

  function seen(): Seen {
    return {
      differences,
      isLeft,
      row: observation.inventory.get(desired.key) ?? null,
      refusal: observation.refused.get(desired.key) ?? null,
    };
  }
}

interface Seen {
  readonly differences: readonly FieldDifference[];
  /** Whether those are not to be put back now. */
  readonly isLeft: boolean;
  readonly row: ObjectView | null;
  readonly refusal: Refusal | null;
}

function planOurs(
  workload: Workload,
  desired: RenderedObject,
  live: KubernetesObject,
  { differences, isLeft, row, refusal }: Seen,
): WorkloadAction | Obstacle | null {
  refuseToBeLate(workload, desired, live);
  if (refusal?.immutable) return planImmutable(workload, desired, live, refusal.immutable);
  const step = { type: 'apply', desired, live, isAdopted: false } as const;
  if (appliedHashOf(live, row) !== desired.hash) {
    return { ...step, why: 'render', differences: [], generation: workload.generation };
  }
  if (differences.length === 0 || isLeft) return null;
  return { ...step, why: 'drift', differences, generation: markedGenerationOf(live) ?? workload.generation };
}

function planImmutable(
  { spec }: Workload,
  desired: RenderedObject,
  live: KubernetesObject,
  fields: readonly string[],
): WorkloadAction | Obstacle {
  const { isAllowed, message } = replacementOf(spec.policy, desired.object, live, fields);
  if (isAllowed) return { type: 'replace', desired, live, message };
  return { key: desired.key, title: desired.title, type: 'immutable', message };
}

/** What was taken over is kept like ours, but never made anew. */
function planTaken(
  workload: Workload,
  desired: RenderedObject,
  live: KubernetesObject,
  { differences, isLeft, row, refusal }: Seen,
): WorkloadAction | Obstacle | null {
  refuseToBeLate(workload, desired, live);
  const { key, title } = desired;
  if (refusal?.immutable) {
    const fields = refusal.immutable.join(', ');
    const message = `${fields} cannot be changed, and what was taken over is never made anew. Change it back, or delete the object by hand: it is then made as it is to be.`;
    return { key, title, type: 'immutable', message };
  }
  const step = { type: 'apply', desired, live, isAdopted: true } as const;
  if (appliedHashOf(live, row) !== desired.hash) {
    return { ...step, why: 'render', differences: [], generation: workload.generation };
  }
  if (differences.length === 0) return null;
  // Taking it over was begun, or somebody took the labels off.
  if (differences.every(isOwnLabel)) {
    return { type: 'adopt', desired, live, generation: workload.generation };
  }
  if (isLeft) return null;
  return { ...step, why: 'drift', differences, generation: markedGenerationOf(live) ?? workload.generation };
}

/** Only what the person stated is kept in what was there before us. */
function planAdopted(
  workload: Workload,
  desired: RenderedObject,
  live: KubernetesObject,
  { differences, isLeft }: Pick<Seen, 'differences' | 'isLeft'>,
): WorkloadAction | null {
  if (differences.length === 0) return null;
  const step = { type: 'apply', desired, generation: workload.generation, live, isAdopted: true } as const;
  // What nobody else set is what a release states anew.
  if (differences.every(({ manager }) => manager === null)) return { ...step, why: 'render', differences: [] };
  return isLeft ? null : { ...step, why: 'drift', differences };
}

/** Throws when the object was written at a newer generation than this pass knows. */
export function refuseToBeLate(workload: Workload, { title }: { title: string }, live: KubernetesObject): void {
  const seen = markedGenerationOf(live);
  if (seen === null || seen <= workload.generation) return;
  throw new Error(
    `${title} was written at generation ${seen}, and this pass knows only generation ${workload.generation}. It stops here and looks again.`,
  );
}

/** The CRD among the desired objects that defines the kind of an object, or null. */
function definitionOf(name: ObjectName, observation: WorkloadObservation): RenderedObject | null {
  if (name.group === '') return null;
  return observation.rendered.objects.find((object) => defines(object, name)) ?? null;
}

function defines({ phase, object }: RenderedObject, name: ObjectName): boolean {
  if (phase !== 'definition') return false;
  const { spec } = object as { spec?: { group?: unknown; names?: { kind?: unknown } } };
  return spec?.group === name.group && spec.names?.kind === name.kind;
}

function isEstablished(definition: RenderedObject, observation: WorkloadObservation): boolean {
  const live = observation.live.get(definition.key);
  return live !== undefined && conditionOf(live, 'Established')?.status === 'True';
}

/** Whether an inventory row is about something that is still desired, also if its kind is not served just now. */
export function isDesired(row: ObjectView, key: string, observation: WorkloadObservation): boolean {
  const { objects, unserved } = observation.rendered;
  return (
    objects.some((object) => object.key === key) ||
    unserved.some(
      ({ apiVersion, kind, name }) =>
        kind === row.kind && name === row.name && splitApiVersion(apiVersion).group === row.group,
    )
  );
}
