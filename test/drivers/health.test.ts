import test from 'ava';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { objectHealth } from '../../drivers/kubernetes/health.js';
import type { ObjectHealth } from '../../drivers/kubernetes/object-fields.js';

interface Row {
  readonly title: string;
  readonly why: string;
  readonly object: KubernetesObject;
  readonly pods?: readonly KubernetesObject[];
  readonly expected: ObjectHealth;
}

const healthy: ObjectHealth = { health: 'Healthy', reason: 'Available', message: '' };
const good = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };

const rows: readonly Row[] = [
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
    expected: progressing('The cluster has not taken up the last change yet.'),
  },
  {
    title: 'a Deployment without a status is Progressing',
    why: 'no controller has looked at it',
    object: { ...deployment({}), status: undefined },
    expected: progressing('The cluster has not taken up the last change yet.'),
  },
  {
    title: 'a Deployment with old pods left is Progressing',
    why: 'the roll-out is complete only when they are gone',
    object: deployment({ ...good, replicas: 3 }),
    expected: progressing('1 pods of the old version are still there.'),
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
    expected: degraded('ObjectFailed', 'Its pods cannot be made: exceeded quota: small'),
  },
  {
    title: 'a Deployment past its deadline is Degraded',
    why: 'the cluster itself has given up waiting',
    object: deployment({
      ...good,
      availableReplicas: 0,
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }],
    }),
    expected: degraded('ObjectFailed', 'Its roll-out makes no progress: timed out'),
  },
  {
    title: 'an image that cannot be pulled is named',
    why: 'the pod knows it, the Deployment does not',
    object: deployment({ ...good, availableReplicas: 1 }),
    pods: [waitingPod('web-a', 'ErrImagePull', 'not found')],
    expected: degraded('ImagePullFailed', 'Image example.test/web:9 of container main cannot be pulled: not found'),
  },
  {
    title: 'the back-off of a pull says the same as the pull itself',
    why: 'the two take turns, and a status must not flap',
    object: deployment({ ...good, availableReplicas: 1 }),
    pods: [
      waitingPod('web-a', 'ImagePullBackOff', 'Back-off pulling image "example.test/web:9": ErrImagePull: not found'),
    ],
    expected: degraded('ImagePullFailed', 'Image example.test/web:9 of container main cannot be pulled: not found'),
  },
  {
    title: 'pods of other owners say nothing about a Deployment',
    why: 'they are not selected',
    object: deployment({ ...good, availableReplicas: 1 }),
    pods: [
      {
        ...waitingPod('other', 'ErrImagePull', ''),
        metadata: { name: 'other', namespace: 'dev', labels: { app: 'other' } },
      },
    ],
    expected: progressing('1 of 2 pods are available.'),
  },
  {
    title: 'a pod that is being deleted says nothing about a Deployment',
    why: 'it is of the past',
    object: deployment({ ...good, availableReplicas: 1 }),
    pods: [deleted(waitingPod('web-a', 'ErrImagePull', ''))],
    expected: progressing('1 of 2 pods are available.'),
  },
  {
    title: 'a crash loop shows exit code and last message',
    why: 'that is what a person looks for',
    object: deployment({ ...good, availableReplicas: 1 }),
    pods: [crashedPod({ waiting: { reason: 'CrashLoopBackOff' } }, { exitCode: 137, reason: 'OOMKilled' })],
    expected: degraded('CrashLoop', 'Container main exits with code 137: OOMKilled'),
  },
  {
    title: 'a container that was just started again is still in its crash loop',
    why: 'the state is for a moment running, and a status must not flap',
    object: deployment({ ...good, availableReplicas: 1 }),
    pods: [crashedPod({ running: {} }, { exitCode: 1, reason: 'Error', message: 'no database\n' })],
    expected: degraded('CrashLoop', 'Container main exits with code 1: no database'),
  },
  {
    title: 'an unschedulable pod says why',
    why: 'no node fits',
    object: deployment({ ...good, availableReplicas: 1 }),
    pods: [unscheduledPod('0/3 nodes are available: 3 Insufficient cpu.')],
    expected: degraded('Unschedulable', 'Pod cannot be placed on a node: 0/3 nodes are available: 3 Insufficient cpu.'),
  },
  {
    title: 'a pod that waits for its volume is Progressing',
    why: 'that is how every pod with a claim starts',
    object: deployment({ ...good, availableReplicas: 1 }),
    pods: [unscheduledPod('pod has unbound immediate PersistentVolumeClaims')],
    expected: {
      health: 'Progressing',
      reason: 'NotBound',
      message: 'Pod waits for its volume: pod has unbound immediate PersistentVolumeClaims',
    },
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
    title: 'a Job that has completed is Healthy',
    why: 'it did what it was for',
    object: object('batch/v1', 'Job', {}, { conditions: [{ type: 'Complete', status: 'True' }] }),
    expected: { ...healthy, reason: 'Completed', message: 'It has completed.' },
  },
  {
    title: 'a Job that has failed is Degraded',
    why: 'the cluster does not try again',
    object: object(
      'batch/v1',
      'Job',
      {},
      { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] },
    ),
    expected: degraded('ObjectFailed', 'It failed: BackoffLimitExceeded'),
  },
  {
    title: 'a Job that tries again is Progressing',
    why: 'a failed try is not the end of it',
    object: { ...object('batch/v1', 'Job', { selector: { matchLabels: { app: 'web' } } }, { failed: 1, active: 1 }) },
    pods: [
      pod('web-a', { phase: 'Failed', containerStatuses: [{ name: 'main', state: { terminated: { exitCode: 1 } } }] }),
    ],
    expected: progressing('It runs again after a failure.'),
  },
  {
    title: 'a claim without a volume is Progressing',
    why: 'it waits, and says for which class',
    object: object('v1', 'PersistentVolumeClaim', { storageClassName: 'fast' }, { phase: 'Pending' }),
    expected: { health: 'Progressing', reason: 'NotBound', message: 'It waits for a volume of storage class fast.' },
  },
  {
    title: 'a claim whose volume is gone is Degraded',
    why: 'the data is lost',
    object: object('v1', 'PersistentVolumeClaim', {}, { phase: 'Lost' }),
    expected: degraded('NotBound', 'Its volume is gone.'),
  },
  {
    title: 'a load balancer without an address is Progressing',
    why: 'nobody can reach it yet',
    object: object('v1', 'Service', { type: 'LoadBalancer' }, { loadBalancer: {} }),
    expected: { health: 'Progressing', reason: 'Pending', message: 'It waits for the address of its load balancer.' },
  },
  {
    title: 'a service inside the cluster is Healthy at once',
    why: 'there is nothing to wait for',
    object: object('v1', 'Service', { type: 'ClusterIP' }, { loadBalancer: {} }),
    expected: healthy,
  },
  {
    title: 'a ConfigMap is Healthy at once',
    why: 'it has no status',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'dev' } },
    expected: healthy,
  },
  {
    title: 'a CRD that is not established is Progressing',
    why: 'its objects would be refused',
    object: object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {}, {}),
    expected: { health: 'Progressing', reason: 'Pending', message: 'The cluster does not serve it yet.' },
  },
  {
    title: 'a CRD whose names are taken is Degraded',
    why: 'it will never be established',
    object: object(
      'apiextensions.k8s.io/v1',
      'CustomResourceDefinition',
      {},
      {
        conditions: [{ type: 'NamesAccepted', status: 'False', message: 'ports is taken' }],
      },
    ),
    expected: degraded('ObjectFailed', 'Its names are not accepted: ports is taken'),
  },
  {
    title: 'an unknown kind follows its Ready condition',
    why: 'most controllers report one',
    object: object(
      'sea.test/v1',
      'Port',
      {},
      { conditions: [{ type: 'Ready', status: 'False', message: 'dredging' }] },
    ),
    expected: progressing('dredging'),
  },
  {
    title: 'an unknown kind whose status is of an older generation is Progressing',
    why: 'Ready is about the old spec',
    object: object(
      'sea.test/v1',
      'Port',
      {},
      { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] },
    ),
    expected: progressing('Its controller has not taken up the last change yet.'),
  },
  {
    title: 'what is being deleted is Progressing, whatever its status says',
    why: 'it will be gone',
    object: deleted(deployment(good)),
    expected: { health: 'Progressing', reason: 'Terminating', message: 'Deployment web is being deleted.' },
  },
];

