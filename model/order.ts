import { BadInputError } from '../lib/errors.js';
import { findCycle } from './cycle.js';

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
  const waitsFor = new Map(nodes.map((node) => [node.id, new Set(node.after.filter((id) => known.has(id)))]));
  const waiters = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  for (const [id, after] of waitsFor) for (const other of after) waiters.get(other)?.push(id);

  const result: string[][] = [];
  let wave = nodes.map(({ id }) => id).filter((id) => waitsFor.get(id)?.size === 0);
  while (wave.length > 0) {
    result.push(wave);
    const free = new Set<string>();
    for (const id of wave) {
      waitsFor.delete(id);
      for (const waiter of waiters.get(id) ?? []) {
        const left = waitsFor.get(waiter);
        left?.delete(id);
        if (left?.size === 0) free.add(waiter);
      }
    }
    // As they were given, which is how people read them.
    wave = free.size < 2 ? [...free] : nodes.map(({ id }) => id).filter((id) => free.has(id));
  }
  const cycle = findCycle(new Map([...waitsFor].map(([id, after]) => [id, [...after]])), waitsFor.keys());
  if (cycle === null) return result;
  throw new BadInputError(`These depend on each other in a circle: ${cycle.join(' -> ')}. Remove one of the edges.`, {
    cycle,
  });
}
