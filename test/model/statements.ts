import { isSameJson, type Json, type JsonObject } from '../../lib/canonical.js';
import { type FieldNode, treeOf } from '../../model/fields/field-tree.js';

/** What one manager does to a spec. */
export interface Act {
  readonly manager: string;
  readonly op: 'apply' | 'part' | 'update';
  readonly spec: JsonObject;
  readonly takeOver: boolean;
}

type Fields = Map<string, Json>;

/**
 * Whole statements of every manager and the owner of each field, worked out the long way: what a merge must come to.
 * Knows no lists that are one field beside lists with keys, and no field where there is more below elsewhere.
 */
export class Statements {
  statements = new Map<string, Fields>();
  owners = new Map<string, string>();

  /** False: it is a conflict, and nothing was done. */
  act({ manager, op, spec, takeOver }: Act): boolean {
    const before = { statements: this.statements, owners: this.owners };
    this.statements = new Map([...before.statements].map(([name, fields]) => [name, new Map(fields)]));
    this.owners = new Map(before.owners);
    if (op === 'update') this.#update(manager, spec);
    else if (!this.#apply(manager, spec, takeOver, op === 'part')) {
      Object.assign(this, before);
      return false;
    }
    return true;
  }

  get values(): ReadonlyMap<string, Json> {
    return new Map([...this.owners].map(([path, owner]) => [path, this.#of(owner).get(path) ?? null]));
  }

  #apply(manager: string, spec: JsonObject, takeOver: boolean, isPart: boolean): boolean {
    const tree = treeOf(spec);
    const last = new Map(this.#of(manager));
    if (!isPart) this.#dropItems(manager, tree.nodes);
    const values = this.values;
    const stated: Fields = isPart ? new Map(this.#of(manager)) : new Map();
    const owned = new Set<string>();
    const addresses: FieldNode[] = [];
    for (const [path, leaf] of tree.fields) {
      const owner = this.owners.get(path);
      const isOthers = owner !== undefined && owner !== manager;
      const isSame = isSameJson(values.get(path), leaf.value);
      if (isOthers && isSame && leaf.identifies !== null) addresses.push(leaf);
      else if (isOthers && !isSame && !takeOver && !isSameJson(last.get(path), leaf.value)) return false;
      else {
        stated.set(path, leaf.value);
        if (!isOthers || takeOver) owned.add(path);
      }
    }
    this.statements.set(manager, stated);
    for (const path of owned) this.owners.set(path, manager);
    for (const [path, owner] of [...this.owners]) {
      if (owner !== manager || stated.has(path)) continue;
      const heirs = [...this.statements]
        .filter(([name, fields]) => name !== manager && fields.has(path))
        .map(([name]) => name)
        .sort();
      const heir = heirs.find((name) => isSameJson(this.#of(name).get(path), values.get(path))) ?? heirs[0];
      if (heir === undefined) this.owners.delete(path);
      else this.owners.set(path, heir);
    }
    for (const { path, value, identifies } of addresses) {
      if (isPart || !identifies || !isWhole(identifies, this.owners, tree.nodes)) continue;
      stated.set(path, value ?? null);
      if (takeOver) this.owners.set(path, manager);
    }
    return true;
  }

  #update(manager: string, spec: JsonObject): void {
    const values = this.values;
    const { fields } = treeOf(spec);
    for (const [path, { value }] of fields) {
      if (isSameJson(values.get(path), value)) continue;
      this.owners.set(path, manager);
      this.#of(manager).set(path, value);
    }
    this.#forget((path) => !fields.has(path));
  }

  /** Items that this manager made and states no more, unless another one states them as a whole. */
  #dropItems(manager: string, stated: ReadonlyMap<string, FieldNode>): void {
    const items = [...this.owners].flatMap(([path, owner]) => {
      const item = path.replace(/\.name$/, '');
      const isMade = owner === manager && /\]\.name$/.test(path) && !stated.has(item);
      const isHeld = [...this.statements].some(([name, fields]) => name !== manager && fields.has(path));
      return isMade && !isHeld ? [item] : [];
    });
    this.#forget((path) => items.some((item) => path.startsWith(`${item}.`)));
  }

  #forget(isForgotten: (path: string) => boolean): void {
    for (const fields of [this.owners, ...this.statements.values()])
      for (const path of [...fields.keys()]) if (isForgotten(path)) fields.delete(path);
  }

  #of(manager: string): Fields {
    const known = this.statements.get(manager) ?? new Map();
    this.statements.set(manager, known);
    return known;
  }
}

function isWhole(
  item: FieldNode,
  owners: ReadonlyMap<string, string>,
  stated: ReadonlyMap<string, FieldNode>,
): boolean {
  return [...owners.keys()].filter((path) => path.startsWith(`${item.path}.`)).every((path) => stated.has(path));
}
