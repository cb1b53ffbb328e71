import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { isJsonObject, isSameJson, type Json, type JsonObject } from '../../../lib/canonical.js';
import { type FieldDifference, hiddenValue } from '../../../lib/field-difference.js';
import { isSameQuantity } from '../../../lib/quantity.js';
import { isSecret } from '../../../model/manifests.js';
import { anySecret, withAnySecrets } from '../secret-data.js';
import { type FieldPath, type FieldPattern, pathText, relationOf } from './field-path.js';
import { pairItems } from './list-items.js';
import { isOurEntry, isSetByUs, type ManagedEntry, managedEntries } from './managed-fields.js';
import { whoChanged } from './who-changed.js';

/**
 * Where `live` is not as `desired` states. Pure.
 *
 * Only stated fields count: defaults, other ways of writing a quantity, empty values and fields of others are no
 * difference. Items of lists are compared by their keys; one that another manager added to a stated list counts.
 */
export function findDifferences(
  desired: KubernetesObject,
  live: KubernetesObject,
  options: DifferenceOptions = {},
): readonly FieldDifference[] {
  return walkDifferences(desired, live, options).map(({ at: _at, difference }) => difference);
}

/** Where `live` has items in stated lists that another manager added, in the order of its lists. The same walk. */
export function findSurplus(
  desired: KubernetesObject,
  live: KubernetesObject,
  options: DifferenceOptions = {},
): readonly FieldPath[] {
  return walkDifferences(desired, live, options).flatMap(({ at, difference }) =>
    difference.desired === null ? [at] : [],
  );
}

function walkDifferences(desired: KubernetesObject, live: KubernetesObject, options: DifferenceOptions): Found {
  const entries = managedEntries(live);
  const walk: Walk = {
    ignored: options.ignored ?? [],
    entries,
    knowsWriters: options.isApplied === true && entries.some((entry) => isOurEntry(entry) && entry.isApply),
    isSecret: isSecret(live as unknown as JsonObject),
  };
  const { apiVersion: _apiVersion, kind: _kind, ...stated } = withAnySecrets(desired);
  return compare(walk, stated as unknown as JsonObject, live as unknown as JsonObject, []);
}

export interface DifferenceOptions {
  /** Fields that do not count. */
  readonly ignored?: readonly FieldPattern[];
  /**
   * Whether our last apply stated what is desired now. Then a field that it set, and nobody changed since, is as desired,
   * whatever its value: that is the API server's way of storing ours. Left out: no.
   */
  readonly isApplied?: boolean;
}

interface Walk {
  readonly ignored: readonly FieldPattern[];
  readonly entries: readonly ManagedEntry[];
  /** Whether the object says what an apply of this very state set. */
  readonly knowsWriters: boolean;
  readonly isSecret: boolean;
}

type Found = readonly { readonly at: FieldPath; readonly difference: FieldDifference }[];

function compare(walk: Walk, desired: Json, live: Json | undefined, path: FieldPath): Found {
  if (walk.ignored.some((pattern) => relationOf(pattern, path) === 'same')) return [];
  if (desired === anySecret) return compareSecret(walk, live, path);
  if (isEmpty(desired)) return isEmpty(live) || typeof live === 'object' ? [] : differ(walk, desired, live, path);
  if (Array.isArray(desired)) return compareLists(walk, desired, live, path);
  if (isJsonObject(desired)) {
    if (!isJsonObject(live)) return differ(walk, desired, live, path);
    return Object.entries(desired).flatMap(([field, value]) => compare(walk, value, live[field], [...path, { field }]));
  }
  const isSame = isSameJson(desired, live) || (isSameQuantity(desired, live) && isQuantity(walk, path));
  return isSame ? [] : differ(walk, desired, live, path);
}

/** The value is not known here: whether it is ours shows in who set it. */
function compareSecret(walk: Walk, live: Json | undefined, path: FieldPath): Found {
  if (typeof live === 'string' && (!walk.knowsWriters || isSetByUs(walk.entries, path))) return [];
  return differ(walk, hiddenValue, live === undefined ? live : hiddenValue, path);
}

