import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';

/** Objects whose health tests look at, and what makes them ill. */

interface Options {
  readonly image?: string;
  readonly replicas?: number;
  /** Further fields of the pod's spec. */
  readonly pod?: object;
}

export function deploymentOf({ image, replicas = 1, pod }: Options): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas, selector, template: templateOf(image, pod) },
  };
}

export function statefulSetOf({ image, replicas = 1, pod }: Options): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web' },
    spec: { replicas, serviceName: 'web', selector, template: templateOf(image, pod) },
  };
}

export function jobOf(image: string): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'web' },
    spec: jobSpec(image),
  };
}

/** It never starts a job by itself while a test runs. */
export function cronJobOf(): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'web' },
    spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: jobSpec('example.com/web:1') } },
  };
}

/** A job as its template says, but for the image, which somebody started ahead of time. */
export function startedJob(cronJob: KubernetesObject | null, name: string, image: string): KubernetesObject {
  const { namespace = '', uid = '' } = cronJob?.metadata ?? {};
  const { jobTemplate } = (cronJob?.spec ?? {}) as { jobTemplate?: { metadata?: { labels?: Record<string, string> } } };
  const owner = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: 'web',
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace, labels: jobTemplate?.metadata?.labels ?? {}, ownerReferences: [owner] },
    spec: jobSpec(image, jobTemplate?.metadata?.labels),
  };
}

const jobSpec = (image: string, labels: Readonly<Record<string, string>> = {}) => ({
  backoffLimit: 0,
  template: { metadata: { labels }, spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } },
});

const selector = { matchLabels: { app: 'web' } };

function templateOf(image = 'example.com/web:1', pod: object = {}) {
  const spec = { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image }], ...pod };
  return { metadata: { labels: { app: 'web' } }, spec };
}

export function podOf(namespace: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'alone', namespace }, spec: templateOf().spec };
}

/** One pod, and no more. */
export function quotaOf(namespace: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'few-pods', namespace },
    spec: { hard: { pods: '1' } },
  };
}

/** Asks where nobody answers, about pods and ConfigMaps of one app instance. */
export function failingWebhook(unique: string, instanceId: string): KubernetesObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: `fails-${unique}` },
    webhooks: [
      {
        name: 'fails.example.com',
        clientConfig: { url: 'https://127.0.0.1:1/' },
        rules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods', 'configmaps'] },
        ],
        namespaceSelector: { matchLabels: { 'portolan.dev/instance': instanceId } },
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        timeoutSeconds: 1,
      },
    ],
  };
}

/** A volume for the claim of a class that nobody serves. */
export function volumeOf(storageClassName: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: storageClassName },
    spec: {
      storageClassName,
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: '/tmp/nothing' },
    },
  };
}

export function definitionOf(group: string): object {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `ports.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Port', plural: 'ports', singular: 'port', listKind: 'PortList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

/** Told by hand, about the Deployment of the namespace. */
export function eventAbout(namespace: string, reason: string): KubernetesObject {
  const now = new Date(Date.now()).toISOString();
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: reason.toLowerCase(), namespace },
    involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' },
    type: 'Normal',
    reason,
    message: 'It was looked at.',
    count: 1,
    firstTimestamp: now.replace(/\.\d+Z$/, 'Z'),
    lastTimestamp: now.replace(/\.\d+Z$/, 'Z'),
  };
}
