import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';
import type { KubernetesObject, ObjectKey } from '../../drivers/kubernetes/driver.js';

/** Names one object whatever version it is read in. Empty group: core. Empty namespace: the kind has none. */
export interface ObjectName {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The same text for the same object, to be a key of maps. */
export function keyOf({ group, kind, namespace, name }: ObjectName): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** The key of an object as it is or as it is rendered. */
export function keyOfObject(object: KubernetesObject): string {
  return keyOf(nameOfObject(object));
}

export function nameOfObject(object: KubernetesObject): ObjectName {
  const { group } = splitApiVersion(object.apiVersion);
  return { group, kind: object.kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}

/** From how the driver names it. */
export function toObjectName({ apiVersion, kind, namespace, name }: ObjectKey): ObjectName {
  return { group: splitApiVersion(apiVersion).group, kind, namespace: namespace ?? '', name };
}

/** As the driver names it. */
export function toObjectKey({ group, kind, namespace, name }: ObjectName, version: string): ObjectKey {
  return {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    namespace: namespace === '' ? null : namespace,
    name,
  };
}

/** `Kind/name`: for what is read beside the namespace anyway, such as a status. */
export function shortTitle({ kind, name }: ObjectName): string {
  return `${kind}/${name}`;
}

/**
 * `Kind/namespace/name`, or `Kind/name`: as events and people name it. By join: what a template puts together holds its
 * parts as well, and this is kept for every object.
 */
export function titleOf({ kind, namespace, name }: ObjectName): string {
  return (namespace === '' ? [kind, name] : [kind, namespace, name]).join('/');
}
