import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import {
  behind,
  degraded,
  type HealthRow,
  healthy,
  object,
  progressing,
  selector,
  waitingPod,
  warning,
} from './row.js';

const good = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
const quota = 'is forbidden: exceeded quota: small, requested: cpu=1,pods=1, used: cpu=1,pods=2, limited: cpu=2,pods=2';
const quotaSaid = degraded(
  'Quota small is used up, so its pods cannot be made: cpu=1,pods=2 of cpu=2,pods=2 are used, cpu=1,pods=1 more are asked for.',
  'QuotaExceeded',
);
const webhook =
  'Internal error occurred: failed calling webhook "deny.example.com": failed to call webhook: Post "https://127.0.0.1:1/": connection refused';
const webhookSaid = degraded(
  'Its pods cannot be made: webhook deny.example.com cannot be asked: failed to call webhook: Post "https://127.0.0.1:1/": connection refused',
  'WebhookFailed',
);

/** Kinds that make pods. */
export const workloadRows: readonly HealthRow[] = [
  {
    title: 'a Deployment whose pods are all available is Healthy',
    why: 'the roll-out is complete',
    object: deployment(good),
    expected: healthy,
  },
  {
    title: 'a Deployment whose status is of an older generation is Progressing',
    why: 'the status says nothing about the new spec',
    object: deployment({ ...good, observedGeneration: 1 }),
    expected: behind,
  },
  {
    title: 'a Deployment without a status is Progressing',
    why: 'no controller has looked at it',
    object: { ...deployment({}), status: undefined },
    expected: behind,
  },
  {
    title: 'a Deployment with old pods left is Progressing',
    why: 'the roll-out is complete only when they are gone',
    object: deployment({ ...good, replicas: 3 }),
    expected: progressing('1 pod of the old version is still there.'),
  },
  {
    title: 'a Deployment with fewer available pods than wanted is Progressing',
    why: 'nothing is known to be wrong',
    object: deployment({ ...good, availableReplicas: 1 }),
    expected: progressing('1 of 2 pods are available.'),
  },
  {
    title: 'a Deployment of zero pods is Healthy',
    why: 'that is what was asked for',
    object: { ...deployment({ observedGeneration: 2 }), spec: { replicas: 0 } },
    expected: healthy,
  },
  {
    title: 'a paused Deployment is Suspended',
    why: 'it waits for a person',
    object: { ...deployment(good), spec: { replicas: 2, paused: true } },
    expected: { health: 'Suspended', reason: 'Suspended', message: 'Its roll-out is paused.' },
  },
  {
    title: 'a Deployment whose pods a quota forbids is Degraded',
    why: 'it makes no pods that could say so',
    object: deployment({
      observedGeneration: 2,
      conditions: [
        { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota: small' },
      ],
    }),
    expected: degraded('Its pods cannot be made: exceeded quota: small'),
  },
  {
    title: 'a Deployment past its deadline is Degraded',
    why: 'the cluster itself has given up waiting',
    object: deployment({
      ...good,
      availableReplicas: 0,
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }],
    }),
    expected: degraded('Its roll-out makes no progress: timed out'),
  },
  {
    title: 'a StatefulSet in the middle of an update is Progressing',
    why: 'all pods are ready, but not all are new',
    object: object(
      'apps/v1',
      'StatefulSet',
      { replicas: 2 },
      {
        observedGeneration: 2,
        readyReplicas: 2,
        updatedReplicas: 1,
        currentRevision: 'a',
        updateRevision: 'b',
      },
    ),
    expected: progressing('1 of 2 pods are of the new version.'),
  },
  {
    title: 'a StatefulSet whose partition holds back the update is Healthy',
    why: 'the pods below it keep the old version on purpose',
    object: object(
      'apps/v1',
      'StatefulSet',
      { replicas: 2, updateStrategy: { rollingUpdate: { partition: 1 } } },
      {
        observedGeneration: 2,
        readyReplicas: 2,
        updatedReplicas: 1,
        currentRevision: 'a',
        updateRevision: 'b',
      },
    ),
    expected: healthy,
  },
  {
    title: 'a DaemonSet is Healthy when every node runs its new pod',
    why: 'the roll-out is complete',
    object: object(
      'apps/v1',
      'DaemonSet',
      {},
      { observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 },
    ),
    expected: healthy,
  },
  {
    title: 'a DaemonSet that lacks a node is Progressing',
    why: 'one node does not run it',
    object: object(
      'apps/v1',
      'DaemonSet',
      {},
      { observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 },
    ),
    expected: progressing('2 of 3 nodes run an available pod.'),
  },
  {
    title: 'a Deployment names the quota that is used up, and not the pod, which is another one at each try',
    why: 'a status must not change while nothing does',
    object: deployment({ observedGeneration: 2, conditions: [replicaFailure(`pods "web-5d8f-x7k2p" ${quota}`)] }),
    expected: quotaSaid,
  },
  {
    title: 'a Deployment whose pods must say more for a quota shows what',
    why: 'the quota is not used up, the pods do not fit it',
    object: deployment({
      observedGeneration: 2,
      conditions: [replicaFailure('pods "web-1" is forbidden: failed quota: small: must specify cpu for: main')],
    }),
    expected: degraded('Quota small forbids its pods: must specify cpu for: main', 'QuotaExceeded'),
  },
  {
    title: 'a Deployment names the webhook that cannot be asked',
    why: 'its pods are made only when it answers',
    object: deployment({ observedGeneration: 2, conditions: [replicaFailure(webhook)] }),
    expected: webhookSaid,
  },
  {
    title: 'a Deployment names the webhook that refuses its pods, and why',
    why: 'somebody must satisfy it',
    object: deployment({
      observedGeneration: 2,
      conditions: [replicaFailure('admission webhook "only-signed.example.com" denied the request: not signed')],
    }),
    expected: degraded(
      'Its pods cannot be made: webhook only-signed.example.com refuses them: not signed',
      'WebhookFailed',
    ),
  },
  {
    title: 'a Deployment whose pods lack their service account says so',
    why: 'no rule knows the sentence, so it is shown',
    object: deployment({
      observedGeneration: 2,
      conditions: [
        replicaFailure('pods "web-5d8f-" is forbidden: error looking up service account dev/shop: not found'),
      ],
    }),
    expected: degraded('Its pods cannot be made: error looking up service account dev/shop: not found'),
  },
  {
    title: 'a ReplicaSet whose pods are available is Healthy',
    why: 'that is what was asked for',
    object: object('apps/v1', 'ReplicaSet', { replicas: 2, selector }, good),
    expected: healthy,
  },
  {
    title: 'a ReplicaSet shows what is wrong with its pods',
    why: 'the pods know it',
    object: object('apps/v1', 'ReplicaSet', { replicas: 2, selector }, { ...good, availableReplicas: 0 }),
    pods: [waitingPod('web-a', 'CreateContainerConfigError', 'secret "login" not found')],
    expected: degraded('Container main cannot start: secret "login" not found'),
  },
  {
    title: 'a ReplicaSet whose pods cannot be made is Degraded',
    why: 'a quota forbids them',
    object: object('apps/v1', 'ReplicaSet', {}, { observedGeneration: 2, conditions: [replicaFailure(quota)] }),
    expected: quotaSaid,
  },
  {
    title: 'a ReplicaSet that nobody has looked at is Progressing',
    why: 'its status is of an older generation',
    object: object('apps/v1', 'ReplicaSet', {}, { ...good, observedGeneration: 1 }),
    expected: behind,
  },
  {
    title: 'a StatefulSet that lacks pods for a quota names it, from the event',
    why: 'its status has no condition for that',
    object: object('apps/v1', 'StatefulSet', { replicas: 2 }, { observedGeneration: 2, replicas: 1, readyReplicas: 1 }),
    warnings: {
      'StatefulSet/web': warning('create', `create Pod web-1 in StatefulSet web failed error: pods "web-1" ${quota}`),
    },
    expected: quotaSaid,
  },
  {
    title: 'a StatefulSet that has all its pods passes over an old event',
    why: 'it was mended; the pod is only not ready yet',
    object: object('apps/v1', 'StatefulSet', { replicas: 1 }, { observedGeneration: 2, replicas: 1 }),
    warnings: { 'StatefulSet/web': warning('create', quota) },
    expected: progressing('0 of 1 pods are ready.'),
  },
  {
    title: 'a DaemonSet that lacks pods names the webhook, from the event',
    why: 'its status has no condition for that',
    object: object('apps/v1', 'DaemonSet', {}, { observedGeneration: 2, desiredNumberScheduled: 2 }),
    warnings: { 'DaemonSet/web': warning('create', `Error creating: ${webhook}`) },
    expected: webhookSaid,
  },
  {
    title: 'a DaemonSet whose pods are of the old version is Progressing',
    why: 'the roll-out is not complete',
    object: object(
      'apps/v1',
      'DaemonSet',
      {},
      {
        observedGeneration: 2,
        desiredNumberScheduled: 2,
        currentNumberScheduled: 2,
        updatedNumberScheduled: 1,
        numberAvailable: 2,
      },
    ),
    expected: progressing('1 of 2 nodes run the new version.'),
  },
];

function deployment(status: object): KubernetesObject {
  return object('apps/v1', 'Deployment', { replicas: 2, selector }, status);
}

function replicaFailure(message: string) {
  return { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message };
}
