import type { ExecutionContext, TestFn } from 'ava';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { conditionOf } from '../../drivers/kubernetes/object-fields.js';
import { given } from './applying-objects.js';
import { type Applying, namespaceKey, startApplying, uidOf } from './applying-steps.js';
import type { Instance } from './rig.js';
import type { LoopWorld } from './world.js';

/** What must hold of taking over what runs already. `world` is asked for when a test begins. */
export function declareAdoptingList(test: TestFn, world: () => LoopWorld): void {
  const running = async (t: ExecutionContext) => {
    const on = await startApplying(t, world());
    const namespace = `legacy-${on.unique}`;
    await on.rig.becomes(on.rig.runtimeId, 'Healthy');
    await on.create(given.namespace(namespace));
    const password = 'canary-of-the-adopted';
    const objects = await Promise.all(
      [
        given.configMap('settings', { color: 'blue' }, namespace),
        secret(namespace, password),
        inNamespace(given.deployment('web', 1), namespace),
        service(namespace),
      ].map((object) => on.create(object)),
    );
    const keys = objects.map(({ apiVersion, kind, metadata }) => ({
      apiVersion,
      kind,
      namespace,
      name: metadata.name,
    }));
    const deployment = keys.find(({ kind }) => kind === 'Deployment') ?? never();
    // The last that its controller writes of a rollout.
    await on.until(
      deployment,
      (object) =>
        Object(object.status).availableReplicas === 1 &&
        conditionOf(object, 'Progressing')?.reason === 'NewReplicaSetAvailable',
    );
    const input = { runtime: 'target', namespace, app: 'legacy', environment: 'dev' };
    return { ...on, namespace, keys, deployment, input, password };
  };
  type Running = Awaited<ReturnType<typeof running>>;

  const adopt = async ({ rig, input, namespace }: Running): Promise<Instance> => {
    const { adoption } = await rig.sdk.LookAtAdoption({ input });
    const { adopt: payload } = await rig.sdk.Adopt({ input: { ...input, digest: adoption.digest } });
    const id = payload.edits.find(({ kind }) => kind === 'AppInstance')?.resourceId ?? '';
    await rig.becomes(id, 'Healthy');
    return { id, name: 'legacy', environment: 'dev', namespace, release: 1 };
  };
  const podsOf = async ({ rig, namespace }: Pick<Running, 'rig' | 'namespace'>) => {
    const type = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true };
    const { objects } = await rig.driver.list(type, { selector: '', namespace, signal: AbortSignal.timeout(30_000) });
    return objects.map(uidOf).sort();
  };

  test.serial(
    'what runs is looked at first: nothing would change, and what the cluster made is left out',
    async (t) => {
      const on = await running(t);
      const { rig, input, keys, namespace, password } = on;
      const before = await Promise.all(keys.map(on.read));
      const { adoption } = await rig.sdk.LookAtAdoption({ input });
      t.true(adoption.isUnchanged, JSON.stringify(adoption.steps));
      t.deepEqual(adoption.steps.map(({ object, action }) => `${action} ${object}`).sort(), [
        `NONE ConfigMap/${namespace}/settings`,
        `NONE Deployment/${namespace}/web`,
        `NONE Secret/${namespace}/login`,
        `NONE Service/${namespace}/web`,
      ]);
      t.true(
        adoption.leftOut.some(
          ({ object, why }) =>
            object.startsWith(`ReplicaSet/${namespace}/web-`) && /belongs to Deployment\/web/.test(why),
        ),
      );
      t.true(adoption.leftOut.some(({ object }) => object.startsWith(`Pod/${namespace}/web-`)));
      t.false(JSON.stringify(adoption).includes(password));
      t.false(JSON.stringify(adoption).includes(Buffer.from(password).toString('base64')));
      const web = adoption.objects.find((object) => Object(object).kind === 'Deployment');
      t.like(web, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } });
      t.is(Object(web).status, undefined);
      t.deepEqual(
        (await Promise.all(keys.map(on.read))).map(versionOf),
        before.map(versionOf),
        'looking wrote nothing',
      );
      await on.delete(namespaceKey(namespace));
    },
  );

  test.serial(
    'taking over changes no field of a spec and restarts no pod; a later change is made as ever',
    async (t) => {
      const on = await running(t);
      const { rig, keys, deployment, namespace } = on;
      const before = await Promise.all(keys.map(on.read));
      const pods = await podsOf(on);
      const instance = await adopt(on);
      const after = await Promise.all(keys.map(on.read));
      t.deepEqual(after.map(withoutMarks), before.map(withoutMarks));
      t.deepEqual(after.map(uidOf), before.map(uidOf));
      t.true(after.every((object) => object?.metadata.labels?.['portolan.dev/instance'] === instance.id));
      t.deepEqual(await podsOf(on), pods);
      const { logs } = await rig.sdk.ReadLogs({ id: instance.id });
      t.deepEqual(logs.unavailable, [], 'its pods are found, though they carry no label of ours');

      // By a hand, and put back.
      await on.edit(deployment, {
        spec: {
          minReadySeconds: 0,
          template: { spec: { containers: [{ name: 'main', image: 'example.com/other:2' }] } },
        },
      });
      await on.until(deployment, (object) => imageOf(object) === imageOf(before[2] ?? null));

      // By a release.
      await on.edit(
        { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' },
        { metadata: { annotations: { note: 'theirs' } } },
      );
      const { app } = await readApp(on);
      const changed = JSON.parse(JSON.stringify(app).replace('"blue"', '"green"'));
      await rig.sdk.Apply({ input: { edits: [{ op: 'UPDATE', kind: 'App', name: 'legacy', spec: changed }] } });
      await rig.sdk.Deploy({ input: { app: 'legacy', environment: 'dev' } });
      const settings = await on.until(
        { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' },
        ({ data }) => Object(data).color === 'green',
      );
      t.is(settings?.metadata.annotations?.note, 'theirs');
      await rig.becomes(instance.id, 'Healthy');

      await rig.remove(instance);
      // Its pods carry our label since they were restarted.
      await rig.becomes(instance.id, 'gone');
      const left = await Promise.all(keys.map(on.read));
      t.deepEqual(left.map(uidOf), before.map(uidOf), 'all of it is still there');
      for (const object of left) {
        t.deepEqual(
          Object.keys({ ...object?.metadata.labels, ...object?.metadata.annotations }).filter((key) =>
            key.startsWith('portolan.dev/'),
          ),
          [],
          object?.kind,
        );
      }
      await on.delete(namespaceKey(namespace));
    },
  );

  test.serial('what was adopted goes with its app only when that is said', async (t) => {
    const on = await running(t);
    const { rig, keys, namespace } = on;
    const instance = await adopt(on);
    await rig.sdk.Apply({
      input: {
        edits: [
          {
            op: 'APPLY',
            kind: 'AppInstance',
            name: 'legacy',
            environment: 'dev',
            isPartial: true,
            spec: { policy: { adopted: 'delete' } },
          },
        ],
      },
    });
    await rig.becomes(instance.id, 'Healthy');
    await rig.remove(instance);
    await rig.isGone(instance);
    for (const key of keys) await on.until(key, null);
    t.truthy(await on.read(namespaceKey(namespace)), 'a namespace that was there before stays');
    await on.delete(namespaceKey(namespace));
  });

  test.serial(
    'an object that an app has already, and one that changed since it was looked at, are not taken over',
    async (t) => {
      const on = await running(t);
      const { rig, input, deployment, namespace } = on;
      const { adoption } = await rig.sdk.LookAtAdoption({ input });
      await on.edit(deployment, { spec: { replicas: 2 } });
      await t.throwsAsync(rig.sdk.Adopt({ input: { ...input, digest: adoption.digest } }), {
        message: /is not what was looked at: somebody changed it since/,
      });
      const instance = await adopt(on);
      const again = await rig.sdk.LookAtAdoption({ input: { ...input, app: 'other' } });
      t.deepEqual(again.adoption.objects, []);
      t.true(again.adoption.leftOut.some(({ why }) => why === 'An app instance of Portolan has it already.'));
      await t.throwsAsync(rig.sdk.Adopt({ input: { ...input, app: 'other', digest: again.adoption.digest } }), {
        message: /nothing in .* that could be taken over/,
      });
      await t.throwsAsync(rig.sdk.LookAtAdoption({ input: { ...input, namespace: 'nowhere' } }), {
        message: /There is no namespace nowhere on the runtime target/,
      });
      await rig.remove(instance);
      await rig.isGone(instance);
      await on.delete(namespaceKey(namespace));
    },
  );
}

async function readApp({ rig }: Pick<Applying, 'rig'>) {
  const { resource } = await rig.sdk.GetResource({ kind: 'App', name: 'legacy' });
  return { app: resource?.document };
}

const secret = (namespace: string, password: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login', namespace },
  type: 'Opaque',
  data: { password: Buffer.from(password).toString('base64') },
});

const service = (namespace: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
});

const inNamespace = (object: KubernetesObject, namespace: string): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, namespace },
});

const versionOf = (object: KubernetesObject | null) => object?.metadata.resourceVersion;

function imageOf(object: KubernetesObject | null): string {
  return Object(object).spec?.template?.spec?.containers?.[0]?.image ?? '';
}

/** All of an object but its marks, and what an API server counts. */
function withoutMarks(object: KubernetesObject | null) {
  const { metadata, status: _status, ...rest } = object ?? never();
  const { labels, annotations } = metadata;
  const left = (texts: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(texts).filter(([key]) => !key.startsWith('portolan.dev/')));
  return { ...rest, labels: left(labels), annotations: left(annotations) };
}

function never(): never {
  throw new Error('It is not there.');
}
