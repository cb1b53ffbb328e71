import type { JsonObject } from '../lib/canonical.js';
import { buildSpec } from './fields/build-spec.js';
import type { FieldNode } from './fields/field-tree.js';
import { type ManagedSpec, openLedger } from './fields/ledger.js';
import { isLayer } from './layer-name.js';

/**
 * What people, files and CI stated of a spec: without the fields that nobody set and those that a layer filled. Stated
 * again by anybody, it changes nothing. An item of a list keeps what tells it apart, whoever set that.
 */
export function statedSpec(managed: ManagedSpec): JsonObject {
  const { tree, fields } = openLedger(managed);
  const isStated = (path: string) => {
    const owner = fields.get(path)?.owner ?? null;
    return owner !== null && !isLayer(owner);
  };
  const paths = new Set([...tree.fields.keys()].filter(isStated));
  for (const leaf of tree.fields.values()) {
    if (leaf.identifies !== null && isAnyBelow(leaf.identifies, paths)) paths.add(leaf.path);
  }
  const kept = [...tree.fields.values()].filter(({ path }) => paths.has(path));
  const orderOf = (list: string) => (tree.nodes.get(list)?.children ?? []).map((item) => item.step?.key ?? '');
  return buildSpec(
    kept.map((leaf) => ({ place: leaf, value: leaf.value })),
    orderOf,
  );
}

function isAnyBelow(node: FieldNode, paths: ReadonlySet<string>): boolean {
  return paths.has(node.path) || node.children.some((child) => isAnyBelow(child, paths));
}
