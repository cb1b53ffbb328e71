import { isJsonObject, type JsonObject } from '../lib/canonical.js';
import { diff } from './diff.js';
import { hideSecrets } from './hide-secrets.js';
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

const shown = ({ spec, labels }: DesiredState, before: DesiredState | null): JsonObject => ({
  spec: hideSecrets(spec, before?.spec),
  labels,
});

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
