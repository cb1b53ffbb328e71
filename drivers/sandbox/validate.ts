import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import type { KubernetesObject } from '../kubernetes/driver.js';
import { list, record, text } from '../kubernetes/object-fields.js';
import { ApiError } from './api-error.js';
import type { SandboxType } from './type-table.js';

/** Throws 422 for what an API server would not store. Only the mistakes that people make most. */
export function validateObject(type: SandboxType, object: KubernetesObject): void {
  const { name } = object.metadata;
  if (!namePattern.test(name) || name.length > 253) {
    throw invalid(
      object,
      'metadata.name',
      name,
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    );
  }
  for (const [label, value] of Object.entries(object.metadata.labels ?? {})) {
    if (typeof value === 'string' && labelPattern.test(value)) continue;
    throw invalid(
      object,
      `metadata.labels[${label}]`,
      value,
      "a valid label must be an empty string or consist of at most 63 alphanumeric characters, '-', '_' or '.'",
    );
  }
  if (type.group === 'apps' && type.kind !== 'ControllerRevision') validateTemplate(object);
  if (type.id === 'batch/Job') requireContainers(object);
}

/** Throws 422 when `after` changes what a cluster does not let change. */
export function validateUpdate(type: SandboxType, before: KubernetesObject, after: KubernetesObject): void {
  if (type.id === 'apps/StatefulSet') {
    if (isSameJson(omit(before.spec, mutableInStatefulSet), omit(after.spec, mutableInStatefulSet))) return;
    throw invalid(
      after,
      'spec',
      null,
      `Forbidden: updates to statefulset spec for fields other than ${mutableInStatefulSet.map((field) => `'${field}'`).join(', ')} are forbidden`,
    );
  }
  if (type.id === '/ConfigMap' || type.id === '/Secret') {
    if (before.immutable !== true || isSameJson(before.data, after.data)) return;
    throw invalid(after, 'data', null, 'Forbidden: field is immutable when `immutable` is set');
  }
  for (const field of immutable[type.id] ?? []) {
    if (isSameJson(record(before.spec)[field], record(after.spec)[field])) continue;
    throw invalid(after, `spec.${field}`, null, 'field is immutable');
  }
}

const namePattern = /^[a-z0-9:]([-a-z0-9.:]*[a-z0-9])?$/;
const labelPattern = /^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$/;

const mutableInStatefulSet = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

const immutable: Readonly<Record<string, readonly string[]>> = {
  'apps/Deployment': ['selector'],
  'apps/ReplicaSet': ['selector'],
  'apps/DaemonSet': ['selector'],
  'batch/Job': ['selector', 'template', 'completions'],
  '/PersistentVolumeClaim': ['accessModes', 'storageClassName', 'volumeName', 'selector'],
  '/Service': ['clusterIP'],
};

function validateTemplate(object: KubernetesObject): void {
  const spec = record(object.spec);
  const wanted = Object.entries(record(record(spec.selector).matchLabels));
  if (spec.selector === undefined) throw invalid(object, 'spec.selector', null, 'Required value');
  const labels = record(record(record(spec.template).metadata).labels);
  if (wanted.some(([name, value]) => labels[name] !== value)) {
    throw invalid(object, 'spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  }
  requireContainers(object);
}

function requireContainers(object: KubernetesObject): void {
  const containers = list(record(record(record(object.spec).template).spec).containers).map(record);
  if (containers.length === 0) throw invalid(object, 'spec.template.spec.containers', null, 'Required value');
  for (const [index, container] of containers.entries()) {
    if (!text(container.name))
      throw invalid(object, `spec.template.spec.containers[${index}].name`, null, 'Required value');
    if (!text(container.image))
      throw invalid(object, `spec.template.spec.containers[${index}].image`, null, 'Required value');
  }
}

function invalid(object: KubernetesObject, field: string, value: unknown, why: string): ApiError {
  const shown = value === null ? '' : `Invalid value: ${JSON.stringify(value)}: `;
  const message = `${object.kind} "${object.metadata.name}" is invalid: ${field}: ${shown}${why}`;
  return new ApiError(422, 'Invalid', message, { causes: [{ reason: 'FieldValueInvalid', message: why, field }] });
}

function omit(value: unknown, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(record(value)).filter(([name]) => !fields.includes(name))) as JsonObject;
}
