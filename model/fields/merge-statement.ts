import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import { isOther } from '../layer-name.js';
import type { ContestedField, ManagedSpec, Merged, MergeOptions } from '../managers.js';
import { type FieldLeaf, type FieldNode, type FieldTree, treeOf } from './field-tree.js';
import { orderItems } from './item-order.js';
import { claimAt, closeLedger, type Ledger, openLedger, restateClaims, restoreClaims } from './ledger.js';
import { findOverlaps, type Overlaps } from './overlaps.js';
import { goneItems, partialItems } from './stated-items.js';

/** How `mergeApply` does it. Linear in the fields of both. */
export function mergeStatement(
  current: ManagedSpec,
  statement: JsonObject,
  manager: string,
  options: Required<MergeOptions>,
): Merged {
  const before = openLedger(current);
  const stated = treeOf(statement);
  const merge: Merge = {
    manager,
    options,
    before,
    stated,
    gone: options.isPartial ? new Set() : goneItems(before, stated, manager),
    after: { fields: new Map(), claims: new Map() },
    addresses: [],
    told: new Set(),
    conflicts: [],
    kept: [],
  };
  carryClaims(merge);
  const overlaps = findOverlaps(merge);
  for (const leaf of before.tree.fields.values()) if (!merge.gone.has(leaf.path)) leave(merge, leaf, overlaps);
  for (const leaf of stated.fields.values()) state(merge, leaf, overlaps);
  restoreClaims(merge.after);
  if (!options.isPartial) stateAddresses(merge);
  const { conflicts, kept, after } = merge;
  return { ...closeLedger(after, (list) => orderOf(merge, list)), conflicts, kept };
}

export interface Merge {
  readonly manager: string;
  readonly options: Required<MergeOptions>;
  readonly before: ReturnType<typeof openLedger>;
  readonly stated: FieldTree;
  /** Paths that are there no more, since the item that they are in is not. */
  readonly gone: ReadonlySet<string>;
  /** Fields that only say which item of another manager is meant, unless all of that item is stated. */
  readonly addresses: FieldLeaf[];
  readonly after: Ledger;
  /** Paths of those that are among the conflicts, or among what is kept. */
  readonly told: Set<string>;
  readonly conflicts: ContestedField[];
  readonly kept: ContestedField[];
}

/** What this manager claimed is as it states now; only a partial statement leaves the rest of it. */
function carryClaims({ before, stated, manager, options, gone, after }: Merge): void {
  for (const [path, values] of before.claims) {
    if (gone.has(path)) continue;
    const isOwnKept = options.isPartial && !stated.fields.has(path);
    for (const [claimant, value] of values)
      if (claimant !== manager || isOwnKept) claimAt(after.claims, path).set(claimant, value);
  }
}

/** A field that was there and is not stated. */
function leave(merge: Merge, leaf: FieldLeaf, { absorbed, replaced }: Overlaps): void {
  const { before, stated, manager, options, after } = merge;
  const { path } = leaf;
  if (stated.fields.has(path)) return;
  const holding = before.fields.get(path);
  if (!holding) return;
  const isOwn = holding.owner === manager;
  if (absorbed.has(path) || replaced.has(path)) {
    if (isOther(holding.owner, manager))
      claimAt(after.claims, path).set(holding.owner, { value: options.fingerprint(holding.value) });
    restateClaims(after.claims, path, holding.value, undefined, options.fingerprint);
    return;
  }
  if (!isOwn || options.isPartial) {
    after.fields.set(path, holding);
    return;
  }
  const claims = after.claims.get(path);
  const heir = [...(claims ?? [])].flatMap(([claimant, value]) => ('same' in value ? [claimant] : [])).sort()[0];
  if (heir === undefined) return;
  claims?.delete(heir);
  after.fields.set(path, { ...holding, owner: heir });
}

/** A field that is stated. */
function state(merge: Merge, leaf: FieldLeaf, overlaps: Overlaps): void {
  const { before, manager, options, after, gone } = merge;
  const { path, value } = leaf;
  const inTheWay = overlaps.blocked.get(path);
  if (inTheWay) {
    contest(merge, leaf, inTheWay);
    return;
  }
  if (overlaps.satisfied.has(path)) {
    claimAt(after.claims, path).set(manager, { value: options.fingerprint(value) });
    return;
  }
  const holding = gone.has(path) ? undefined : before.fields.get(path);
  if (holding && isOther(holding.owner, manager)) {
    const isSame = isSameJson(options.fingerprint(holding.value), options.fingerprint(value));
    if (isSame && leaf.identifies !== null) {
      after.fields.set(path, holding);
      merge.addresses.push(leaf);
      return;
    }
    if (isSame && !options.takeOver) {
      after.fields.set(path, holding);
      claimAt(after.claims, path).set(manager, { same: true });
      return;
    }
    if (!isSame && !options.takeOver) {
      contest(merge, leaf, [leaf]);
      return;
    }
    claimAt(after.claims, path).set(holding.owner, { value: options.fingerprint(holding.value) });
  }
  after.fields.set(path, { place: leaf, value, owner: manager });
  restateClaims(after.claims, path, holding?.value, value, options.fingerprint);
}

/** Of items that are stated as a whole: their keys are stated like any other field. */
function stateAddresses({ addresses, after, stated, manager, options }: Merge): void {
  const partial = partialItems(after.fields.values(), stated);
  for (const { path, value, identifies } of addresses) {
    const holding = after.fields.get(path);
    if (!holding || (identifies && partial.has(identifies.path))) continue;
    if (!options.takeOver || holding.owner === null) {
      claimAt(after.claims, path).set(manager, { same: true });
      continue;
    }
    claimAt(after.claims, path).set(holding.owner, { same: true });
    after.fields.set(path, { ...holding, value, owner: manager });
  }
}

/** Kept as others set it, when it is stated as before; otherwise a conflict. `fields` are those that would have to give way. */
function contest(merge: Merge, { path, value }: FieldLeaf, fields: readonly FieldNode[]): void {
  const { before, manager, options, after } = merge;
  const last = before.claims.get(path)?.get(manager);
  const isRepeated = last !== undefined && 'value' in last && isSameJson(last.value, options.fingerprint(value));
  if (isRepeated) claimAt(after.claims, path).set(manager, last);
  for (const field of fields) {
    const holding = before.fields.get(field.path);
    if (!holding || holding.owner === null) continue;
    after.fields.set(field.path, holding);
    const contested = { path: field.path, manager: holding.owner, stated: value, actual: holding.value };
    const told = isRepeated ? merge.kept : merge.conflicts;
    if (!merge.told.has(field.path)) told.push(contested);
    merge.told.add(field.path);
  }
}

function orderOf({ before, stated, manager, after }: Merge, list: string): readonly string[] {
  const [was, is] = [before.tree.nodes.get(list), stated.nodes.get(list)];
  const ownerOf = (item: FieldNode) => (item.anchor ? (after.fields.get(item.anchor.path)?.owner ?? null) : null);
  const own = new Set((was?.children ?? []).filter((item) => ownerOf(item) === manager).map(keyOf));
  return orderItems((was?.children ?? []).map(keyOf), (is?.children ?? []).map(keyOf), (key) => own.has(key));
}

const keyOf = (node: FieldNode) => node.step?.key ?? '';
