import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { type FieldPlace, type FieldStep, pathBelow, rootPlace } from './field-path.js';
import { itemKeysOf } from './item-keys.js';
import { isMarker } from './marker.js';

/**
 * A spec as a tree of fields. Its leaves are the fields: scalars, empty objects, markers, and lists whose items have no
 * keys. What is between are objects, and lists whose items have keys.
 */
export interface FieldTree {
  readonly root: FieldNode;
  /** Every node by its path. */
  readonly nodes: ReadonlyMap<string, FieldNode>;
  /** The leaves by their paths, in the order of the spec. */
  readonly fields: ReadonlyMap<string, FieldLeaf>;
}

export interface FieldNode extends FieldPlace {
  readonly parent: FieldNode | null;
  /** undefined where there is more below. */
  readonly value: Json | undefined;
  readonly children: readonly FieldNode[];
  /** A list whose items have keys. */
  readonly isList: boolean;
  /** Such a list, or somewhere in one. */
  readonly isListed: boolean;
  /** The leaf in which an item has its key: whoever set it made the item. null for what is no item. */
  readonly anchor: FieldNode | null;
  /** The item that this leaf tells apart from others; null for other leaves. */
  readonly identifies: FieldNode | null;
}

export interface FieldLeaf extends FieldNode {
  readonly value: Json;
}

export function treeOf(spec: JsonObject): FieldTree {
  const nodes = new Map<string, FieldNode>();
  const fields = new Map<string, FieldLeaf>();
  const root: GrowingNode = { ...newNode(null, null), isList: false };

  const grow = (node: GrowingNode, value: Json): void => {
    nodes.set(node.path, node);
    if (isJsonObject(value) && (node === root || (Object.keys(value).length > 0 && !isMarker(value)))) {
      for (const [key, below] of Object.entries(value)) {
        if (below !== undefined) grow(add(node, { key, isItem: false }), below);
      }
      return;
    }
    const items = Array.isArray(value) ? itemKeysOf(node.step?.key ?? '', value) : null;
    if (items === null) {
      node.value = value;
      fields.set(node.path, node as FieldLeaf);
      return;
    }
    node.isList = true;
    node.isListed = true;
    items.keys.forEach((key, index) => {
      const item = add(node, { key, isItem: true });
      grow(item, (value as readonly Json[])[index] ?? null);
      const identity = items.identity.flatMap((way) => nodes.get(way.reduce(fieldBelow, item.path)) ?? []);
      for (const leaf of identity) (leaf as GrowingNode).identifies = item;
      item.anchor = identity[0] ?? null;
    });
  };
  grow(root, spec);
  return { root, nodes, fields };
}

type GrowingNode = { -readonly [Key in keyof FieldNode]: FieldNode[Key] } & { children: FieldNode[] };

function newNode(parent: FieldNode | null, step: FieldStep | null): GrowingNode {
  return {
    path: parent && step ? pathBelow(parent.path, step) : rootPlace.path,
    parent,
    step,
    value: undefined,
    children: [],
    isList: false,
    isListed: parent?.isListed ?? false,
    anchor: null,
    identifies: null,
  };
}

function add(parent: GrowingNode, step: FieldStep): GrowingNode {
  const node = newNode(parent, step);
  parent.children.push(node);
  return node;
}

const fieldBelow = (path: string, key: string) => pathBelow(path, { key, isItem: false });
