import { isJsonObject, type Json, type JsonObject } from '../lib/canonical.js';
import { hiddenValue } from '../lib/field-difference.js';
import { isSecretReference } from '../lib/kind.js';
import { diff } from './diff.js';
import type { PlannedField } from './plan.js';

/** What of a resource people change. */
export interface DesiredState {
  readonly spec: JsonObject;
  readonly labels: Readonly<Record<string, string>>;
}

/** The fields that differ, secrets hidden. Of a new resource (`before` is null), all that it has. */
export function plannedFields(before: DesiredState | null, after: DesiredState): readonly PlannedField[] {
  if (before === null) return fieldsOf(shown(after, null), '');
  return diff(shown(before, null), shown(after, before));
}

/** Stands for a secret that gets another value. */
const changedValue = '(changed)';

const shown = ({ spec, labels }: DesiredState, before: DesiredState | null): JsonObject => ({
  spec: hidden(spec, before?.spec),
  labels,
});

/** A secret is the same when its reference is; where `before` has another one, it has changed. */
function hidden(value: Json, before: Json | undefined): Json {
  if (isSecretReference(value)) {
    const isOther =
      isSecretReference(before) &&
      (before.$secret.id !== value.$secret.id || before.$secret.version !== value.$secret.version);
    return isOther ? changedValue : hiddenValue;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => hidden(item, Array.isArray(before) ? before[index] : undefined));
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, hidden(item, isJsonObject(before) ? before[key] : undefined)]),
  );
}

/** A list is one field. */
function fieldsOf(value: JsonObject, path: string): readonly PlannedField[] {
  return Object.keys(value)
    .sort()
    .flatMap((key) => {
      const item = value[key];
      const here = path === '' ? key : `${path}.${key}`;
      return isJsonObject(item) ? fieldsOf(item, here) : [{ path: here, before: undefined, after: item }];
    });
}
