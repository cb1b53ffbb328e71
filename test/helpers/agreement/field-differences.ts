import { isJsonObject, type Json } from '../../../lib/canonical.js';
import { isSecretReference } from '../../../lib/kind.js';

export interface DifferingField {
  readonly path: string;
  readonly desired: Json;
  readonly live: Json | undefined;
}

/** Where `live` does not have what `desired` says. What `desired` does not mention may be anything: defaults fill it. */
export function differingFields(desired: Json, live: Json | undefined, path = ''): readonly DifferingField[] {
  // The test knows no secret; that there is a value is looked at.
  if (isSecretReference(desired)) return live === undefined ? [{ path, desired: '(hidden)', live }] : [];
  if (desired === null) return live === undefined || live === null ? [] : [{ path, desired, live }];
  if (Array.isArray(desired)) {
    if (!Array.isArray(live)) return desired.length === 0 && live === undefined ? [] : [{ path, desired, live }];
    return desired.flatMap((item, index) =>
      differingFields(item, itemLike(item, index, live), `${path}${stepOf(item, index)}`),
    );
  }
  if (isJsonObject(desired)) {
    if (live !== undefined && !isJsonObject(live)) return [{ path, desired, live }];
    return Object.entries(desired).flatMap(([key, value]) =>
      differingFields(value ?? null, live?.[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (desired === live || isSameQuantity(desired, live) || (live === undefined && isZero(desired))) return [];
  return [{ path, desired, live }];
}

/** Lists of named things are merged by name, whatever their order. */
function itemLike(item: Json, index: number, live: readonly Json[]): Json | undefined {
  const name = nameOf(item);
  if (name === null) return live.some((each) => each === item) ? item : live[index];
  return live.find((each) => nameOf(each) === name) ?? undefined;
}

function nameOf(item: Json): string | null {
  return isJsonObject(item) && typeof item.name === 'string' ? item.name : null;
}

function stepOf(item: Json, index: number): string {
  const name = nameOf(item);
  return name === null ? `[${index}]` : `[name=${name}]`;
}

/** What the API server leaves out when it stores an object. */
const isZero = (value: Json): boolean => value === '' || value === false || value === 0;

/** `0.5` is stored as `500m`: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
function isSameQuantity(one: Json, other: Json | undefined): boolean {
  if (other === undefined || typeof one === 'boolean' || typeof other === 'boolean') return false;
  const [left, right] = [quantityOf(one), quantityOf(other)];
  return left !== null && right !== null && Math.abs(left - right) <= Math.abs(left) * 1e-9;
}

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
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

function quantityOf(value: Json): number | null {
  const [, digits, suffix] = /^([+-]?[0-9.]+)([numkMGTPE]?i?)$/.exec(String(value)) ?? [];
  const factor = suffix === undefined ? undefined : factors[suffix];
  return digits === undefined || factor === undefined ? null : Number(digits) * factor;
}
