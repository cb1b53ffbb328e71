import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { firstLines, lastWords } from '../helpers/control-plane/container-log.js';
import { startControlPlane } from '../helpers/control-plane.js';
import { eventually } from '../helpers/eventually.js';
import { needs } from '../helpers/needs.js';
import { type SharedControlPlane, sharedControlPlane } from '../helpers/shared-control-plane.js';

const test = needs('kubernetes');
/** What takes two seconds on an idle machine. */
const patience = { timeoutMs: 60_000, everyMs: 100 };

test('makes a Deployment of two ready', async (t) => {
  const { plane, namespace } = await givenNamespace();
  await apply(plane, namespace, deployment('web', 'example.test/web:1', 2));

  await eventually(
    async () => equal(await get(plane, namespace, 'deployment', 'web', '{.status.readyReplicas}'), '2'),
    patience,
  );
  t.is(await get(plane, namespace, 'deployment', 'web', '{.status.availableReplicas}'), '2');
});

const failures = [
  {
    title: 'shows ImagePullBackOff, with the image, for an image that does not exist',
    image: 'example.test/does-not-exist:7',
    path: '{.items[0].status.containerStatuses[0].state.waiting}',
    expected: /"message":"Back-off pulling image \\"example.test\/does-not-exist:7\\"","reason":"ImagePullBackOff"/,
    phase: 'Pending',
  },
  {
    title: 'shows CrashLoopBackOff for an image that exits with code 1',
    image: 'example.test/crash-loop:1',
    path: '{.items[0].status.containerStatuses[0]}',
    expected: /"lastState":\{"terminated":\{"exitCode":1.*"restartCount":[1-9].*"reason":"CrashLoopBackOff"/,
    phase: 'Running',
  },
  {
    title: 'shows a container that runs and is not ready for an image that never gets ready',
    image: 'example.test/never-ready:1',
    path: '{.items[0].status.containerStatuses[0]}',
    expected: /"ready":false.*"started":true,"state":\{"running"/,
    phase: 'Running',
  },
] as const;

for (const { title, image, path, expected, phase } of failures) {
  test(title, async (t) => {
    const { plane, namespace } = await givenNamespace();
    await apply(plane, namespace, deployment('web', image, 1));

    const pods = (jsonpath: string) => plane.kubectl(['get', 'pods', '-n', namespace, '-o', `jsonpath=${jsonpath}`]);
    await eventually(async () => matches(await pods(path), expected), patience);
    t.is(await pods('{.items[0].status.phase}'), phase);
    t.is(await pods('{.items[0].status.conditions[?(@.type=="Ready")].status}'), 'False');
  });
}

test('ends a Job, and fails one whose image exits with code 1', async (t) => {
  const { plane, namespace } = await givenNamespace();
  await apply(plane, namespace, job('good', 'example.test/migrate:1'));
  await apply(plane, namespace, job('bad', 'example.test/crash-loop:1'));

  const condition = (name: string, type: string) =>
    get(plane, namespace, 'job', name, `{.status.conditions[?(@.type=="${type}")].status}`);
  await eventually(async () => equal(await condition('good', 'Complete'), 'True'), patience);
  await eventually(async () => equal(await condition('bad', 'Failed'), 'True'), patience);
  t.is(await get(plane, namespace, 'job', 'good', '{.status.succeeded}'), '1');
});

test('binds the volume claims of a StatefulSet, and removes the volume with the claim', async (t) => {
  const { plane, namespace } = await givenNamespace();
  await apply(plane, namespace, statefulSet('store'));

  await eventually(
    async () => equal(await get(plane, namespace, 'statefulset', 'store', '{.status.readyReplicas}'), '1'),
    patience,
  );
  t.is(await get(plane, namespace, 'pvc', 'data-store-0', '{.status.phase}'), 'Bound');
  const volume = await get(plane, namespace, 'pvc', 'data-store-0', '{.spec.volumeName}');

  await plane.kubectl(['delete', '-n', namespace, 'statefulset/store', 'pvc/data-store-0', '--wait=false']);
  await eventually(async () => {
    const names = await plane.kubectl(['get', 'pv', '-o', 'name']);
    if (names.includes(volume)) throw new Error(`${volume} is still there`);
  }, patience);
});

test('answers and follows the logs of a container', async (t) => {
  const { plane, namespace } = await givenNamespace();
  await apply(plane, namespace, deployment('web', 'example.test/web:1', 1));
  await eventually(
    async () => equal(await get(plane, namespace, 'deployment', 'web', '{.status.readyReplicas}'), '1'),
    patience,
  );
  const pod = (
    await plane.kubectl(['get', 'pods', '-n', namespace, '-o', 'jsonpath={.items[0].metadata.name}'])
  ).trim();
  const logs = async (...args: readonly string[]) =>
    (await plane.kubectl(['logs', '-n', namespace, pod, ...args])).trimEnd().split('\n');

  const lines = [...firstLines(pod, 'main')];
  t.deepEqual(await logs(), lines);
  t.deepEqual(await logs('--tail=1'), lines.slice(1));
  t.regex((await logs('--tail=1', '--timestamps'))[0] ?? '', /^\d{4}-.*T.*Z .*: ready$/);
  t.deepEqual(await logs('--since=3600s'), lines);
  await t.throwsAsync(logs('--previous'), { message: /previous terminated container "main" in pod ".*" not found/ });

  // It follows until the pod goes.
  const args = ['logs', '-n', namespace, pod, '--follow'];
  const followed = spawn(plane.kubectlPath, ['--kubeconfig', plane.adminKubeconfigPath, ...args]);
  t.teardown(() => void followed.kill('SIGKILL'));
  let said = '';
  followed.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const ended = once(followed, 'exit');
  await eventually(() => matches(said, new RegExp(`^${lines.join('\n')}\n${pod} main: alive 1\n`)), patience);
  await plane.kubectl(['delete', 'deployment', '-n', namespace, 'web', '--wait=false']);
  t.deepEqual(await ended, [0, null]);
});

test('answers the last words of a container that crashed', async (t) => {
  const { plane, namespace } = await givenNamespace();
  await apply(plane, namespace, deployment('web', 'example.test/crash-loop:1', 1));
  const previous = () => plane.kubectl(['logs', '-n', namespace, 'deployment/web', '--previous']);
  await eventually(async () => matches(await previous(), new RegExp(`${lastWords.join('\n')}\n$`)), patience);
  t.pass();
});

test('says that a container whose image cannot be pulled has no log', async (t) => {
  const { plane, namespace } = await givenNamespace();
  await apply(plane, namespace, deployment('web', 'example.test/does-not-exist:1', 1));
  await eventually(async () => {
    const error = await plane.kubectl(['logs', '-n', namespace, 'deployment/web']).then(
      () => '',
      (failure: Error) => failure.message,
    );
    matches(error, /container "main" in pod ".*" is waiting to start: trying and failing to pull image/);
  }, patience);
  t.pass();
});

test('keeps its data, its address and its roll-outs when the API server goes and comes back', async (t) => {
  const plane = await startControlPlane();
  t.teardown(() => plane.close());
  await plane.kubectl(['create', 'configmap', 'before', '-n', 'default']);

  await plane.stopApiServer();
  await t.throwsAsync(plane.kubectl(['get', 'nodes', '--request-timeout=2s']), { message: /kubectl get nodes/ });

  await plane.startApiServer();
  t.is((await plane.kubectl(['get', 'configmap', 'before', '-n', 'default', '-o', 'name'])).trim(), 'configmap/before');
  await apply(plane, 'default', statefulSet('store'));
  await eventually(
    async () => equal(await get(plane, 'default', 'statefulset', 'store', '{.status.readyReplicas}'), '1'),
    patience,
  );
});

async function givenNamespace(): Promise<{ plane: SharedControlPlane; namespace: string }> {
  const plane = await sharedControlPlane();
  const namespace = `plane-${randomBytes(4).toString('hex')}`;
  await plane.kubectl(['create', 'namespace', namespace]);
  return { plane, namespace };
}

type Plane = Pick<SharedControlPlane, 'kubectl'>;

async function apply(plane: Plane, namespace: string, manifest: object): Promise<void> {
  await plane.kubectl(['apply', '-n', namespace, '-f', '-'], JSON.stringify(manifest));
}

function get(plane: Plane, namespace: string, kind: string, name: string, jsonpath: string): Promise<string> {
  return plane.kubectl(['get', kind, name, '-n', namespace, '-o', `jsonpath=${jsonpath}`]);
}

function equal(actual: string, expected: string): void {
  if (actual !== expected) throw new Error(`expected '${expected}', got '${actual}'`);
}

function matches(actual: string, expected: RegExp): void {
  if (!expected.test(actual)) throw new Error(`expected ${expected}, got ${actual}`);
}

function podOf(name: string, image: string, more: object = {}): object {
  return { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }], ...more } };
}

function deployment(name: string, image: string, replicas: number): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: podOf(name, image) },
  };
}

function job(name: string, image: string): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { backoffLimit: 0, template: podOf(name, image, { restartPolicy: 'Never' }) },
  };
}

function statefulSet(name: string): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: {
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: podOf(name, 'example.test/store:1'),
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  };
}
