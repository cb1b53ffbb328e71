import type { Health, Reason } from '../../lib/health.js';
import type { KubernetesObject } from './driver.js';

/** What is said of one object. `message` is a sentence for people, empty when there is nothing to add. */
export interface ObjectHealth {
  readonly health: Health;
  readonly reason: Reason;
  readonly message: string;
}

/** A standard condition (https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#Condition), absent texts as ''. */
export interface ObjectCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** The generation that it was computed from; null where it does not say. */
  readonly observedGeneration: number | null;
}

/** The condition of that type in the object's status, or null. */
export function conditionOf(object: KubernetesObject, type: string): ObjectCondition | null {
  return toConditions(record(object.status).conditions).find((condition) => condition.type === type) ?? null;
}

/** A field that should be a list of conditions, as one. */
export function toConditions(value: unknown): readonly ObjectCondition[] {
  return list(value)
    .map(record)
    .map(({ type, status, reason, message, observedGeneration }) => ({
      type: text(type),
      status: text(status),
      reason: text(reason),
      message: text(message),
      observedGeneration: typeof observedGeneration === 'number' ? observedGeneration : null,
    }));
}

/** A field that should be an object, as one: empty when it is not. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A field that should be an array, as one: empty when it is not. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
