import type { JsonObject } from '../../lib/canonical.js';

/** An object of a cluster, as its API server shows it to anybody. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly controller?: boolean }[];
  };
  readonly spec?: JsonObject;
  readonly data?: JsonObject;
}

/** The app instance that it is of, by its label; null: it is none of ours. */
export const instanceOf = ({ metadata }: ClusterObject): string | null =>
  metadata.labels?.['portolan.dev/instance'] ?? null;

/** The workload that made it, by its annotation; null: none did. What another object made, such as a ReplicaSet, copies the annotation. */
export function workloadOf({ metadata }: ClusterObject): string | null {
  if (metadata.ownerReferences?.some(({ controller }) => controller === true)) return null;
  return metadata.annotations?.['portolan.dev/resource'] ?? null;
}

/** `Kind/namespace/name`. */
export const titleOf = ({ kind, metadata }: ClusterObject): string =>
  [kind, ...(metadata.namespace === undefined ? [] : [metadata.namespace]), metadata.name].join('/');
