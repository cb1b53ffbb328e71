import type { ExecutionContext, TestFn } from 'ava';
import type { KubernetesObject, ObjectKey } from '../../drivers/kubernetes/driver.js';
import { WebhookError } from '../../drivers/kubernetes/errors.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { type Applying, startApplying } from './applying-steps.js';
import { brokenImage } from './apps.js';
import {
  cronJobOf,
  definitionOf,
  deploymentOf,
  eventAbout,
  failingWebhook,
  jobOf,
  podOf,
  quotaOf,
  startedJob,
  statefulSetOf,
  volumeOf,
} from './health-objects.js';
import { createRig } from './rig.js';
import type { LoopWorld } from './world.js';

/** What must hold of health: what is wrong is said in words, and is over with no edit once it was mended outside. */
export function declareHealthList(test: TestFn, world: () => LoopWorld): void {
  const start = (t: ExecutionContext) => startApplying(t, world());
  const component = (...objects: readonly object[]) => [{ name: 'web', type: 'manifests', objects }];

  test.serial('an image that cannot be pulled is told with component, object and image', async (t) => {
    const { rig } = await start(t);
    const instance = await rig.deploy(component(deploymentOf({ image: brokenImage })));
    const { reason, message } = await rig.becomes(instance.id, 'Degraded');
    t.is(reason, 'ImagePullFailed');
    t.true(message.startsWith(`web: Deployment/web: Image ${brokenImage} of container main cannot be pulled`), message);
  });

  test.serial('a crash loop is told with exit code and last lines', async (t) => {
    const { rig } = await start(t);
    const instance = await rig.deploy(component(deploymentOf({ image: 'example.com/crash-loop:1' })));
    const { reason, message } = await rig.says(instance.id, /exits with code 1: /);
    t.is(reason, 'CrashLoop');
    t.regex(message, /^web: Deployment\/web: Container main exits with code 1: .*(told to crash|connection refused)/);
  });

  test.serial('a Job that failed is told with its exit code', async (t) => {
    const { rig } = await start(t);
    const instance = await rig.deploy(component(jobOf('example.com/crash-loop:1')));
    const { message } = await rig.becomes(instance.id, 'Degraded');
    t.regex(message, /^web: Job\/web: It failed: .*exits with code 1/s);
  });

  test.serial('a CronJob tells that its last job failed, until one does well', async (t) => {
    const applying = await start(t);
    const { rig } = applying;
    const instance = await rig.deploy(component(cronJobOf()));
    await rig.becomes(instance.id, 'Healthy');
    const key = { apiVersion: 'batch/v1', kind: 'CronJob', namespace: instance.namespace, name: 'web' };
    const cronJob = await applying.read(key);
    // As `kubectl create job --from=cronjob/web` does.
    await applying.create(startedJob(cronJob, 'by-hand-1', 'example.com/crash-loop:1'));
    const { message } = await rig.becomes(instance.id, 'Degraded');
    t.regex(message, /^web: CronJob\/web: Its last job by-hand-1 failed: .*exits with code 1/s);
    await applying.create(startedJob(cronJob, 'by-hand-2', 'example.com/web:1'));
    await rig.becomes(instance.id, 'Healthy');
  });

  test.serial('pods that no node takes are told with the reason, and are placed when a node does', async (t) => {
    const applying = await start(t);
    const { rig, unique } = applying;
    const nodeSelector = { 'example.com/pool': unique };
    const instance = await rig.deploy(component(deploymentOf({ pod: { nodeSelector } })));
    const { reason, message } = await rig.becomes(instance.id, 'Degraded');
    t.is(reason, 'Unschedulable');
    t.regex(message, /Pod cannot be placed on a node: 0\/\d+ nodes are available: .*node affinity\/selector/);
    const node = await firstNode(applying);
    await world().editByHand(rig.runtimeId, node, { metadata: { labels: nodeSelector } });
    t.teardown(() => world().editByHand(rig.runtimeId, node, { metadata: { labels: { 'example.com/pool': null } } }));
    await rig.becomes(instance.id, 'Healthy');
  });

  for (const { kind, make } of [
    { kind: 'Deployment', make: deploymentOf },
    { kind: 'StatefulSet', make: statefulSetOf },
  ]) {
    test.serial(
      `a quota that is used up is told by name for a ${kind}, and it goes on when there is more`,
      async (t) => {
        const applying = await start(t);
        const { rig } = applying;
        const instance = await rig.deploy(component(make({ replicas: 1 })));
        await rig.becomes(instance.id, 'Healthy');
        const limit = await applying.create(quotaOf(instance.namespace));
        await isCounted(applying, limit);
        await applying.refuses(podOf(instance.namespace), 'exceeded quota: few-pods');
        await rig.deploy(component(make({ replicas: 2 })));
        const { health, reason, message } = await rig.says(instance.id, /Quota few-pods/);
        t.deepEqual([health, reason], ['Degraded', 'QuotaExceeded']);
        t.regex(
          message,
          new RegExp(`^web: ${kind}/web: Quota few-pods is used up, so its pods cannot be made: pods=1 of pods=1`),
        );
        await world().editByHand(rig.runtimeId, keyOf(limit), { spec: { hard: { pods: '5' } } });
        await rig.becomes(instance.id, 'Healthy');
      },
    );
  }

  test.serial('a webhook that fails is told by name, for pods and for what is applied, until it is gone', async (t) => {
    const applying = await start(t);
    const { rig } = applying;
    const settings = (color: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings' },
      data: { color },
    });
    const instance = await rig.deploy(component(deploymentOf({}), settings('blue')));
    await rig.becomes(instance.id, 'Healthy');
    const hook = await applying.create(failingWebhook(applying.unique, instance.id));
    const remove = () => applying.delete(keyOf(hook)).catch(() => {});
    t.teardown(remove);
    const { namespace } = instance;
    const sample = { ...settings('green'), metadata: { name: 'settings', namespace } };
    await isAsked(applying, sample);
    await rig.deploy(component(deploymentOf({ image: 'example.com/web:2' }), settings('blue')));
    const seen = await rig.says(instance.id, /webhook fails\.example\.com cannot be asked/);
    t.is(seen.reason, 'WebhookFailed');
    t.regex(seen.message, /^web: Deployment\/web: Its pods cannot be made: /);
    await rig.deploy(component(deploymentOf({}), settings('green')));
    const refused = await rig.says(instance.id, /ConfigMap\/settings: .*webhook "fails\.example\.com"/);
    t.is(refused.reason, 'WebhookFailed');
    await remove();
    await rig.becomes(instance.id, 'Healthy');
    const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
    t.deepEqual((await applying.read(key))?.data, { color: 'green' });
  });

  test.serial('a claim that waits is told with the reason, and is bound when a volume comes', async (t) => {
    const applying = await start(t);
    const { rig, unique } = applying;
    const storageClassName = `later-${unique}`;
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    const instance = await rig.deploy(component(claim, deploymentOf({ pod: { volumes } })));
    const { health, reason, message } = await rig.says(instance.id, /storageclass/);
    t.deepEqual([health, reason], ['Progressing', 'NotBound']);
    t.true(message.includes(`storageclass.storage.k8s.io "${storageClassName}" not found`), message);
    const volume = await applying.create(volumeOf(storageClassName));
    const storageClass = await applying.create({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: storageClassName },
      provisioner: 'nobody.example.com',
    });
    t.teardown(async () => {
      for (const made of [storageClass, volume]) await applying.delete(keyOf(made)).catch(() => {});
    });
    await rig.becomes(instance.id, 'Healthy');
  });

  test.serial('a kind is as healthy as the app says, in its own words', async (t) => {
    const applying = await start(t);
    const { rig, unique } = applying;
    const group = `sea-${unique}.example.com`;
    const port = { apiVersion: `${group}/v1`, kind: 'Port', metadata: { name: 'home' }, spec: { berths: 3 } };
    const health = [
      {
        apiVersion: `${group}/v1`,
        kind: 'Port',
        rules: [
          {
            health: 'Degraded' as const,
            when: 'self.spec.berths > 9',
            message: '"too large: " + string(self.spec.berths)',
          },
          { health: 'Healthy' as const, when: 'self.metadata.?labels.?state.orValue("") == "open"' },
        ],
      },
    ];
    const policy = { health, ignore: [{ path: 'metadata.labels.state' }] };
    const components = (berths: number) => component({ ...port, spec: { berths } }, definitionOf(group));
    const instance = await rig.deploy(components(3), { policy });
    await rig.says(instance.id, /Port\/home: None of its health rules is true yet/);
    const key = { apiVersion: port.apiVersion, kind: port.kind, namespace: instance.namespace, name: 'home' };
    await world().editByHand(rig.runtimeId, key, { metadata: { labels: { state: 'open' } } });
    await rig.becomes(instance.id, 'Healthy');
    await rig.deploy(components(10), { policy });
    const { message } = await rig.becomes(instance.id, 'Degraded');
    t.is(message, 'web: Port/home: too large: 10');
  });

  test.serial(
    'what a cluster tells is shown with its object, and counted once by one controller after another',
    async (t) => {
      const server = await startTestServer(t);
      const rig = await createRig(t, server, world());
      const first = rig.start();
      const instance = await rig.deploy(component(deploymentOf({ image: brokenImage })));
      await rig.becomes(instance.id, 'Degraded');
      const told = (wanted: readonly string[]) =>
        eventually(
          async () => {
            const { data } = await server.query<ToldAnswer>(toldQuery, { id: instance.id });
            const events = data?.node.children.nodes
              .flatMap(({ objects }) => objects.nodes)
              .filter(({ kind }) => kind === 'Deployment')
              .flatMap((object) => object.events.nodes);
            for (const reason of wanted) {
              if (!events?.some((event) => event.reason === reason))
                throw new Error(`Not told: ${JSON.stringify(data)}`);
            }
            return events ?? [];
          },
          { timeoutMs: world().patienceMs, everyMs: 100 },
        );
      const before = await told(['ScalingReplicaSet', 'SuccessfulCreate', 'Scheduled']);
      const about = (reason: string) => before.find((event) => event.reason === reason);
      t.like(about('ScalingReplicaSet'), {
        object: `Deployment/${instance.namespace}/web`,
        ownerObject: null,
        count: 1,
      });
      t.regex(about('SuccessfulCreate')?.object ?? '', /^ReplicaSet\/.*\/web-/);
      t.regex(about('Scheduled')?.object ?? '', /^Pod\/.*\/web-/);
      await first.close();
      rig.start();
      const signal = AbortSignal.timeout(60_000);
      const { namespace } = instance;
      await rig.driver.apply(eventAbout(namespace, 'Checked'), { force: true, signal });
      const after = await told(['Checked']);
      for (const reason of ['ScalingReplicaSet', 'SuccessfulCreate', 'Scheduled']) {
        const countsOf = (events: typeof before) =>
          events.filter((event) => event.reason === reason).map(({ count }) => count);
        t.deepEqual(countsOf(after), countsOf(before), reason);
      }
    },
  );
}

