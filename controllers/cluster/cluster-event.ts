import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { number, record, text } from '../../drivers/kubernetes/object-fields.js';

/** An Event of a cluster (core/v1), as far as it is used. Times are RFC 3339. */
export interface ClusterEvent {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly about: InvolvedObject;
}

export interface InvolvedObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for kinds without one. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** `Kind/namespace/name`, or `Kind/name`. */
  readonly title: string;
}

/** null when it does not say what it is about. Its counts and times are where the two generations of that API have them. */
export function readClusterEvent(object: KubernetesObject): ClusterEvent | null {
  const { uid, resourceVersion = '', creationTimestamp = '' } = object.metadata;
  const { involvedObject, series, type, reason, message, count, firstTimestamp, lastTimestamp, eventTime } = object;
  const about = involved(record(involvedObject));
  if (!uid || !about) return null;
  const made = text(eventTime) || creationTimestamp;
  const firstAt = text(firstTimestamp) || made;
  return {
    uid,
    resourceVersion,
    type: type === 'Warning' ? 'Warning' : 'Normal',
    reason: text(reason) || 'Unknown',
    message: text(message),
    count: Math.max(1, number(record(series).count, number(count, 1))),
    firstAt,
    lastAt: text(record(series).lastObservedTime) || text(lastTimestamp) || firstAt,
    about,
  };
}

function involved(reference: Readonly<Record<string, unknown>>): InvolvedObject | null {
  const kind = text(reference.kind);
  const name = text(reference.name);
  if (kind === '' || name === '') return null;
  const namespace = text(reference.namespace);
  return {
    apiVersion: text(reference.apiVersion),
    kind,
    namespace,
    name,
    uid: text(reference.uid),
    title: titleOf(kind, namespace, name),
  };
}

/** By join: what a template puts together holds its parts as well, and there is one for every object. */
export function titleOf(kind: string, namespace: string, name: string): string {
  return (namespace === '' ? [kind, name] : [kind, namespace, name]).join('/');
}
