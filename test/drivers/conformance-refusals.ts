import type { ExecutionContext, TestFn } from 'ava';
import type { KubernetesDriver, KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { QuotaError, WebhookError } from '../../drivers/kubernetes/errors.js';
import { conditionOf } from '../../drivers/kubernetes/object-fields.js';
import { canonicalJson } from '../../lib/canonical.js';
import { eventually } from '../helpers/eventually.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import { absent, apply, deploymentKey, equal, keyOf, patience, podsAllowed, signal, truthy } from './steps.js';

/** What a cluster does not admit although the object is right, and what becomes of a Deployment by that. */
export function registerRefusals(test: TestFn, given: Given): void {
  test('refuses what a quota has no room for, and says how much there is', async (t) => {
    const { driver, namespace } = await given(t);
    await applyQuota(driver, namespace, { 'count/deployments.apps': '1', 'requests.memory': '1Gi' });
    await apply(driver, make.deployment(namespace, 'web', { replicas: 0 }));
    const error = await t.throwsAsync(apply(driver, make.deployment(namespace, 'api', { replicas: 0 })), {
      instanceOf: QuotaError,
    });
    t.is(error?.quota, 'few');
    t.regex(
      error?.message ?? '',
      /deployments\.apps "api" is forbidden: exceeded quota: few, requested: count\/deployments\.apps=1, used: count\/deployments\.apps=1, limited: count\/deployments\.apps=1$/,
    );
    await podsAllowed(driver, namespace);
    await t.throwsAsync(apply(driver, podWith(namespace, 'big', { cpu: '100m', memory: '1.5Gi' })), {
      message:
        /exceeded quota: few, requested: requests\.memory=1536Mi, used: requests\.memory=0, limited: requests\.memory=1Gi$/,
    });
    await apply(driver, podWith(namespace, 'small', { cpu: '100m', memory: '300Mi' }));
    await t.throwsAsync(apply(driver, podWith(namespace, 'second', { cpu: '100m', memory: '800Mi' })), {
      message: /requested: requests\.memory=800Mi, used: requests\.memory=300Mi, limited: requests\.memory=1Gi$/,
    });
    const used = { 'count/deployments.apps': '1', 'count/secrets': '0', 'requests.memory': '300Mi' };
    await eventually(async () => {
      const quota = await driver.get(keyOf(quotaOf(namespace, {})), signal);
      equal(canonicalJson((quota?.status as { used?: object })?.used ?? {}), canonicalJson(used));
    }, patience);
  });

  test('a Deployment says that a quota keeps its pods from being made', async (t) => {
    const { driver, namespace } = await given(t);
    await applyQuota(driver, namespace, { pods: '2' });
    await apply(driver, make.deployment(namespace, 'web', { replicas: 3 }));
    const failure = await eventually(async () => {
      const condition = conditionOf(await here(driver, deploymentKey(namespace)), 'ReplicaFailure');
      if (!condition) throw new Error('no ReplicaFailure yet');
      return condition;
    }, patience);
    t.is(failure.status, 'True');
    t.is(failure.reason, 'FailedCreate');
    t.regex(
      failure.message,
      /^pods "web-\w+-\w+" is forbidden: exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2$/,
    );
    await driver.apply(quotaOf(namespace, { pods: '3' }), { force: true, signal });
    await apply(driver, make.deployment(namespace, 'web', { replicas: 4 }));
    await apply(driver, make.deployment(namespace, 'web', { replicas: 3 }));
    await eventually(async () => {
      const deployment = await here(driver, deploymentKey(namespace));
      equal((deployment.status as { readyReplicas?: number }).readyReplicas, 3);
      equal(conditionOf(deployment, 'ReplicaFailure'), null);
    }, patience);
  });

  test('refuses what a webhook that does not answer has to judge, and names it', async (t) => {
    const { driver, namespace } = await given(t);
    for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']) {
      const webhook = await applyWebhook(t, driver, kind, namespace);
      const chart = make.configMap(namespace, kind.toLowerCase(), { depth: '7' });
      await eventually(async () => {
        const error = await driver
          .apply(chart, { force: false, dryRun: true, signal })
          .catch((thrown: unknown) => thrown);
        truthy(error instanceof WebhookError);
      }, patience);
      const error = await t.throwsAsync(apply(driver, chart), { instanceOf: WebhookError });
      t.is(error?.status, 500);
      t.is(error?.webhook, 'guard.example.test');
      t.regex(
        error?.message ?? '',
        /Internal error occurred: failed calling webhook "guard\.example\.test": failed to call webhook: Post "https:\/\/127\.0\.0\.1:1\/\?timeout=2s": dial tcp 127\.0\.0\.1:1: connect: connection refused$/,
      );
      t.is(await driver.get(keyOf(chart), signal), null);

      await driver.delete(keyOf(webhook), { uid: webhook.metadata.uid ?? '', signal });
      await absent(driver, keyOf(webhook));
      await eventually(() => apply(driver, chart), patience);
    }
  });

  test('says on the pod why no node takes it', async (t) => {
    const { driver, namespace } = await given(t);
    const huge = podWith(namespace, 'huge', { cpu: '50000' });
    const picky = { ...podWith(namespace, 'picky', {}), spec: podSpec({}, { nodeSelector: { disk: 'none-has-it' } }) };
    const claim = { persistentVolumeClaim: { claimName: 'nothing' } };
    const waiting = {
      ...podWith(namespace, 'waiting', {}),
      spec: podSpec({}, { volumes: [{ name: 'data', ...claim }] }),
    };
    const expected: readonly (readonly [KubernetesObject, RegExp])[] = [
      [
        huge,
        /^0\/(\d) nodes are available: \1 Insufficient cpu\. no new claims to deallocate, preemption: 0\/\1 nodes are available: \1 Preemption is not helpful for scheduling\.$/,
      ],
      [picky, /^0\/(\d) nodes are available: \1 node\(s\) didn't match Pod's node affinity\/selector\. /],
      [waiting, /^0\/\d nodes are available: persistentvolumeclaim "nothing" not found\. not found$/],
    ];
    await podsAllowed(driver, namespace);
    for (const [pod] of expected) await apply(driver, pod);
    for (const [pod, words] of expected) {
      const condition = await eventually(async () => {
        const found = conditionOf(await here(driver, keyOf(pod)), 'PodScheduled');
        if (!found) throw new Error('not looked at yet');
        return found;
      }, patience);
      t.like(condition, { status: 'False', reason: 'Unschedulable' });
      t.regex(condition.message, words);
    }
  });

  test('a claim of a storage class that is not there stays pending', async (t) => {
    const { driver, namespace } = await given(t);
    for (const storageClassName of ['does-not-exist', '']) {
      const spec = { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
      const metadata = { name: `data-${storageClassName}x`, namespace };
      const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec };
      await apply(driver, claim);
      const reason = storageClassName ? 'ProvisioningFailed' : 'FailedBinding';
      await eventually(async () => truthy((await eventsOf(driver, claim)).includes(reason)), patience);
      t.is(((await here(driver, keyOf(claim))).status as { phase?: string }).phase, 'Pending');
    }
  });
}