const toldQuery = `query ($id: ID!) { node(id: $id) { ... on AppInstance { children { nodes {
  objects { nodes { kind events(first: 100) { nodes { object ownerObject reason count } } } }
} } } } }`;

interface ToldAnswer {
  readonly node: {
    readonly children: {
      readonly nodes: readonly {
        readonly objects: {
          readonly nodes: readonly {
            readonly kind: string;
            readonly events: {
              readonly nodes: readonly {
                readonly object: string;
                readonly ownerObject: string | null;
                readonly reason: string;
                readonly count: number;
              }[];
            };
          }[];
        };
      }[];
    };
  };
}

async function firstNode({ rig }: Applying): Promise<ObjectKey> {
  const type = { apiVersion: 'v1', kind: 'Node', plural: 'nodes', isNamespaced: false };
  const { objects } = await rig.driver.list(type, { selector: '', signal: AbortSignal.timeout(60_000) });
  return { apiVersion: 'v1', kind: 'Node', namespace: null, name: objects[0]?.metadata.name ?? 'none' };
}

/** Until then the quota holds for nobody. */
async function isCounted(applying: Applying, limit: KubernetesObject): Promise<void> {
  await applying.until(keyOf(limit), ({ status }) => JSON.stringify(status ?? {}).includes('"used":{"pods":"1"}'));
}

/** An API server takes a moment until it asks a new webhook. */
async function isAsked({ rig }: Applying, object: KubernetesObject): Promise<void> {
  await eventually(
    async () => {
      const options = { force: true, dryRun: true, signal: AbortSignal.timeout(60_000) };
      const error = await rig.driver.apply(object, options).catch((refusal: unknown) => refusal);
      if (!(error instanceof WebhookError)) throw new Error(`It was ${String(error)}.`);
    },
    { timeoutMs: 30_000, everyMs: 100 },
  );
}

function keyOf({ apiVersion, kind, metadata }: KubernetesObject): ObjectKey {
  return { apiVersion, kind, namespace: metadata.namespace ?? null, name: metadata.name };
}
