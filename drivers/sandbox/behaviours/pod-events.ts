import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record, text } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import type { Waiting } from './pod-problems.js';
import { statusOf } from './pod-status.js';

/** What the scheduler tells: where the pod was placed, or why nowhere. */
export function tellScheduling(
  object: KubernetesObject,
  problem: string | null,
  cluster: BehaviourCluster,
  nodeName = '',
): void {
  const by = 'default-scheduler';
  if (problem !== null) {
    cluster.tell(object, { type: 'Warning', reason: 'FailedScheduling', message: problem, by, action: 'Scheduling' });
    return;
  }
  const { namespace = '', name } = object.metadata;
  const message = `Successfully assigned ${namespace}/${name} to ${nodeName}`;
  cluster.tell(object, { type: 'Normal', reason: 'Scheduled', message, by, action: 'Binding' });
}

/** What a kubelet tells of containers that it starts or stops. Told once per pod and step. */
export function tellStart(
  object: KubernetesObject,
  step: 'Pulling' | 'Started' | 'Killing',
  cluster: BehaviourCluster,
): void {
  if (cluster.isTold(object, step)) return;
  const tell = (reason: string, message: string) =>
    cluster.tell(object, { type: 'Normal', reason, message, by: kubelet });
  for (const { name, image } of list(record(object.spec).containers).map(record)) {
    if (step === 'Killing') tell('Killing', `Stopping container ${text(name)}`);
    if (step === 'Pulling') tell('Pulling', `Pulling image "${text(image)}"`);
    if (step !== 'Started') continue;
    tell('Pulled', `Successfully pulled image "${text(image)}"`);
    tell('Created', `Created container: ${text(name)}`);
    tell('Started', `Started container ${text(name)}`);
  }
}

/** What a kubelet tells of images and configuration that it cannot have; again only when it changes. */
export function tellProblem(
  object: KubernetesObject,
  images: ReadonlyMap<string, Waiting>,
  config: Waiting | null,
  cluster: BehaviourCluster,
): void {
  const { initContainers, containers } = record(object.spec);
  for (const { name, image } of [...list(initContainers), ...list(containers)].map(record)) {
    const isInitial = list(initContainers).some((each) => record(each).name === name);
    const waiting = images.get(text(name)) ?? (isInitial ? null : config);
    if (!waiting || waitsFor(object, text(name)) === waiting.reason) continue;
    if (waiting.reason === 'ErrImagePull') {
      cluster.tell(object, {
        type: 'Normal',
        reason: 'Pulling',
        message: `Pulling image "${text(image)}"`,
        by: kubelet,
      });
      const failed = `Failed to pull image "${text(image)}": ${waiting.message}`;
      cluster.tell(object, { type: 'Warning', reason: 'Failed', message: failed, by: kubelet });
    }
    if (waiting.reason === 'ImagePullBackOff') {
      const message = `Back-off pulling image "${text(image)}"`;
      cluster.tell(object, { type: 'Normal', reason: 'BackOff', message, by: kubelet });
    }
    const message = `Error: ${waiting === config ? waiting.message : waiting.reason}`;
    cluster.tell(object, { type: 'Warning', reason: 'Failed', message, by: kubelet });
  }
}

/** What a kubelet tells of a container that ends again and again. */
export function tellCrash(object: KubernetesObject, crashing: ReadonlySet<string>, cluster: BehaviourCluster): void {
  const { name, namespace = '', uid = '' } = object.metadata;
  for (const container of crashing) {
    const message = `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${uid})`;
    cluster.tell(object, { type: 'Warning', reason: 'BackOff', message, by: kubelet });
  }
}

/** What a kubelet tells of a probe that fails. Told once per pod and container. */
export function tellProbe(
  object: KubernetesObject,
  container: string,
  probe: 'Liveness' | 'Readiness',
  cluster: BehaviourCluster,
): void {
  if (cluster.isTold(object, `${probe} ${container}`)) return;
  const message = `${probe} probe failed: HTTP probe failed with statuscode: 503`;
  cluster.tell(object, { type: 'Warning', reason: 'Unhealthy', message, by: kubelet });
  if (probe === 'Readiness') return;
  const killing = `Container ${container} failed liveness probe, will be restarted`;
  cluster.tell(object, { type: 'Normal', reason: 'Killing', message: killing, by: kubelet });
}

const kubelet = 'kubelet';

function waitsFor(object: KubernetesObject, container: string): string {
  return text(record(record(statusOf(object, container).state).waiting).reason);
}
