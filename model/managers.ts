import { isSameJson, type Json, type JsonObject } from '../lib/canonical.js';
import { coverOf } from './fields/cover.js';
import { treeOf } from './fields/field-tree.js';
import { claimAt, closeLedger, type ManagedSpec, openLedger, restateClaims } from './fields/ledger.js';
import { mergeStatement } from './fields/merge-statement.js';
import { isOther } from './layer-name.js';

export type { ManagedSpec } from './fields/ledger.js';

/** A field of which a manager stated something else than what another one set. */
export interface ContestedField {
  readonly path: string;
  /** Who set it. */
  readonly manager: string;
  /** What was stated. Secrets are references, like in `actual`. */
  readonly stated: Json;
  readonly actual: Json;
}

export interface Merged extends Required<ManagedSpec> {
  /** Fields of other managers that would have changed. When there are any, nothing may be written. */
  readonly conflicts: readonly ContestedField[];
  /** Fields that others changed since this manager stated what it states again. They stay as the others set them. */
  readonly kept: readonly ContestedField[];
}

export interface MergeOptions {
  /** Sets fields of other managers as well. */
  readonly takeOver: boolean;
  /** States these fields beside what this manager stated before, of which nothing is taken away. */
  readonly isPartial?: boolean;
  /** What tells whether two values are the same, and is kept of a value that gave way. Of a secret: `{ $hash }`. */
  readonly fingerprint?: (value: Json) => Json;
}

/**
 * Declarative apply of one manager: sets what it states, takes away what only it had set, leaves the rest.
 *
 * Of a field that another manager set to another value: the same statement again leaves it to the other (`kept`); a new
 * one is a conflict, unless it is taken over. Stating the same value is neither: the owner stays the owner, and once it
 * takes its statement away, those who state the same keep the field, and after them those who had lost it.
 * Layers own nothing: whoever states wins.
 *
 * An item of a list goes with the manager that made it, whatever others stated in it, unless another one states all of it.
 */
export function mergeApply(current: ManagedSpec, stated: JsonObject, manager: string, options: MergeOptions): Merged {
  return mergeStatement(current, stated, manager, {
    takeOver: options.takeOver,
    isPartial: options.isPartial ?? false,
    fingerprint: options.fingerprint ?? ((value) => value),
  });
}

/** A spec that one manager states as a whole. */
export function stateAll(spec: JsonObject, manager: string): Required<ManagedSpec> {
  return { spec, managers: coverOf(treeOf(spec), () => manager), yielded: {} };
}

/** Like `stateAll`, but a field that keeps its value keeps its manager, and one that loses it is remembered. */
export function restate(
  current: ManagedSpec,
  spec: JsonObject,
  manager: string,
  fingerprint: (value: Json) => Json = (value) => value,
): Required<ManagedSpec> {
  const before = openLedger(current);
  const after = openLedger(stateAll(spec, manager));
  for (const [path, holding] of after.fields) {
    const known = before.fields.get(path);
    const claims = before.claims.get(path);
    if (claims) after.claims.set(path, claims);
    if (known && isSameJson(known.value, holding.value)) {
      after.fields.set(path, { ...holding, owner: known.owner ?? manager });
      continue;
    }
    claims?.delete(manager);
    if (known && isOther(known.owner, manager))
      claimAt(after.claims, path).set(known.owner, { value: fingerprint(known.value) });
    restateClaims(after.claims, path, known?.value, holding.value, fingerprint);
  }
  return { ...closeLedger(after, () => []), spec };
}
