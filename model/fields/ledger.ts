import { isSameJson, type Json, type JsonObject } from '../../lib/canonical.js';
import type { Managers, Yielded, YieldedValue } from '../resource.js';
import { buildSpec } from './build-spec.js';
import { coverOf, uncover } from './cover.js';
import { type FieldPlace, parseFieldPath } from './field-path.js';
import { type FieldTree, treeOf } from './field-tree.js';

/** A spec with who set each of its fields, and what others state of them. */
export interface ManagedSpec {
  readonly spec: JsonObject;
  readonly managers: Managers;
  /** Left out: nobody else states anything. */
  readonly yielded?: Yielded;
}

export interface Holding {
  readonly place: FieldPlace;
  readonly value: Json;
  /** null: nobody states it. */
  readonly owner: string | null;
}

/** The same, field by field, to be worked on. */
export interface Ledger {
  readonly fields: Map<string, Holding>;
  /** What managers that do not own a field state of it: by path, then by manager. */
  readonly claims: Map<string, Map<string, YieldedValue>>;
}

export function openLedger({ spec, managers, yielded = {} }: ManagedSpec): Ledger & { readonly tree: FieldTree } {
  const tree = treeOf(spec);
  const owners = uncover(tree, managers);
  const fields = new Map<string, Holding>();
  for (const [path, leaf] of tree.fields)
    fields.set(path, { place: leaf, value: leaf.value, owner: owners.get(path) ?? null });

  const claims: Ledger['claims'] = new Map();
  const sameBy = new Map<string, Map<string, string>>();
  for (const [path, values] of Object.entries(yielded)) {
    for (const [manager, value] of Object.entries(values)) {
      if ('value' in value) claimAt(claims, path).set(manager, value);
      else claimAt(sameBy, manager).set(path, manager);
    }
  }
  for (const [manager, cover] of sameBy)
    for (const path of uncover(tree, Object.fromEntries(cover)).keys())
      claimAt(claims, path).set(manager, { same: true });
  return { tree, fields, claims };
}

export function closeLedger(
  { fields, claims }: Ledger,
  orderOf: (list: string) => readonly string[],
): Required<ManagedSpec> {
  const spec = buildSpec(fields.values(), orderOf);
  const tree = treeOf(spec);
  const managers = coverOf(tree, (path) => fields.get(path)?.owner ?? null);

  const yielded = new Map<string, Map<string, YieldedValue>>();
  const claimants = new Set<string>();
  for (const [path, values] of claims) {
    for (const [manager, value] of values) {
      if ('same' in value) claimants.add(manager);
      else claimAt(yielded, path).set(manager, value);
    }
  }
  for (const manager of claimants) {
    const isSame = (path: string) => 'same' in (claims.get(path)?.get(manager) ?? {});
    for (const path of Object.keys(coverOf(tree, (leaf) => (isSame(leaf) ? manager : null))))
      claimAt(yielded, path).set(manager, { same: true });
  }
  const entries = [...yielded].map(([path, values]) => [path, Object.fromEntries(values)] as const);
  return { spec, managers, yielded: Object.fromEntries(entries) };
}

export function claimAt<Value>(claims: Map<string, Map<string, Value>>, path: string): Map<string, Value> {
  const known = claims.get(path);
  if (known) return known;
  const made = new Map<string, Value>();
  claims.set(path, made);
  return made;
}

/** What others state of a field, now that it has another value or is gone (`after` undefined). */
export function restateClaims(
  claims: Ledger['claims'],
  path: string,
  before: Json | undefined,
  after: Json | undefined,
  fingerprint: (value: Json) => Json,
): void {
  const values = claims.get(path);
  if (!values) return;
  const now = after === undefined ? undefined : fingerprint(after);
  for (const [manager, value] of values) {
    const stated = 'value' in value ? value.value : before === undefined ? undefined : fingerprint(before);
    if (stated === undefined) values.delete(manager);
    else values.set(manager, now !== undefined && isSameJson(stated, now) ? { same: true } : { value: stated });
  }
}

/**
 * Gives fields that are gone to those who stated them before they lost them, as far as there is room: nothing above or
 * below, and the items that they are in are there. What has no item any more is forgotten.
 */
export function restoreClaims({ fields, claims }: Ledger): void {
  const dangling = [...claims].filter(([path, values]) => values.size > 0 && !fields.has(path));
  if (dangling.length === 0) return;
  /** What has more below, and whether that is items of a list. */
  const inner = new Map<string, boolean>();
  const enter = (place: FieldPlace) => {
    let below = place;
    for (let at = place.parent; at !== null && !inner.has(at.path); at = at.parent) {
      inner.set(at.path, below.step?.isItem ?? false);
      below = at;
    }
  };
  for (const { place } of fields.values()) enter(place);
  for (const [path, values] of dangling.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const place = parseFieldPath(path);
    const above = placesAbove(place);
    if (above.some(({ path: item, step }) => step?.isItem && !inner.has(item))) {
      claims.delete(path);
      continue;
    }
    if (inner.has(path) || above.some((at) => fields.has(at.path)) || !fits(place, inner)) continue;
    const heir = [...values].filter(isRestorable).sort(([a], [b]) => (a < b ? -1 : 1))[0];
    if (!heir) {
      claims.delete(path);
      continue;
    }
    const [owner, { value }] = heir;
    values.delete(owner);
    fields.set(path, { place, value, owner });
    enter(place);
    restateClaims(claims, path, undefined, value, (same) => same);
  }
}

/** Whether no list is where this needs an object, or the other way round. */
function fits(place: FieldPlace, inner: ReadonlyMap<string, boolean>): boolean {
  for (let at = place; at.parent !== null; at = at.parent)
    if ((inner.get(at.parent.path) ?? at.step?.isItem) !== at.step?.isItem) return false;
  return true;
}

/** Without itself and the root, the nearest first. */
function placesAbove(place: FieldPlace): readonly FieldPlace[] {
  const above: FieldPlace[] = [];
  for (let at = place.parent; at?.parent; at = at.parent) above.push(at);
  return above;
}

/** The value of a secret is not kept with what was lost, only its hash. */
function isRestorable(entry: [string, YieldedValue]): entry is [string, { readonly value: Json }] {
  const [, stated] = entry;
  return 'value' in stated && !(typeof stated.value === 'object' && stated.value !== null && '$hash' in stated.value);
}
