import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import type { ObjectView } from '../../sdk/resource.js';
import { marksOf, outsideAnnotations } from '../marks.js';
import { isSetByUs, managedEntries } from './drift/managed-fields.js';
import { rowOf } from './inventory.js';
import { keyOf, nameOfObject } from './object-name.js';
import type { Workload } from './render.js';

/**
 * Rows for objects that this workload made and nobody knows of: a pass that was frozen between its look at the lease and
 * its write made them after somebody else had gone on without. They are taken into the inventory, and then are what any
 * other object in it is. `marked`: what says that it belongs to the workload. A copy of an object says so too, but we
 * have not set it there. Pure.
 */
export function strayRows(
  workload: Pick<Workload, 'generation'>,
  runtimeId: string,
  marked: readonly KubernetesObject[],
  isKnown: (key: string) => boolean,
): readonly ObjectView[] {
  return marked.flatMap((object) => {
    const name = nameOfObject(object);
    if (isKnown(keyOf(name)) || !isMadeByUs(object)) return [];
    const { generation } = marksOf(object);
    if (generation === null || generation > workload.generation) return [];
    return [{ ...rowOf({ name, object }), runtimeId }];
  });
}

const path = ['metadata', 'annotations', outsideAnnotations.resource].map((field) => ({ field }));

function isMadeByUs(object: KubernetesObject): boolean {
  if (object.metadata.ownerReferences?.some((owner) => owner.controller === true)) return false;
  return isSetByUs(managedEntries(object), path);
}
