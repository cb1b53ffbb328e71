import type { KubernetesObject } from './driver.js';
import { list, record, text } from './object-fields.js';

/**
 * Whether the pod carries what a metav1.LabelSelector asks for. One that asks for nothing selects nothing here.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function isSelected(pod: KubernetesObject, selector: unknown): boolean {
  const labels: Readonly<Record<string, string>> = pod.metadata.labels ?? {};
  const { matchLabels, matchExpressions } = record(selector);
  const wanted = Object.entries(record(matchLabels));
  const expressions = list(matchExpressions).map(record);
  if (wanted.length === 0 && expressions.length === 0) return false;
  return wanted.every(([name, value]) => labels[name] === value) && expressions.every((each) => isMet(each, labels));
}

function isMet(expression: Readonly<Record<string, unknown>>, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[text(expression.key)];
  const values = list(expression.values);
  switch (expression.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
