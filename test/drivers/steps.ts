import type { ExecutionContext } from 'ava';
import { createApiDriver } from '../../drivers/kubernetes/api-driver.js';
import type {
  KubernetesDriver,
  KubernetesObject,
  ObjectKey,
  ResourceType,
  WatchEvent,
} from '../../drivers/kubernetes/driver.js';
import { objectHealth } from '../../drivers/kubernetes/health.js';
import type { Transport } from '../../drivers/kubernetes/transport.js';
import { eventually } from '../helpers/eventually.js';

/** What takes a few seconds on an idle machine. */
export const patience = { timeoutMs: 60_000, everyMs: 50 };

/** The tests end by themselves; nothing here is aborted unless a test says so. */
export const signal = new AbortController().signal;

export const configMaps = type('v1', 'ConfigMap', 'configmaps', true);

export function type(apiVersion: string, kind: string, plural: string, isNamespaced: boolean): ResourceType {
  return { apiVersion, kind, plural, isNamespaced };
}

export function apply(driver: KubernetesDriver, object: KubernetesObject): Promise<KubernetesObject> {
  return driver.apply(object, { force: false, signal });
}

export async function applyAs(transport: Transport, fieldManager: string, object: KubernetesObject): Promise<void> {
  const resolved = await createApiDriver(transport).resolve(object.apiVersion, object.kind, signal);
  const root = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
  const response = await transport.request({
    method: 'PATCH',
    path: `${root}/namespaces/${object.metadata.namespace}/${resolved?.plural}/${object.metadata.name}`,
    query: { fieldManager },
    body: object,
    contentType: 'application/apply-patch+yaml',
    signal,
  });
  if (response.status >= 300) throw new Error(`Applying as ${fieldManager}: ${JSON.stringify(response.body)}`);
}

export async function healthOf(driver: KubernetesDriver, key: ObjectKey) {
  const object = await driver.get(key, signal);
  if (!object) throw new Error(`${key.kind} ${key.name} is not there`);
  return objectHealth(object, { pods: key.namespace === null ? [] : await podsIn(driver, key.namespace) });
}

export async function healthy(driver: KubernetesDriver, key: ObjectKey): Promise<KubernetesObject> {
  return eventually(async () => {
    const { health, message } = await healthOf(driver, key);
    equal(`${health} ${message}`.trim().split(' ')[0], 'Healthy');
    const object = await driver.get(key, signal);
    if (!object) throw new Error('gone');
    return object;
  }, patience);
}

export async function podsIn(driver: KubernetesDriver, namespace: string): Promise<readonly KubernetesObject[]> {
  return (await driver.list(type('v1', 'Pod', 'pods', true), { selector: '', namespace, signal })).objects;
}

/** A server takes no pod into a namespace before its service account is there, which its controllers make. */
export async function podsAllowed(driver: KubernetesDriver, namespace: string): Promise<void> {
  const key = { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: 'default' };
  await eventually(async () => truthy(await driver.get(key, signal)), patience);
}

export function absent(driver: KubernetesDriver, key: ObjectKey): Promise<void> {
  return eventually(async () => equal(await driver.get(key, signal), null), patience);
}

/** A signal that ends with the test. */
export function ending(t: ExecutionContext): AbortSignal {
  const controller = new AbortController();
  t.teardown(() => controller.abort());
  return controller.signal;
}

export interface Collected {
  readonly changes: Exclude<WatchEvent, { type: 'bookmark' }>[];
  error: unknown;
  ended: Promise<void>;
}

export function collect(watch: AsyncIterable<WatchEvent>): Collected {
  const collected: Collected = { changes: [], error: null, ended: Promise.resolve() };
  collected.ended = (async () => {
    try {
      for await (const event of watch) if (event.type !== 'bookmark') collected.changes.push(event);
    } catch (error) {
      collected.error = error;
    }
  })();
  return collected;
}

export function keyOf(object: KubernetesObject): ObjectKey {
  const { name, namespace = null } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, namespace, name };
}

export function deploymentKey(namespace: string): ObjectKey {
  return { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
}

export function replicasOf(object: KubernetesObject | null): number | undefined {
  return (object?.spec as { replicas?: number } | undefined)?.replicas;
}

export type PodSpec = { readonly containers: readonly { readonly name: string; readonly image: string }[] };

export function withContainers(deployment: KubernetesObject, names: readonly string[]): KubernetesObject {
  const spec = deployment.spec as { readonly template: { readonly spec: object } };
  const containers = names.map((name) => ({ name, image: 'example.test/web:1' }));
  return { ...deployment, spec: { ...spec, template: { ...spec.template, spec: { containers } } } };
}

export function containerNames(deployment: KubernetesObject): readonly string[] {
  return (deployment.spec as { template: { spec: PodSpec } }).template.spec.containers.map(
    (container) => container.name,
  );
}

export function imageOf(pod: KubernetesObject): string | undefined {
  return (pod.spec as PodSpec).containers[0]?.image;
}

export function equal(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

export function truthy(value: unknown): void {
  if (!value) throw new Error('expected something, got nothing');
}
