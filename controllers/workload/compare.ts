import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { isJsonObject, isSameJson } from '../../lib/canonical.js';
import { hashJson } from '../../lib/node/hash.js';
import { anySecret, withAnySecrets } from './secret-data.js';

/**
 * Whether somebody changed what we applied. The API server writes values in its own way (`1000m` becomes `1`) and adds
 * defaults, so the exact question is asked of what it answered to our last apply, when that is known: `accepted`.
 * Without it (another process applied) the desired fields are looked for in the live object: a difference in writing
 * alone then costs one apply that changes nothing.
 */
export function hasDrifted(desired: KubernetesObject, live: KubernetesObject, accepted: string | null): boolean {
  const ignored = yieldedPaths(live);
  if (accepted !== null) return fingerprint(desired, live) !== accepted;
  return !isWithin(withAnySecrets(desired), live, ignored, '');
}

/** Hash of what stands in `live` at the places that `desired` states, but for what was yielded to autoscalers. */
export function fingerprint(desired: KubernetesObject, live: KubernetesObject): string {
  return hashJson(projection(withAnySecrets(desired), live, yieldedPaths(live), '') ?? null);
}

/** Fields that are left to whoever uses the scale subresource, such as an autoscaler. */
export function yieldedPaths(live: KubernetesObject): ReadonlySet<string> {
  const fields = live.metadata.managedFields;
  const isScaled =
    Array.isArray(fields) && fields.some((entry) => isJsonObject(entry) && entry.subresource === 'scale');
  return new Set(isScaled ? ['.spec.replicas'] : []);
}

/** Whether all that `desired` states stands in `live`. Lists are compared as given, item by item. */
function isWithin(desired: unknown, live: unknown, ignored: ReadonlySet<string>, path: string): boolean {
  if (ignored.has(path)) return true;
  if (desired === anySecret) return typeof live === 'string';
  if (isEmpty(desired)) return isEmpty(live) || typeof live === 'object';
  if (Array.isArray(desired)) {
    if (!Array.isArray(live) || live.length !== desired.length) return false;
    return desired.every((item, index) => isWithin(item, live[index], ignored, `${path}[${index}]`));
  }
  if (isJsonObject(desired)) {
    if (!isJsonObject(live)) return false;
    return Object.entries(desired).every(([key, value]) => isWithin(value, live[key], ignored, `${path}.${key}`));
  }
  return isSameJson(desired, live) || isSameQuantity(desired, live);
}

/** What stands in `live` at the places that `desired` states. Lists are taken whole: an item too many is a change. */
function projection(desired: unknown, live: unknown, ignored: ReadonlySet<string>, path: string): unknown {
  if (ignored.has(path)) return undefined;
  if (Array.isArray(desired) && Array.isArray(live)) {
    return live.map((item, index) => projection(desired[index], item, ignored, `${path}[${index}]`));
  }
  if (!isJsonObject(desired) || !isJsonObject(live)) return live;
  return Object.fromEntries(
    Object.keys(desired).map((key) => [key, projection(desired[key], live[key], ignored, `${path}.${key}`)]),
  );
}

/** The API server drops nulls, empty strings, empty lists and empty objects as it likes. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (typeof value !== 'object') return false;
  return Object.keys(value).length === 0;
}

/** Kubernetes quantities: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
function isSameQuantity(a: unknown, b: unknown): boolean {
  const left = quantity(a);
  return left !== null && left === quantity(b);
}

const quantityPattern = /^([+-]?[0-9.]+)([eE][+-]?[0-9]+|[numkKMGTPE]i?)?$/;
const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

function quantity(value: unknown): number | null {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? quantityPattern.exec(value) : null;
  if (!match) return null;
  const [, digits, suffix = ''] = match;
  if (/^[eE][+-]?[0-9]/.test(suffix)) return Number(`${digits}${suffix}`);
  const factor = suffix === '' ? 1 : suffixes[suffix];
  if (factor === undefined) return null;
  // Rounded to the smallest step that Kubernetes knows (nano), so that 0.1 and 100m are equal.
  return Math.round(Number(digits) * factor * 1e9) / 1e9;
}
