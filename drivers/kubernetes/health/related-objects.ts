import type { KubernetesObject } from '../driver.js';

/** What else was seen that says something about an object. What is left out was not looked for. */
export interface RelatedObjects {
  /** Pods of the object's namespace; those that the object does not select are passed over. */
  readonly pods: readonly KubernetesObject[];
  /** Jobs of the object's namespace; those that the object does not own are passed over. */
  readonly jobs?: readonly KubernetesObject[];
  /** What the cluster last told of an object, where nothing later says that it is over. */
  warningsOf?(about: WarnedObject): readonly ObjectWarning[];
  /** The last lines of a container that ended without a message of its own; '' when there are none. */
  lastLinesOf?(pod: KubernetesObject, container: string): string;
}

/** `uid` is left out where only the name is known. */
export interface WarnedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
}

/** A cluster event that still holds. */
export interface ObjectWarning {
  readonly about: WarningTopic;
  /** As the event has it. */
  readonly reason: string;
  readonly message: string;
}

/** create: its pods or jobs cannot be made. schedule, start: of a pod. provision: of a claim. balance: of a load balancer. */
export type WarningTopic = 'create' | 'schedule' | 'start' | 'provision' | 'balance';

/** The message of what holds on that topic for `object`, or ''. */
export function warningOf(topic: WarningTopic, object: KubernetesObject, related: RelatedObjects): string {
  const { name, namespace = '', uid } = object.metadata;
  const about = { kind: object.kind, namespace, name, ...(uid === undefined ? {} : { uid }) };
  return related.warningsOf?.(about).find((warning) => warning.about === topic)?.message ?? '';
}
