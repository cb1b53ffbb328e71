import { isJsonObject, type Json, type JsonObject } from '../lib/canonical.js';
import { diff, type FieldChange } from './diff.js';
import { hideSecrets } from './hide-secrets.js';
import { plannedFields } from './planned-fields.js';

/**
 * What differs between two documents of the log that are of one sort, both of desired state or both of status. Secrets
 * are hidden. `before` is null for the first one: then all that it has.
 */
export function revisionFields(
  sort: 'desired' | 'status',
  before: JsonObject | null,
  after: JsonObject,
): readonly FieldChange[] {
  if (sort === 'status') return diff(before ? statusOf(before, null) : {}, statusOf(after, before));
  const fields = plannedFields(before && desiredOf(before), desiredOf(after)).map(
    (field): FieldChange => ({
      path: field.path,
      before: field.before,
      after: field.after,
    }),
  );
  return before === null ? fields : [...fields, ...handsChanged(before, after, fields)];
}

const objectAt = (document: JsonObject, key: string): JsonObject => {
  const value = document[key];
  return isJsonObject(value) ? value : {};
};

function desiredOf(document: JsonObject) {
  const labels = objectAt(document, 'labels') as Readonly<Record<string, string>>;
  return { spec: objectAt(document, 'spec'), labels };
}

/** Who set a field is worth a word where that is all that changed of it. */
function handsChanged(before: JsonObject, after: JsonObject, told: readonly FieldChange[]): readonly FieldChange[] {
  const isTold = (path: string) =>
    told.some((field) => `${field.path}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${field.path}.`));
  const [were, are] = [objectAt(before, 'managers'), objectAt(after, 'managers')];
  return [...new Set([...Object.keys(were), ...Object.keys(are)])]
    .sort()
    .filter((path) => were[path] !== are[path] && !isTold(`spec.${path}`))
    .map((path) => ({ path: `managers.spec.${path}`, before: were[path], after: are[path] }));
}

/** As people read it: conditions by their type, outputs by their name. */
function statusOf(document: JsonObject, before: JsonObject | null): JsonObject {
  const conditions = (Array.isArray(document.conditions) ? document.conditions : []).filter(isJsonObject);
  return {
    health: document.health ?? null,
    conditions: Object.fromEntries(
      conditions.map(({ type, status, reason, message }) => [
        String(type),
        { status: status ?? null, reason: reason ?? null, message: message ?? null },
      ]),
    ),
    outputs: hideSecrets(
      valuesOf(objectAt(document, 'outputs')),
      before ? valuesOf(objectAt(before, 'outputs')) : undefined,
    ),
    observed: hideSecrets(objectAt(document, 'observed'), before ? objectAt(before, 'observed') : undefined),
  };
}

function valuesOf(outputs: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, output]): [string, Json] => [
      name,
      isJsonObject(output) ? (output.value ?? null) : null,
    ]),
  );
}
