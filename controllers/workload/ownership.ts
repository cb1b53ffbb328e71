import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import type { ObjectView } from '../../sdk/resource.js';
import { marksOf, outsideAnnotations, outsideLabels } from '../marks.js';

/**
 * Whose a live object is, seen from one workload.
 * ours: we made it. adopted: it was there before us, and we may use it. foreign: somebody else's, not to be touched.
 */
export type Ownership =
  | { readonly type: 'ours' }
  | { readonly type: 'adopted' }
  | { readonly type: 'adoptable' }
  /** `why`: whose it is, and the way out. `isNobodys`: nothing of Portolan has to do with it. */
  | { readonly type: 'foreign'; readonly why: string; readonly isNobodys?: boolean };

/** `row` is what the inventory says of it, or null. Pure. */
export function ownershipOf(resourceId: string, live: KubernetesObject, row: ObjectView | null): Ownership {
  const { resourceId: marked } = marksOf(live);
  if (row?.origin === 'adopted') return { type: 'adopted' };
  if (marked === resourceId) return { type: 'ours' };
  if (marked !== null) return { type: 'foreign', why: ownedText(live, marked) };
  // It outlived whoever made it, for the next one to use.
  if (live.metadata.annotations?.[outsideAnnotations.kept] !== undefined) return { type: 'adoptable' };
  // Somebody took our marks off: it is still the very object that we made.
  if (row?.uid && row.uid === live.metadata.uid) return { type: 'ours' };
  // Namespaces are shared by nature, so one that is there already is used and never deleted.
  if (live.kind === 'Namespace' && live.apiVersion === 'v1') return { type: 'adoptable' };
  return {
    type: 'foreign',
    why: 'it was there already and was not made by Portolan. Delete it, or give yours another name, or take it over by naming it in policy.adopt.',
    isNobodys: !live.metadata.ownerReferences?.some((owner) => owner.controller === true),
  };
}

function ownedText({ metadata }: KubernetesObject, workloadId: string): string {
  const { [outsideLabels.component]: component, [outsideLabels.name]: app } = metadata.labels ?? {};
  const { [outsideLabels.instance]: instance = app } = metadata.labels ?? {};
  const owner =
    component && instance ? `component ${component} of the app instance ${instance}` : 'another workload of Portolan';
  return `it belongs to ${owner} already (Workload ${workloadId}), and an object has one owner. Rename it in one of them, or delete the other.`;
}
