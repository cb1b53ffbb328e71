import { kebabCase } from '../../lib/names.js';
import type { ReferenceView } from '../../sdk/resource.js';

/** What a resource is called in its cloud: it follows from kind and id, so that what a lost reply made is found again. */
export function cloudName({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kebabCase(kind)}-${id}`;
}

/** What the resource at the reference `path` is called in its cloud; empty when there is no such reference. */
export function cloudNameAt(path: string, { references }: { readonly references: readonly ReferenceView[] }): string {
  const reference = references.find((each) => each.path === path);
  return reference ? cloudName(reference) : '';
}

/** By what name the sandbox reaches the Kubernetes API of a CloudCluster. */
export function kubernetesName({ id }: { readonly id: string }): string {
  return `cloud-${id}`;
}
