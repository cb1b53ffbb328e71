import type { KubernetesDriver, KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { NotFoundError } from '../../drivers/kubernetes/errors.js';

/** What to look for after a removal: everything in the namespaces that the app had, and the namespaces. */
export interface Footprint {
  readonly namespaces: readonly string[];
  /** `apiVersion kind` of what is looked for. */
  readonly types: readonly (readonly [apiVersion: string, kind: string])[];
}

/** What examples are made of, and what a cluster makes of it. */
export const demoTypes: Footprint['types'] = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'ReplicaSet'],
  ['apps/v1', 'StatefulSet'],
  ['v1', 'Pod'],
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'ServiceAccount'],
  ['v1', 'PersistentVolumeClaim'],
  ['policy/v1', 'PodDisruptionBudget'],
];

/** Asks the cluster itself what is still there, as `Kind namespace/name`. */
export async function listObjects(
  driver: KubernetesDriver,
  footprint: Footprint,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found: KubernetesObject[] = [];
  for (const name of footprint.namespaces) {
    const namespace = await driver.get({ apiVersion: 'v1', kind: 'Namespace', namespace: null, name }, signal);
    if (namespace) found.push(namespace);
    for (const [apiVersion, kind] of footprint.types) {
      const type = await driver.resolve(apiVersion, kind, signal);
      if (type) found.push(...(await listIn(driver, type, name, signal)));
    }
  }
  return found.map(({ kind, metadata }) =>
    [kind, [metadata.namespace, metadata.name].filter(Boolean).join('/')].join(' '),
  );
}

async function listIn(
  driver: KubernetesDriver,
  type: Parameters<KubernetesDriver['list']>[0],
  namespace: string,
  signal: AbortSignal,
) {
  try {
    return (await driver.list(type, { selector: '', namespace, signal })).objects.map((object) => ({
      ...object,
      kind: type.kind,
    }));
  } catch (error) {
    // The namespace itself is gone, and with it all that was in it.
    if (error instanceof NotFoundError) return [];
    throw error;
  }
}