function compareLists(walk: Walk, desired: readonly Json[], live: Json | undefined, path: FieldPath): Found {
  if (!Array.isArray(live)) return differ(walk, desired, live, path);
  // What is the same place by place is the same however its items are told apart, which costs more to find out.
  if (isSameByPlace(walk, desired, live, path)) return [];
  const paired = pairItems(desired, live, path, walk.entries);
  if (!paired) return differ(walk, desired, live, path);
  return paired.pairs.flatMap((pair): Found => {
    const at = [...path, pair.step];
    if (pair.desired !== undefined) return compare(walk, pair.desired, pair.live, at);
    return isAddedByOthers(walk, at) ? differ(walk, null, pair.live, at) : [];
  });
}

function isSameByPlace(walk: Walk, desired: readonly Json[], live: readonly Json[], path: FieldPath): boolean {
  if (desired.length !== live.length) return false;
  return desired.every((item, index) => {
    const step = { item: live[index] ?? item, index, keys: [] };
    return compare(walk, item, live[index], [...path, step]).length === 0;
  });
}

/**
 * What nobody set is a default; what is set as ours was added by admission; some lists are a controller's to fill, and
 * finalizers are never ours to take away.
 */
function isAddedByOthers(walk: Walk, path: FieldPath): boolean {
  const [first] = path;
  if (first && 'field' in first && first.field === 'metadata') return false;
  if (walk.ignored.some((pattern) => relationOf(pattern, path) !== 'elsewhere')) return false;
  const { manager } = whoChanged(walk.entries, path);
  return manager !== null && manager !== 'kube-controller-manager';
}

function differ(walk: Walk, desired: Json, live: Json | undefined, path: FieldPath): Found {
  if (walk.knowsWriters && desired !== null && isSetByUs(walk.entries, path)) return [];
  const wanted = withoutIgnored(walk, desired, path);
  if (wanted === undefined) return [];
  const shown = (value: Json) => (isHidden(walk, path) && value !== null ? hiddenValue : withoutSecrets(value));
  const writer = whoChanged(walk.entries, path);
  const difference = { path: pathText(path), desired: shown(wanted), live: shown(live ?? null), ...writer };
  return [{ at: path, difference }];
}

/** Of something that is not there, what is wanted of it; undefined: all of it is to be left alone. */
function withoutIgnored(walk: Walk, desired: Json, path: FieldPath): Json | undefined {
  const relations = walk.ignored.map((pattern) => relationOf(pattern, path));
  if (relations.includes('same')) return undefined;
  if (!relations.includes('below') || !isJsonObject(desired)) return desired;
  const left = Object.entries(desired).flatMap(([field, value]) => {
    const kept = withoutIgnored(walk, value, [...path, { field }]);
    return kept === undefined ? [] : [[field, kept] as const];
  });
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

function isHidden({ isSecret: isOfSecret }: Walk, [first]: FieldPath): boolean {
  return isOfSecret && first !== undefined && 'field' in first && /^(data|stringData)$/.test(first.field);
}

function withoutSecrets(value: Json): Json {
  if (value === anySecret) return hiddenValue;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutSecrets(item)]));
}

/** The API server drops nulls, empty strings, empty lists and empty objects as it likes. */
function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

const quantityFields = new Set(['limits', 'requests', 'capacity', 'hard', 'cpu', 'memory', 'storage', 'sizeLimit']);
const textFields = new Set(['labels', 'annotations', 'data', 'env', 'args', 'command']);

/** `1.0` and `1` are one amount, and two versions: where somebody else wrote the other text, only an amount is the same. */
function isQuantity(walk: Walk, path: FieldPath): boolean {
  const isIn = (fields: ReadonlySet<string>) => path.some((step) => 'field' in step && fields.has(step.field));
  return isIn(quantityFields) || (!isIn(textFields) && whoChanged(walk.entries, path).manager === null);
}
