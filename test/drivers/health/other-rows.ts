import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import {
  behind,
  degraded,
  deleted,
  type HealthRow,
  healthy,
  object,
  progressing,
  suspended,
  warning,
  withCondition,
} from './row.js';

const hpa = 'autoscaling/v2';
const able = { type: 'AbleToScale', status: 'True' };

/** Storage, scaling, what defines kinds, and kinds without a rule of their own. */
export const otherRows: readonly HealthRow[] = [
  {
    title: 'a claim with a volume is Healthy',
    why: 'it has what it asked for',
    object: claim({ phase: 'Bound' }),
    expected: healthy,
  },
  {
    title: 'a claim without a volume is Progressing',
    why: 'it waits, and says for which class',
    object: object('v1', 'PersistentVolumeClaim', { storageClassName: 'fast' }, { phase: 'Pending' }),
    expected: progressing('It waits for a volume of storage class fast.', 'NotBound'),
  },
  {
    title: 'a claim says why it has no volume, from the event',
    why: 'its status only says that it waits',
    object: claim({ phase: 'Pending' }),
    warnings: { 'PersistentVolumeClaim/web': warning('provision', 'storageclass.storage.k8s.io "fast" not found') },
    expected: progressing('It waits for a volume: storageclass.storage.k8s.io "fast" not found', 'NotBound'),
  },
  {
    title: 'a claim whose volume is being resized is Progressing',
    why: 'it has less than it asks for',
    object: claim({
      phase: 'Bound',
      conditions: [{ type: 'FileSystemResizePending', status: 'True', message: 'Waiting for a restart of the pod.' }],
    }),
    expected: progressing('Its volume is being resized. Waiting for a restart of the pod.'),
  },
  {
    title: 'a claim whose volume is gone is Degraded',
    why: 'the data is lost',
    object: claim({ phase: 'Lost' }),
    expected: degraded('Its volume is gone.', 'NotBound'),
  },
  {
    title: 'an autoscaler that can scale is Healthy',
    why: 'it does its work',
    object: object(
      hpa,
      'HorizontalPodAutoscaler',
      {},
      { conditions: [able, { type: 'ScalingActive', status: 'True' }] },
    ),
    expected: healthy,
  },
  {
    title: 'an autoscaler without metrics is Degraded, and says which',
    why: 'it will never scale',
    object: object(
      hpa,
      'HorizontalPodAutoscaler',
      {},
      {
        conditions: [
          able,
          { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no cpu metrics' },
        ],
      },
    ),
    expected: degraded('It does not know how far to scale: no cpu metrics'),
  },
  {
    title: 'an autoscaler whose target has no pods on purpose is Suspended',
    why: 'it starts with the first replica',
    object: object(
      hpa,
      'HorizontalPodAutoscaler',
      {},
      {
        conditions: [
          able,
          { type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled', message: 'zero replicas' },
        ],
      },
    ),
    expected: suspended('It does not scale: zero replicas'),
  },
  {
    title: 'an autoscaler without its target is Degraded',
    why: 'there is nothing to scale',
    object: withCondition(hpa, 'HorizontalPodAutoscaler', {
      type: 'AbleToScale',
      status: 'False',
      reason: 'FailedGetScale',
      message: 'deployments "web" not found',
    }),
    expected: degraded('It cannot scale: deployments "web" not found'),
  },
  {
    title: 'an autoscaler at its limit is Healthy and says so',
    why: 'it does what it may',
    object: object(
      hpa,
      'HorizontalPodAutoscaler',
      {},
      {
        conditions: [
          able,
          { type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas', message: 'at the maximum' },
        ],
      },
    ),
    expected: { ...healthy, message: 'It would scale further than it may: at the maximum' },
  },
  {
    title: 'an autoscaler that nobody has looked at is Progressing',
    why: 'nothing is known of it',
    object: object(hpa, 'HorizontalPodAutoscaler', {}, {}),
    expected: progressing('Its controller has not looked at it yet.', 'Pending'),
  },
  {
    title: 'an autoscaler that is read in its first version is judged by the annotation',
    why: 'that version has no conditions',
    object: annotated(JSON.stringify([able])),
    expected: healthy,
  },
  {
    title: 'an autoscaler with an annotation that is no JSON is Progressing',
    why: 'nothing is known of it',
    object: annotated('{'),
    expected: progressing('Its controller has not looked at it yet.', 'Pending'),
  },
  {
    title: 'a budget that allows disruptions is Healthy',
    why: 'its pods are enough',
    object: budget({
      observedGeneration: 2,
      currentHealthy: 3,
      desiredHealthy: 2,
      disruptionsAllowed: 1,
      expectedPods: 3,
    }),
    expected: healthy,
  },
  {
    title: 'a budget that allows none is Healthy and says so',
    why: 'that is what it is for',
    object: budget({
      observedGeneration: 2,
      currentHealthy: 2,
      desiredHealthy: 2,
      disruptionsAllowed: 0,
      expectedPods: 2,
    }),
    expected: { ...healthy, message: 'It allows no disruption now.' },
  },
  {
    title: 'a budget whose pods are too few is Progressing',
    why: 'it waits for them',
    object: budget({ observedGeneration: 2, currentHealthy: 1, desiredHealthy: 2, expectedPods: 2 }),
    expected: progressing('1 of the 2 pods that must be there are healthy.'),
  },
  {
    title: 'a budget whose pods cannot be counted is Degraded',
    why: 'it protects nothing',
    object: budget({
      observedGeneration: 2,
      conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message: 'no scale of web' }],
    }),
    expected: degraded('Its pods cannot be counted: no scale of web'),
  },
  {
    title: 'a budget of an older generation is Progressing',
    why: 'it was counted for the old spec',
    object: budget({ observedGeneration: 1 }),
    expected: behind,
  },
  {
    title: 'a budget that nobody has looked at is Progressing',
    why: 'nothing is known of it',
    object: budget({}),
    expected: progressing('Its controller has not looked at it yet.', 'Pending'),
  },
  {
    title: 'a ConfigMap is Healthy at once',
    why: 'it has no status',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'dev' } },
    expected: healthy,
  },
  {
    title: 'a Namespace is Healthy',
    why: 'there is nothing to wait for',
    object: object('v1', 'Namespace', {}, { phase: 'Active' }),
    expected: healthy,
  },
  {
    title: 'a Namespace that goes is Progressing',
    why: 'nothing can be made in it',
    object: object('v1', 'Namespace', {}, { phase: 'Terminating' }),
    expected: progressing('It is being deleted.', 'Terminating'),
  },
  {
    title: 'a CRD that is established is Healthy',
    why: 'its objects can be made',
    object: crd({ type: 'Established', status: 'True' }),
    expected: healthy,
  },
  {
    title: 'a CRD that is not established is Progressing',
    why: 'its objects would be refused',
    object: object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {}, {}),
    expected: progressing('The cluster does not serve it yet.', 'Pending'),
  },
  {
    title: 'a CRD whose names are taken is Degraded',
    why: 'it will never be established',
    object: crd({ type: 'NamesAccepted', status: 'False', message: 'ports is taken' }),
    expected: degraded('Its names are not accepted: ports is taken'),
  },
  {
    title: 'an APIService that answers is Healthy',
    why: 'its part of the API works',
    object: apiService({ type: 'Available', status: 'True' }),
    expected: healthy,
  },
  {
    title: 'an APIService whose service is not there yet is Progressing',
    why: 'both are often made together',
    object: apiService({ type: 'Available', status: 'False', reason: 'ServiceNotFound', message: 'no service' }),
    expected: progressing('no service', 'Pending'),
  },
  {
    title: 'an APIService that nobody has looked at is Progressing',
    why: 'nothing is known of it',
    object: object('apiregistration.k8s.io/v1', 'APIService', {}, {}),
    expected: progressing('The cluster does not serve it yet.', 'Pending'),
  },
  {
    title: 'an APIService that does not answer is Degraded',
    why: 'its part of the API is away',
    object: apiService({ type: 'Available', status: 'False', reason: 'FailedDiscoveryCheck', message: 'no answer' }),
    expected: degraded('It cannot be reached: no answer'),
  },
  ...['Ready', 'Available'].flatMap((type): readonly HealthRow[] => [
    {
      title: `an unknown kind that is ${type} is Healthy`,
      why: 'it says so',
      object: port({ type, status: 'True' }),
      expected: healthy,
    },
    {
      title: `an unknown kind that is not ${type} is Progressing, in its own words`,
      why: 'most controllers report one',
      object: port({ type, status: 'False', message: 'dredging' }),
      expected: progressing('dredging'),
    },
    {
      title: `an unknown kind of which nobody knows whether it is ${type} is Progressing`,
      why: 'it is not known to be well',
      object: port({ type, status: 'Unknown' }),
      expected: progressing('It is not ready.'),
    },
    {
      title: `an unknown kind whose ${type} is of an older generation is Progressing`,
      why: 'it is about the old spec',
      object: port({ type, status: 'True', observedGeneration: 1 }),
      expected: progressing('Its controller has not taken up the last change yet.'),
    },
  ]),
  ...['Stalled', 'Failed', 'Degraded'].map(
    (type): HealthRow => ({
      title: `an unknown kind that is ${type} is Degraded, whatever else it says`,
      why: 'its controller has given up',
      object: object(
        'sea.test/v1',
        'Port',
        {},
        {
          conditions: [
            { type: 'Ready', status: 'True' },
            { type, status: 'True', reason: 'Silted' },
          ],
        },
      ),
      expected: degraded('Silted'),
    }),
  ),
  {
    title: 'an unknown kind that is Reconciling is Progressing',
    why: 'its controller is at work',
    object: port({ type: 'Reconciling', status: 'True', message: 'moving buoys' }),
    expected: progressing('moving buoys'),
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
    title: 'an unknown kind that says nothing is Healthy',
    why: 'there is nothing to wait for',
    object: object('sea.test/v1', 'Port', {}, { phase: 'Open' }),
    expected: healthy,
  },
  {
    title: 'what is being deleted is Progressing, whatever its status says',
    why: 'it will be gone',
    object: deleted(port({ type: 'Ready', status: 'True' })),
    expected: progressing('Port web is being deleted.', 'Terminating'),
  },
];

function claim(status: object): KubernetesObject {
  return object('v1', 'PersistentVolumeClaim', {}, status);
}

function budget(status: object): KubernetesObject {
  return object('policy/v1', 'PodDisruptionBudget', {}, status);
}

function crd(condition: Parameters<typeof withCondition>[2]): KubernetesObject {
  return withCondition('apiextensions.k8s.io/v1', 'CustomResourceDefinition', condition);
}

function apiService(condition: Parameters<typeof withCondition>[2]): KubernetesObject {
  return withCondition('apiregistration.k8s.io/v1', 'APIService', condition);
}

function port(
  condition: Parameters<typeof withCondition>[2] & { readonly observedGeneration?: number },
): KubernetesObject {
  return withCondition('sea.test/v1', 'Port', condition);
}

function annotated(conditions: string): KubernetesObject {
  const made = object(
    'autoscaling/v1',
    'HorizontalPodAutoscaler',
    {},
    {
      currentReplicas: 1,
    },
  );
  const annotations = { 'autoscaling.alpha.kubernetes.io/conditions': conditions };
  return { ...made, metadata: { ...made.metadata, annotations } };
}
