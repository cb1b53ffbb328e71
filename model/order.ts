import { BadInputError } from '../lib/errors.js';

export interface OrderNode {
  readonly id: string;
  /** Ids that come first on creation and go last on deletion. Unknown ids are ignored: they are outside of what is ordered. */
  readonly after: readonly string[];
}

/**
 * Waves: everything in one may happen at the same time, each after the one before it. Reverse them for deletion.
 * Throws BadInputError with the cycle printed, as `a -> b -> a`.
 */
export function waves(nodes: readonly OrderNode[]): readonly (readonly string[])[] {
  const known = new Set(nodes.map((node) => node.id));
  let left = nodes.map((node) => ({ id: node.id, after: new Set(node.after.filter((id) => known.has(id))) }));
  const result: string[][] = [];
  while (left.length > 0) {
    const wave = left.filter((node) => node.after.size === 0).map((node) => node.id);
    if (wave.length === 0) {
      const cycle = findCycle(new Map(left.map((node) => [node.id, [...node.after]])));
      throw new BadInputError(
        `These depend on each other in a circle: ${cycle.join(' -> ')}. Remove one of the edges.`,
        { cycle },
      );
    }
    const done = new Set(wave);
    left = left.filter((node) => !done.has(node.id));
    for (const node of left) for (const id of wave) node.after.delete(id);
    result.push(wave);
  }
  return result;
}

/** Walks along any edge until a node comes again. Every node here has at least one edge. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const path: string[] = [];
  let at = edges.keys().next().value;
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    at = edges.get(at)?.[0];
  }
  return at === undefined ? path : [...path.slice(path.indexOf(at)), at];
}
