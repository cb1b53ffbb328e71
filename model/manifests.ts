import { isJsonObject, type Json, type JsonObject } from '../lib/canonical.js';
import { BadInputError } from '../lib/errors.js';
import { isSecretReference } from '../lib/kind.js';
import { withArticle } from '../lib/names.js';
import { outputMarkerOf } from '../lib/output-marker.js';
import { sourceOf } from './expand/value-reference.js';

type Path = readonly (string | number)[];

/** `Kind/namespace/name`, or `Kind/name`, as people read it. */
export function objectTitle(object: JsonObject): string {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  return [object.kind, metadata.namespace, metadata.name].filter(Boolean).join('/');
}

/**
 * Kubernetes objects as a person gave them, made uniform: Lists are flattened and kubectl's copy of the last applied
 * object is dropped, for it repeats Secret data. Throws BadInputError for what Kubernetes would refuse in any cluster.
 */
export function normalizeManifests(objects: readonly Json[], path: Path): readonly JsonObject[] {
  const flat = objects.flatMap((object, index) => flatten(object, [...path, index]));
  const seen = new Map<string, Path>();
  for (const { object, path: at } of flat) {
    checkObject(object, at);
    const key = `${String(object.apiVersion).replace(/\/?[^/]*$/, '')} ${objectTitle(object)}`;
    if (seen.has(key)) {
      throw new BadInputError(`${objectTitle(object)} is given twice. Keep one of them.`, {
        path: at,
        first: seen.get(key),
      });
    }
    seen.set(key, at);
  }
  return flat.map(({ object }) => withoutLastApplied(object));
}

function flatten(value: Json, path: Path): readonly { readonly object: JsonObject; readonly path: Path }[] {
  if (!isJsonObject(value)) throw new BadInputError(`Expected a Kubernetes object, got ${describe(value)}.`, { path });
  if (
    value.kind === 'List' ||
    (typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items))
  ) {
    if (!Array.isArray(value.items)) throw new BadInputError('A List needs items.', { path: [...path, 'items'] });
    return value.items.flatMap((item: Json, index: number) => flatten(item, [...path, 'items', index]));
  }
  return [{ object: value, path }];
}

function checkObject(object: JsonObject, path: Path): void {
  for (const field of ['apiVersion', 'kind'] as const) {
    if (typeof object[field] !== 'string' || object[field] === '') {
      const what = isJsonObject(object.metadata) ? ` of ${String(object.metadata.name ?? 'an object')}` : '';
      throw new BadInputError(`The manifest${what} has no ${field}. Every Kubernetes object needs one.`, {
        path: [...path, field],
      });
    }
  }
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  if (metadata.generateName !== undefined) {
    throw new BadInputError(`A ${object.kind} uses generateName: every pass would make another one. Give it a name.`, {
      path: [...path, 'metadata', 'generateName'],
    });
  }
  checkName(String(object.kind), metadata.name, [...path, 'metadata', 'name']);
  if (metadata.namespace !== undefined) checkName('Namespace', metadata.namespace, [...path, 'metadata', 'namespace']);
  if (isSecret(object)) checkSecretData(object, path);
}

/** RFC 1123 subdomain for most kinds, label for namespaces and services; roles and bindings may carry any path segment. */
function checkName(kind: string, name: Json | undefined, path: Path): void {
  if (typeof name !== 'string' || name === '') {
    throw new BadInputError(`A ${kind} has no name. Set metadata.name.`, { path });
  }
  if (/^(Cluster)?Role(Binding)?$/.test(kind)) return;
  const isLabel = kind === 'Namespace' || kind === 'Service';
  const pattern = isLabel
    ? /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
    : /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
  const limit = isLabel ? 63 : 253;
  if (pattern.test(name) && name.length <= limit) return;
  throw new BadInputError(
    `Kubernetes refuses the name "${name}" of ${withArticle(kind)}: at most ${limit} characters of a-z, 0-9, "-"${isLabel ? '' : ' and "."'}, and a letter or digit at both ends (RFC 1123).`,
    { path },
  );
}

function checkSecretData(object: JsonObject, path: Path): void {
  for (const field of ['data', 'stringData'] as const) {
    const data = object[field];
    if (data === undefined || data === null) continue;
    if (!isJsonObject(data))
      throw new BadInputError(`${field} of a Secret must be an object.`, { path: [...path, field] });
    for (const [key, value] of Object.entries(data)) {
      if (isSecretReference(value) || sourceOf(value) !== null || outputMarkerOf(value) !== null) continue;
      const at = [...path, field, key];
      if (typeof value !== 'string') {
        throw new BadInputError(`${key} of ${objectTitle(object)} must be a string; quote it.`, { path: at });
      }
      if (field === 'data' && !/^[A-Za-z0-9+/]*={0,2}$/.test(value.replace(/\s/g, ''))) {
        throw new BadInputError(`${key} of ${objectTitle(object)} is not base64. Use stringData for plain text.`, {
          path: at,
        });
      }
    }
  }
}

export function isSecret(object: JsonObject): boolean {
  return object.kind === 'Secret' && object.apiVersion === 'v1';
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function withoutLastApplied(object: JsonObject): JsonObject {
  const metadata = object.metadata;
  if (!isJsonObject(metadata) || !isJsonObject(metadata.annotations) || !(lastApplied in metadata.annotations))
    return object;
  const annotations = Object.fromEntries(Object.entries(metadata.annotations).filter(([key]) => key !== lastApplied));
  return { ...object, metadata: { ...metadata, annotations } };
}

const describe = (value: Json) => (value === null ? 'nothing' : Array.isArray(value) ? 'a list' : `a ${typeof value}`);