for (const { title, why, object: seen, pods = [], expected } of rows) {
  test(title, (t) => {
    t.deepEqual(objectHealth(seen, { pods }), expected, why);
  });
}

function progressing(message: string): ObjectHealth {
  return { health: 'Progressing', reason: 'Progressing', message };
}

function degraded(reason: ObjectHealth['reason'], message: string): ObjectHealth {
  return { health: 'Degraded', reason, message };
}

function object(apiVersion: string, kind: string, spec: object, status: object): KubernetesObject {
  return { apiVersion, kind, metadata: { name: 'web', namespace: 'dev', generation: 2 }, spec, status };
}

function deployment(status: object): KubernetesObject {
  return object('apps/v1', 'Deployment', { replicas: 2, selector: { matchLabels: { app: 'web' } } }, status);
}

function pod(name: string, status: object): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'dev', labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image: 'example.test/web:9' }] },
    status,
  };
}

function waitingPod(name: string, reason: string, message: string): KubernetesObject {
  return pod(name, {
    phase: 'Pending',
    containerStatuses: [{ name: 'main', state: { waiting: { reason, message } } }],
  });
}

function crashedPod(state: object, terminated: object): KubernetesObject {
  return pod('web-a', {
    phase: 'Running',
    containerStatuses: [{ name: 'main', ready: false, restartCount: 4, state, lastState: { terminated } }],
  });
}

function unscheduledPod(message: string): KubernetesObject {
  return pod('web-a', {
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
  });
}

function deleted(seen: KubernetesObject): KubernetesObject {
  return { ...seen, metadata: { ...seen.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
}
