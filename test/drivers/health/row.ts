import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import type { ObjectWarning, WarningTopic } from '../../../drivers/kubernetes/health/related-objects.js';
import type { ObjectHealth } from '../../../drivers/kubernetes/object-fields.js';

/** One line of a table of health: what was seen, and what is said of it. */
export interface HealthRow {
  readonly title: string;
  readonly why: string;
  readonly object: KubernetesObject;
  readonly pods?: readonly KubernetesObject[];
  readonly jobs?: readonly KubernetesObject[];
  /** By `Kind/name`. */
  readonly warnings?: Readonly<Record<string, ObjectWarning>>;
  /** By container. */
  readonly lastLines?: Readonly<Record<string, string>>;
  readonly expected: ObjectHealth;
}

export const healthy: ObjectHealth = { health: 'Healthy', reason: 'Available', message: '' };
export const completed: ObjectHealth = { health: 'Healthy', reason: 'Completed', message: 'It has completed.' };
export const behind = progressing('The cluster has not taken up the last change yet.');

export function progressing(message: string, reason: ObjectHealth['reason'] = 'Progressing'): ObjectHealth {
  return { health: 'Progressing', reason, message };
}

export function degraded(message: string, reason: ObjectHealth['reason'] = 'ObjectFailed'): ObjectHealth {
  return { health: 'Degraded', reason, message };
}

export function suspended(message: string): ObjectHealth {
  return { health: 'Suspended', reason: 'Suspended', message };
}

export function warning(about: WarningTopic, message: string): ObjectWarning {
  return { about, reason: 'Failed', message };
}

/** Of generation 2, called web, in the namespace dev, with the uid of its name. */
export function object(apiVersion: string, kind: string, spec: object, status: object): KubernetesObject {
  return { apiVersion, kind, metadata: { name: 'web', namespace: 'dev', generation: 2, uid: 'uid-web' }, spec, status };
}

/** The same, with one condition. */
export function withCondition(
  apiVersion: string,
  kind: string,
  condition: { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string },
  spec: object = {},
): KubernetesObject {
  return object(apiVersion, kind, spec, { conditions: [condition] });
}

export const selector = { matchLabels: { app: 'web' } };

/** A pod that carries what `selector` asks for. */
export function pod(name: string, status: object, spec: object = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'dev', labels: { app: 'web' }, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { containers: [{ name: 'main', image: 'example.test/web:9' }], ...spec },
    status,
  };
}

export function waitingPod(name: string, reason: string, message = ''): KubernetesObject {
  return pod(name, {
    phase: 'Pending',
    containerStatuses: [{ name: 'main', state: { waiting: { reason, message } } }],
  });
}

export function crashedPod(state: object, terminated: object): KubernetesObject {
  return pod('web-a', {
    phase: 'Running',
    containerStatuses: [{ name: 'main', ready: false, restartCount: 4, state, lastState: { terminated } }],
  });
}

export function failedPod(name: string, exitCode: number, creationTimestamp: string): KubernetesObject {
  const made = pod(name, {
    phase: 'Failed',
    containerStatuses: [{ name: 'main', state: { terminated: { exitCode } } }],
  });
  return { ...made, metadata: { ...made.metadata, creationTimestamp } };
}

export function unscheduledPod(message: string, spec: object = {}): KubernetesObject {
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
  return pod('web-a', { phase: 'Pending', conditions }, spec);
}

export function deleted(seen: KubernetesObject): KubernetesObject {
  return { ...seen, metadata: { ...seen.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
}
