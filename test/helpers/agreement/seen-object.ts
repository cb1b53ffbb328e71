import type { JsonObject } from '../../../lib/canonical.js';

/** An object as the cluster has it, read by the test itself. */
export interface SeenObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly controller?: boolean }[];
  };
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

/** `Kind.group/namespace/name`; the same whatever version it is read in. */
export function keyOf(group: string, kind: string, namespace: string, name: string): string {
  return `${kind}${group && `.${group}`}/${namespace && `${namespace}/`}${name}`;
}

export function keyOfSeen({
  apiVersion,
  kind,
  metadata,
}: Pick<SeenObject, 'apiVersion' | 'kind' | 'metadata'>): string {
  return keyOf(groupOf(apiVersion), kind, metadata.namespace ?? '', metadata.name);
}

export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}
