import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import type { FieldDifference } from '../../../lib/field-difference.js';
import type { ObjectView } from '../../../sdk/resource.js';
import { marksOf, outsideAnnotations } from '../../marks.js';
import type { ObjectName } from '../object-name.js';
import type { WorkloadObservation } from '../observation.js';
import { ownershipOf } from '../ownership.js';
import type { RenderedObject, Workload } from '../render.js';
import { isTakenOver, takenStated } from '../taken-over.js';
import { isAppliedWhole } from './applied-whole.js';
import { fingerprint } from './compare.js';
import { findDifferences } from './differences.js';
import { type FieldPath, type FieldPattern, parseFieldPattern, pathText } from './field-path.js';
import { isOurEntry, isSetByUs, managedEntries } from './managed-fields.js';
import { whoChanged } from './who-changed.js';
import { yieldedFields } from './yielded-fields.js';

/** Whether what others change is put back. Otherwise it is only told. */
export function correctsDrift({ spec }: Workload): boolean {
  return spec.policy?.drift !== 'report';
}

/** Fields of an object that are others' to set, by policy. */
export function ignoredFields({ spec }: Workload, { kind, name }: ObjectName): readonly FieldPattern[] {
  const rules = spec.policy?.ignore ?? [];
  const isAbout = (object: string | undefined) => object === undefined || [kind, `${kind}/${name}`].includes(object);
  return rules.filter(({ object }) => isAbout(object)).map(({ path }) => parseFieldPattern(path));
}

/**
 * What others changed in the objects of a workload, by key: only of those that have the render that is desired, for all
 * else is about to be applied anyway. One observation is compared once. Pure.
 */
export function driftOf(workload: Workload, observation: WorkloadObservation): Drift {
  const known = compared.get(observation);
  if (known) return known;
  const drift = new Map(
    observation.rendered.objects.flatMap((desired) => {
      const found = differencesOf(workload, desired, observation);
      return found.length > 0 ? [[desired.key, found] as const] : [];
    }),
  );
  compared.set(observation, drift);
  return drift;
}

/** Of that, what is not put back now: by policy, or because it is contested. Pure. */
export function leftDrift(workload: Workload, observation: WorkloadObservation): Drift {
  const drift = driftOf(workload, observation);
  if (!correctsDrift(workload)) return drift;
  return new Map([...drift].filter(([key]) => observation.contested.has(key)));
}

export type Drift = ReadonlyMap<string, readonly FieldDifference[]>;

const compared = new WeakMap<WorkloadObservation, Drift>();

function differencesOf(
  workload: Workload,
  desired: RenderedObject,
  observation: WorkloadObservation,
): readonly FieldDifference[] {
  const live = observation.live.get(desired.key) ?? null;
  const row = observation.inventory.get(desired.key) ?? null;
  if (!live) return wasDeleted(desired, row) && !observation.finished.has(desired.key) ? [deletion(desired)] : [];
  if (live.metadata.deletionTimestamp) return [];
  const { type } = ownershipOf(workload.id, live, row);
  // It carries no mark that says which render was applied to it.
  if (isTakenOver(row)) {
    const object = takenStated(desired, live);
    if (appliedHashOf(live, row) !== desired.hash) return [];
    return fieldsOf(workload, { ...desired, object }, live, observation, isAppliedWhole(live));
  }
  if (type === 'adopted') return fieldsOf(workload, { ...desired, object: desired.bare }, live, observation, false);
  if (type !== 'ours' || appliedHashOf(live, row) !== desired.hash) return [];
  return [...marksTakenOff(workload, desired, live), ...fieldsOf(workload, desired, live, observation, true)];
}

/** It was there as it is desired, and is not there now. */
function wasDeleted(desired: RenderedObject, row: ObjectView | null): boolean {
  if (!row || row.state === 'intended') return false;
  return row.origin === 'adopted' || row.appliedHash === desired.hash;
}

/** The cluster does not keep who deletes. */
function deletion({ title }: RenderedObject): FieldDifference {
  return { path: '', desired: title, live: null, manager: null, at: null };
}

function fieldsOf(
  workload: Workload,
  { key, name, object }: RenderedObject,
  live: KubernetesObject,
  observation: WorkloadObservation,
  isApplied: boolean,
): readonly FieldDifference[] {
  const ignored = [
    ...ignoredFields(workload, name),
    ...yieldedFields(live, workload.spec.policy, observation.unscaled.has(key)),
  ];
  const found = findDifferences(object, live, { ignored, isApplied });
  // As the API server answered to our last apply: then that is its way of storing it.
  const isAccepted = found.length > 0 && observation.accepted.get(key) === fingerprint(object, live);
  return isAccepted ? [] : found;
}

/**
 * Hash of the render that was applied to an object last. What somebody else wrote into our marks says nothing; then it
 * is what was recorded.
 */
export function appliedHashOf(live: KubernetesObject, row: ObjectView | null): string | null {
  const { renderHash } = marksOf(live);
  return renderHash !== null && isOurMark(live, outsideAnnotations.render) ? renderHash : (row?.appliedHash ?? null);
}

/** The generation in the marks; null when they lack it or somebody else wrote it. */
export function markedGenerationOf(live: KubernetesObject): number | null {
  return isOurMark(live, outsideAnnotations.generation) ? marksOf(live).generation : null;
}

const annotation = (name: string): FieldPath => [{ field: 'metadata' }, { field: 'annotations' }, { field: name }];

/** Also true where the object does not say who set what. */
function isOurMark(live: KubernetesObject, name: string): boolean {
  const entries = managedEntries(live);
  const isKnown = entries.some((entry) => isOurEntry(entry) && entry.isApply);
  return !isKnown || isSetByUs(entries, annotation(name));
}

function marksTakenOff(workload: Workload, { hash }: RenderedObject, live: KubernetesObject): FieldDifference[] {
  const seen = live.metadata.annotations ?? {};
  const generation = String(markedGenerationOf(live) ?? workload.generation);
  const wanted = {
    [outsideAnnotations.resource]: workload.id,
    [outsideAnnotations.generation]: generation,
    [outsideAnnotations.render]: hash,
  };
  return Object.entries(wanted)
    .filter(([name, value]) => seen[name] !== value)
    .map(([name, desired]) => {
      const path = annotation(name);
      return { path: pathText(path), desired, live: seen[name] ?? null, ...whoChanged(managedEntries(live), path) };
    });
}
