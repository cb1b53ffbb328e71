import { list, record, text } from '../kubernetes/object-fields.js';

/** Whether labels are selected by a LabelSelector object: `{ matchLabels, matchExpressions }`. An empty one selects all. */
export function matchesSelector(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const { matchLabels, matchExpressions } = record(selector);
  return (
    Object.entries(record(matchLabels)).every(([name, value]) => labels[name] === value) &&
    list(matchExpressions)
      .map(record)
      .every((expression) => isMet(expression, labels))
  );
}

/** The same selector in its text form, as a Scale carries it. */
export function selectorText(selector: unknown): string {
  const { matchLabels, matchExpressions } = record(selector);
  const equal = Object.entries(record(matchLabels)).map(([name, value]) => `${name}=${String(value)}`);
  const others = list(matchExpressions)
    .map(record)
    .map(({ key, operator, values }) => {
      if (operator === 'Exists') return text(key);
      if (operator === 'DoesNotExist') return `!${text(key)}`;
      return `${text(key)} ${text(operator).toLowerCase()} (${list(values).join(',')})`;
    });
  return [...equal, ...others].sort().join(',');
}

function isMet(expression: Readonly<Record<string, unknown>>, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[text(expression.key)];
  switch (expression.operator) {
    case 'In':
      return value !== undefined && list(expression.values).includes(value);
    case 'NotIn':
      return value === undefined || !list(expression.values).includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
