import { randomBytes } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import { rootOf } from '../../drivers/kubernetes/discovery.js';
import type { KubernetesObject, ObjectKey } from '../../drivers/kubernetes/driver.js';
import type { JsonObject } from '../../lib/canonical.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { createRig, type Instance, type Rig } from './rig.js';
import type { LoopWorld } from './world.js';

/** A rig whose controllers run, and what else happens in its cluster. */
export interface Applying {
  readonly rig: Rig;
  /** In nobody's way: part of names that a cluster has only once. */
  readonly unique: string;
  read(key: ObjectKey): Promise<KubernetesObject | null>;
  /** Waits until the object is so; null: until it is not there. */
  until(key: ObjectKey, isSo: ((object: KubernetesObject) => boolean) | null): Promise<KubernetesObject | null>;
  /** Makes an object as another program does. */
  create(object: KubernetesObject): Promise<KubernetesObject>;
  delete(key: ObjectKey): Promise<void>;
  /** Merges a patch as a hand does. */
  edit(key: ObjectKey, patch: JsonObject): Promise<void>;
  /** Waits until SYNCED of the workload `web` says so, and gives its reason. */
  synced(instance: Instance, message: RegExp): Promise<string>;
  /** Waits until the cluster refuses to make the object, and says so in these words. */
  refuses(object: KubernetesObject, words: string): Promise<void>;
  /** Ends the controllers, or begins with new ones that remember nothing. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Sets the scale of an object as the controller of HorizontalPodAutoscalers does. */
  scale(key: ObjectKey, replicas: number): Promise<void>;
  /** Waits for an event, and gives its message. `object`: `Kind/name`. */
  told(instance: Instance, reason: string, object: string): Promise<string>;
  /** `Kind/name` of all that carries the label of the instance, pods and the like included, of any kind. */
  everything(instance: Instance): Promise<readonly string[]>;
}

export async function startApplying(t: ExecutionContext, world: LoopWorld): Promise<Applying> {
  const rig = await createRig(t, await startTestServer(t), world);
  let controllers = rig.start();
  const transport = world.openTransport(rig.runtimeId);
  t.teardown(() => transport.close());
  const signal = AbortSignal.timeout(10 * 60_000);
  const wait = { timeoutMs: world.patienceMs, everyMs: 50 };
  const read = (key: ObjectKey) => rig.driver.get(key, signal);

  const pathOf = async ({ apiVersion, kind, namespace, name }: ObjectKey): Promise<string> => {
    const type = await rig.driver.resolve(apiVersion, kind, signal);
    if (!type) throw new Error(`The cluster does not serve ${kind} of ${apiVersion}.`);
    const within = namespace === null ? '' : `/namespaces/${namespace}`;
    return `${rootOf(apiVersion)}${within}/${type.plural}${name === '' ? '' : `/${name}`}`;
  };
  const send = async (method: 'POST' | 'PUT', path: string, body: JsonObject, fieldManager: string) => {
    const answer = await transport.request({ method, path, query: { fieldManager }, body, signal });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body as KubernetesObject;
  };

  return {
    rig,
    unique: randomBytes(4).toString('hex'),
    read,
    until: (key, isSo) =>
      eventually(async () => {
        const object = await read(key);
        const isMet = isSo === null ? object === null : object !== null && isSo(object);
        if (!isMet) throw new Error(`${key.kind} ${key.name} is ${JSON.stringify(object)}.`);
        return object;
      }, wait),
    async create(object) {
      const { apiVersion, kind, metadata } = object;
      const path = await pathOf({ apiVersion, kind, namespace: metadata.namespace ?? null, name: '' });
      return send('POST', path, object as unknown as JsonObject, 'kubectl-create');
    },
    delete: (key) => world.deleteByHand(rig.runtimeId, key),
    refuses: (object, words) =>
      eventually(async () => {
        const path = await pathOf({ ...object, namespace: object.metadata.namespace ?? null, name: '' });
        const query = { fieldManager: 'kubectl-create', dryRun: 'All' };
        const { body } = await transport.request({ method: 'POST', path, query, body: object, signal });
        const said = JSON.stringify(body);
        if (!said.includes(words)) throw new Error(`It is not refused: ${said}`);
      }, wait),
    stop: () => controllers.close(),
    async start() {
      controllers = rig.start();
    },
    edit: (key, patch) => world.editByHand(rig.runtimeId, key, patch),
    synced: ({ id }, message) =>
      eventually(async () => {
        const { resources } = await rig.sdk.ListControlledResources({ filter: { kinds: ['Workload'], ownerId: id } });
        const conditions = resources.nodes.flatMap(({ name, status }) => (name === 'web' ? status.conditions : []));
        const found = conditions.find(({ type }) => type === 'Synced');
        if (!found || !message.test(found.message)) throw new Error(`It says ${JSON.stringify(conditions)}.`);
        return found.reason;
      }, wait),
    async scale(key, replicas) {
      const path = `${await pathOf(key)}/scale`;
      // What changes in between is read again, as that controller does.
      await eventually(async () => {
        const { body } = await transport.request({ method: 'GET', path, signal });
        await send('PUT', path, { ...(body as JsonObject), spec: { replicas } }, 'kube-controller-manager');
      }, wait);
    },
    told: (instance, reason, object) =>
      eventually(async () => {
        const { events } = await rig.sdk.ListEvents({ filter: { resourceId: instance.id, withChildren: true } });
        const [kind, name] = object.split('/');
        const isAbout = (title: string) => title.startsWith(`${kind}/`) && title.endsWith(`/${name}`);
        const found = events.nodes.find((event) => event.reason === reason && isAbout(event.object));
        if (!found) throw new Error(`Not told: ${events.nodes.map((each) => `${each.reason} ${each.object}`).join()}`);
        return found.message;
      }, wait),
    async everything({ id }) {
      const all = await world.readAll(rig.runtimeId);
      return all
        .filter(({ metadata }) => metadata.labels?.['portolan.dev/instance'] === id)
        .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
        .sort();
    },
  };
}

export const namespaceKey = (name: string): ObjectKey => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  namespace: null,
  name,
});

/** A key in the namespace of an instance. */
export function keyIn({ namespace }: Instance, apiVersion: string, kind: string, name: string): ObjectKey {
  return { apiVersion, kind, namespace, name };
}

export const uidOf = (object: KubernetesObject | null): string => object?.metadata.uid ?? '';
