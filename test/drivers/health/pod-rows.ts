import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import {
  completed,
  crashedPod,
  degraded,
  deleted,
  type HealthRow,
  healthy,
  object,
  pod,
  progressing,
  selector,
  unscheduledPod,
  waitingPod,
  warning,
} from './row.js';

const good = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
const noClaim = 'pod has unbound immediate PersistentVolumeClaims';
const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data-web-a' } }];

/** Pods, alone and as what a Deployment shows of its own. */
export const podRows: readonly HealthRow[] = [
  {
    title: 'an image that cannot be pulled is named',
    why: 'the pod knows it, the Deployment does not',
    object: deployment({ ...good, availableReplicas: 1 }),
    pods: [waitingPod('web-a', 'ErrImagePull', 'not found')],
    expected: degraded('Image example.test/web:9 of container main cannot be pulled: not found', 'ImagePullFailed'),
  },
  {
    title: 'the back-off of a pull says the same as the pull itself',
    why: 'the two take turns, and a status must not flap',
    object: deployment({ ...good, availableReplicas: 1 }),
    pods: [
      waitingPod('web-a', 'ImagePullBackOff', 'Back-off pulling image "example.test/web:9": ErrImagePull: not found'),
    ],
    expected: degraded('Image example.test/web:9 of container main cannot be pulled: not found', 'ImagePullFailed'),
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
    expected: degraded('Container main exits with code 137: OOMKilled', 'CrashLoop'),
  },
  {
    title: 'a container that was just started again is still in its crash loop',
    why: 'the state is for a moment running, and a status must not flap',
    object: deployment({ ...good, availableReplicas: 1 }),
    pods: [crashedPod({ running: {} }, { exitCode: 1, reason: 'Error', message: 'no database\n' })],
    expected: degraded('Container main exits with code 1: no database', 'CrashLoop'),
  },
  {
    title: 'an unschedulable pod says why',
    why: 'no node fits',
    object: deployment({ ...good, availableReplicas: 1 }),
    pods: [unscheduledPod('0/3 nodes are available: 3 Insufficient cpu.')],
    expected: degraded('Pod cannot be placed on a node: 0/3 nodes are available: 3 Insufficient cpu.', 'Unschedulable'),
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
    title: 'a pod that is ready is Healthy',
    why: 'it says so',
    object: pod('web-a', { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }),
    expected: healthy,
  },
  {
    title: 'a pod that has succeeded is Healthy',
    why: 'it did what it was for',
    object: pod('web-a', { phase: 'Succeeded' }),
    expected: completed,
  },
  {
    title: 'a pod that runs and is not ready is Progressing',
    why: 'nothing is known to be wrong',
    object: pod('web-a', { phase: 'Running' }),
    expected: progressing('It runs but is not ready.'),
  },
  {
    title: 'a pod that is being started is Progressing',
    why: 'nothing is known to be wrong',
    object: pod('web-a', { phase: 'Pending' }),
    expected: progressing('It is being started.', 'Pending'),
  },
  {
    title: 'a pod that was evicted says why',
    why: 'the status of the pod has the reason',
    object: pod('web-a', { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory' }),
    expected: degraded('Pod failed: Evicted: The node was low on memory.'),
  },
  {
    title: 'a crash loop without a message shows the last lines',
    why: 'most programs tell their log and nobody else',
    object: deployment(),
    pods: [crashedPod({ waiting: { reason: 'CrashLoopBackOff' } }, { exitCode: 3, reason: 'Error' })],
    lastLines: { main: 'starting\nconnecting to db\n\npanic: no route to db\n' },
    expected: degraded(
      'Container main exits with code 3: starting | connecting to db | panic: no route to db',
      'CrashLoop',
    ),
  },
  {
    title: 'a crash loop with a message of its own is not asked for more',
    why: 'the program said what it wanted to say',
    object: deployment(),
    pods: [crashedPod({ waiting: { reason: 'CrashLoopBackOff' } }, { exitCode: 3, message: 'no licence' })],
    lastLines: { main: 'noise' },
    expected: degraded('Container main exits with code 3: no licence', 'CrashLoop'),
  },
  {
    title: 'a crash loop whose container ends well says that it ends',
    why: 'something that should serve ends with code 0',
    object: deployment(),
    pods: [crashedPod({ waiting: { reason: 'CrashLoopBackOff' } }, { exitCode: 0, reason: 'Completed' })],
    expected: degraded('Container main ends again and again', 'CrashLoop'),
  },
  {
    title: 'an init container that crashes is named',
    why: 'the others wait for it',
    object: deployment(),
    pods: [
      pod('web-a', {
        phase: 'Pending',
        initContainerStatuses: [
          {
            name: 'migrate',
            restartCount: 2,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 9, message: 'locked' } },
          },
        ],
        containerStatuses: [{ name: 'main', state: { waiting: { reason: 'PodInitializing' } } }],
      }),
    ],
    expected: degraded('Container migrate exits with code 9: locked', 'CrashLoop'),
  },
  {
    title: 'a pod whose volume cannot be mounted says which, from the event',
    why: 'its status only says that containers are being created',
    object: deployment(),
    pods: [waitingPod('web-a', 'ContainerCreating')],
    warnings: {
      'Pod/web-a': warning('start', 'MountVolume.SetUp failed for volume "login": secret "login" not found'),
    },
    expected: degraded('Pod cannot be started: MountVolume.SetUp failed for volume "login": secret "login" not found'),
  },
  {
    title: 'a pod that its scheduler only tells of is Unschedulable',
    why: 'a scheduler of their own may set no condition',
    object: pod('web-a', { phase: 'Pending' }),
    warnings: { 'Pod/web-a': warning('schedule', 'no slot in this tide') },
    expected: degraded('Pod cannot be placed on a node: no slot in this tide', 'Unschedulable'),
  },
  {
    title: 'a pod that has started passes over what kept it from starting',
    why: 'the event is older than the pod is far',
    object: pod('web-a', {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ name: 'main', ready: true, state: { running: {} } }],
    }),
    warnings: { 'Pod/web-a': warning('start', 'secret "login" not found') },
    expected: healthy,
  },
  {
    title: 'a pod that waits for its volume says why the claim has none',
    why: 'the claim of a StatefulSet is told of nowhere else',
    object: deployment(),
    pods: [unscheduledPod(noClaim, { volumes })],
    warnings: { 'PersistentVolumeClaim/data-web-a': warning('provision', 'storageclass "fast" not found') },
    expected: progressing('Pod waits for its volume: claim data-web-a: storageclass "fast" not found', 'NotBound'),
  },
  {
    title: 'of several pods the worst is shown, and of equals the first by name',
    why: 'equal input gives equal text, in whatever order pods come',
    object: deployment(),
    pods: [
      waitingPod('web-c', 'ErrImagePull', 'third'),
      waitingPod('web-b', 'ErrImagePull', 'second'),
      { ...unscheduledPod(noClaim), metadata: { name: 'web-a', namespace: 'dev', labels: { app: 'web' } } },
    ],
    expected: degraded('Image example.test/web:9 of container main cannot be pulled: second', 'ImagePullFailed'),
  },
];

function deployment(status: object = { ...good, availableReplicas: 1 }): KubernetesObject {
  return object('apps/v1', 'Deployment', { replicas: 2, selector }, status);
}