async function here(driver: KubernetesDriver, key: Parameters<KubernetesDriver['get']>[0]): Promise<KubernetesObject> {
  const object = await driver.get(key, signal);
  if (!object) throw new Error(`${key.kind} ${key.name} is not there`);
  return object;
}

async function eventsOf(driver: KubernetesDriver, object: KubernetesObject): Promise<readonly string[]> {
  const events = { apiVersion: 'v1', kind: 'Event', plural: 'events', isNamespaced: true };
  const namespace = object.metadata.namespace ?? '';
  const { objects } = await driver.list(events, { selector: '', namespace, signal });
  return objects
    .filter(({ involvedObject }) => (involvedObject as { name?: string }).name === object.metadata.name)
    .map(({ reason }) => String(reason));
}

function quotaOf(namespace: string, hard: Readonly<Record<string, string>>): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few', namespace }, spec: { hard } };
}

/**
 * It holds once its status says what is used, and the admission has seen that, which is another watch of the server. Who
 * asks for a Secret, of which it allows none, is told.
 */
async function applyQuota(
  driver: KubernetesDriver,
  namespace: string,
  hard: Readonly<Record<string, string>>,
): Promise<void> {
  const quota = await apply(driver, quotaOf(namespace, { ...hard, 'count/secrets': '0' }));
  await eventually(
    async () => truthy(((await here(driver, keyOf(quota))).status as { used?: object } | undefined)?.used),
    patience,
  );
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'asked-for', namespace } };
  await eventually(async () => {
    const refusal = await driver
      .apply(secret, { force: false, dryRun: true, signal })
      .catch((thrown: unknown) => thrown);
    truthy(refusal instanceof QuotaError);
  }, patience);
}

function podSpec(requests: object, more: object = {}): object {
  return { containers: [{ name: 'main', image: 'example.test/web:1', resources: { requests } }], ...more };
}

function podWith(namespace: string, name: string, requests: object): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: podSpec(requests) };
}

async function applyWebhook(
  t: ExecutionContext,
  driver: KubernetesDriver,
  kind: string,
  namespace: string,
): Promise<KubernetesObject> {
  const webhook = {
    name: 'guard.example.test',
    clientConfig: { url: 'https://127.0.0.1:1/' },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
    failurePolicy: 'Fail',
    sideEffects: 'None',
    timeoutSeconds: 2,
    admissionReviewVersions: ['v1'],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  };
  const stored = await apply(driver, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: `guard-${namespace}` },
    webhooks: [webhook],
  });
  t.teardown(() => driver.delete(keyOf(stored), { uid: stored.metadata.uid ?? '', signal }).then(() => undefined));
  return stored;
}
