import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { isJsonObject, type Json, type JsonObject } from '../../../lib/canonical.js';
import type { ObjectPolicy } from '../../../schema/kinds/object-policy.js';
import { type FieldPattern, parseFieldPattern } from './field-path.js';
import { isOurEntry, type ManagedEntry, managedEntries } from './managed-fields.js';

/**
 * Fields of an object that others set and keep: through the scale subresource, as an autoscaler does; the replicas that a
 * known autoscaler wrote; and what policy yields to a manager. They are no drift, and never taken back. `isStale`: what
 * scaled it is gone, so its scale is ours again. Pure.
 */
export function yieldedFields(
  live: KubernetesObject,
  policy: ObjectPolicy | undefined,
  isStale = false,
): readonly FieldPattern[] {
  return managedEntries(live)
    .filter((entry) => !isOurEntry(entry) && !(isStale && entry.subresource === 'scale'))
    .flatMap((entry) => {
      const fields = leaves(entry.fields);
      if (entry.subresource === 'scale') return fields;
      const patterns = [
        ...(isAutoscaler(entry) ? [replicas] : []),
        ...(policy?.yieldTo ?? [])
          .filter(({ manager }) => manager === entry.manager)
          .map(({ path }) => parseFieldPattern(path)),
      ];
      return fields.filter((field) => patterns.some((pattern) => covers(pattern, field)));
    });
}

const replicas = parseFieldPattern('spec.replicas');

/** Those that write the object itself, and not its scale. */
const isAutoscaler = ({ manager }: ManagedEntry) => /autoscaler|\bhpa\b|\bvpa\b|keda/i.test(manager);

/** All fields that an entry names, each as the pattern that names just it. FieldsV1: see managed-fields.ts. */
function leaves(fields: JsonObject, path: FieldPattern = []): readonly FieldPattern[] {
  const below = Object.entries(fields).flatMap(([name, value]) => {
    if (name === '.' || !isJsonObject(value)) return [];
    return leaves(value, [...path, ...tokensOf(name)]);
  });
  return below.length > 0 || path.length === 0 ? below : [path];
}

function tokensOf(name: string): FieldPattern {
  const text = name.slice(2);
  if (name.startsWith('f:')) return text.split('.');
  if (name.startsWith('i:')) return [{ index: Number(text) }];
  const value = JSON.parse(text) as Json;
  if (name.startsWith('k:') && isJsonObject(value)) {
    return [{ where: Object.fromEntries(Object.entries(value).map(([key, of]) => [key, String(of)])) }];
  }
  return [{ where: { '': String(value) } }];
}

/** Whether the field is what the pattern names, or is in it. */
function covers(pattern: FieldPattern, field: FieldPattern): boolean {
  if (pattern.length > field.length) return false;
  return pattern.every((token, index) => {
    const of = field[index];
    if (of === undefined || typeof token === 'string' || typeof of === 'string') return token === of;
    if ('any' in token) return true;
    if ('index' in token) return 'index' in of && of.index === token.index;
    return 'where' in of && Object.entries(token.where).every(([key, value]) => of.where[key] === value);
  });
}
