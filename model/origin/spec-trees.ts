import type { JsonObject } from '../../lib/canonical.js';
import { uncover } from '../fields/cover.js';
import { type FieldTree, treeOf } from '../fields/field-tree.js';
import type { OriginResource } from './origin-facts.js';

/** Specs taken apart, each once. */
export class SpecTrees {
  readonly #trees = new Map<JsonObject, FieldTree>();
  readonly #owners = new Map<OriginResource, ReadonlyMap<string, string>>();

  of(spec: JsonObject): FieldTree {
    const known = this.#trees.get(spec) ?? treeOf(spec);
    this.#trees.set(spec, known);
    return known;
  }

  /** The field that stands for what is at a path: of an item that in which it has its key. */
  leafAt(spec: JsonObject, path: string): string {
    let node = this.of(spec).nodes.get(path);
    while (node && node.value === undefined) node = node.anchor ?? node.children[0];
    return node?.path ?? path;
  }

  /** Who set a field; null: it is not known, or there is none. */
  managerAt(resource: OriginResource, path: string): string | null {
    const known = this.#owners.get(resource) ?? uncover(this.of(resource.spec), resource.managers);
    this.#owners.set(resource, known);
    return known.get(path) ?? null;
  }
}
