import { isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node } from 'yaml';
import type { YamlDocument } from './yaml-documents.js';

export type Path = readonly (string | number)[];

/** Where something is, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Where the value at `path` begins; with `key`, where its key does. What is not there is placed at the nearest
 * thing around it that is.
 */
export function locate(source: YamlDocument, path: Path, what: 'key' | 'value' = 'value'): Place {
  let node: Node | null = source.document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(source.document) ?? null;
    const found = childOf(node, step);
    if (!found) break;
    const isLast = index === path.length - 1;
    const keyStart = startOf(found.key);
    const valueStart = startOf(found.value);
    offset = (isLast && what === 'key' ? keyStart : isLast ? valueStart : (keyStart ?? valueStart)) ?? offset;
    node = found.value;
  }
  const { line, col } = source.lines.linePos(offset);
  return { file: source.file, line, column: col };
}

function childOf(node: Node | null, step: string | number): { key: Node | null; value: Node | null } | null {
  if (isMap(node)) {
    const pair = node.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
    );
    return pair ? { key: asNode(pair.key), value: asNode(pair.value) } : null;
  }
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? null : { key: null, value: asNode(item) };
  }
  return null;
}

function asNode(value: unknown): Node | null {
  return isNode(value) ? value : null;
}

function startOf(node: Node | null): number | null {
  return node?.range?.[0] ?? null;
}
