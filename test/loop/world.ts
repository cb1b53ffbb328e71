import type { KubernetesDriver, KubernetesObject, ObjectKey } from '../../drivers/kubernetes/driver.js';
import type { Transport } from '../../drivers/kubernetes/transport.js';
import type { JsonObject } from '../../lib/canonical.js';
import type { SeenObject } from '../helpers/agreement/seen-object.js';

/** A cluster as the loop tests use it: simulated or real. Tests see the same list of what must hold on both. */
export interface LoopWorld {
  /** Spec of the KubernetesRuntime to register. */
  readonly runtimeSpec: JsonObject;
  /** For controllers; null where no sandbox is needed. */
  readonly sandboxSocketPath: string | null;
  /** Past the controllers, to look at what is there. */
  openDriver(runtimeId: string): KubernetesDriver;
  /** The same, for requests that our driver does not make, such as those of other programs. */
  openTransport(runtimeId: string): Transport;
  /** Everything that the cluster has, of every kind but events; past all drivers, and past faults. */
  readAll(runtimeId: string): Promise<readonly SeenObject[]>;
  /** From now on nobody reaches the cluster by the way that the runtime names. */
  goAway(runtimeId: string): Promise<void>;
  comeBack(runtimeId: string): Promise<void>;
  /** Merges `patch` as a person does with kubectl, which the cluster knows as `kubectl-patch`. */
  editByHand(runtimeId: string, key: ObjectKey, patch: JsonObject): Promise<void>;
  /** Deletes as a person does with kubectl; waits for nothing. */
  deleteByHand(runtimeId: string, key: ObjectKey): Promise<void>;
  /** How long a roll-out or a removal may take here. */
  readonly patienceMs: number;
}

const types = [
  ['v1', 'Namespace', 'namespaces', false],
  ['v1', 'Secret', 'secrets', true],
  ['v1', 'ConfigMap', 'configmaps', true],
  ['v1', 'Service', 'services', true],
  ['v1', 'ServiceAccount', 'serviceaccounts', true],
  ['v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', true],
  ['v1', 'Pod', 'pods', true],
  ['apps/v1', 'Deployment', 'deployments', true],
  ['apps/v1', 'StatefulSet', 'statefulsets', true],
] as const;

/** All objects of an app instance, pods included, wherever they are. */
export async function objectsOf(driver: KubernetesDriver, instanceId: string): Promise<readonly KubernetesObject[]> {
  const signal = AbortSignal.timeout(60_000);
  const selector = `portolan.dev/instance=${instanceId}`;
  const lists = await Promise.all(
    types.map(([apiVersion, kind, plural, isNamespaced]) =>
      driver.list({ apiVersion, kind, plural, isNamespaced }, { selector, signal }),
    ),
  );
  return lists.flatMap(({ objects }) => objects);
}

/** Those that Portolan itself made: pods and the like carry its labels, not its marks. */
export function madeBy(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.filter(({ metadata }) => metadata.annotations?.['portolan.dev/resource'] !== undefined);
}

/** `Kind/name` of what Portolan itself made, in order. */
export function namesOf(objects: readonly KubernetesObject[]): readonly string[] {
  return madeBy(objects).map(nameOf).sort();
}

export const nameOf = ({ kind, metadata }: KubernetesObject): string => `${kind}/${metadata.name}`;
