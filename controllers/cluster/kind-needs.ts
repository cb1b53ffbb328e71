import type { ResourceType } from '../../drivers/kubernetes/driver.js';

export type NeededKind = Pick<ResourceType, 'apiVersion' | 'kind'>;

/** The kinds that workloads look at, by their keys. Ten thousand workloads look at the same few: that is held once. */
export interface KindNeeds {
  of(workloadId: string): ReadonlyMap<string, NeededKind>;
  /** From now on these, in the place of those before; none: it left. Returns the keys that nobody needs any more. */
  set(workloadId: string, kinds: ReadonlyMap<string, NeededKind>): readonly string[];
  isNeeded(key: string): boolean;
  /** Those that need a kind. Looks through all. */
  users(key: string): readonly string[];
  all(): Iterable<readonly [string, ReadonlyMap<string, NeededKind>]>;
}

export function createKindNeeds(): KindNeeds {
  const needs = new Map<string, Shared>();
  const shared = new Map<string, Shared>();
  const counts = new Map<string, number>();
  const count = (kinds: ReadonlyMap<string, NeededKind>, by: 1 | -1) => {
    for (const key of kinds.keys()) counts.set(key, (counts.get(key) ?? 0) + by);
  };
  const leave = (workloadId: string) => {
    const before = needs.get(workloadId);
    if (!before) return;
    needs.delete(workloadId);
    count(before.kinds, -1);
    before.users -= 1;
    if (before.users === 0) shared.delete(before.name);
  };
  return {
    of: (workloadId) => needs.get(workloadId)?.kinds ?? new Map(),
    set(workloadId, kinds) {
      const name = [...kinds.keys()].sort().join();
      const before = needs.get(workloadId);
      if (before?.name === name) return [];
      leave(workloadId);
      if (kinds.size > 0) {
        const after = shared.get(name) ?? { name, kinds, users: 0 };
        after.users += 1;
        shared.set(name, after);
        needs.set(workloadId, after);
        count(kinds, 1);
      }
      const unneeded = [...(before?.kinds.keys() ?? [])].filter((key) => counts.get(key) === 0);
      for (const key of unneeded) counts.delete(key);
      return unneeded;
    },
    isNeeded: (key) => counts.has(key),
    users: (key) => [...needs].filter(([, { kinds }]) => kinds.has(key)).map(([id]) => id),
    *all() {
      for (const [id, { kinds }] of needs) yield [id, kinds] as const;
    },
  };
}

interface Shared {
  readonly name: string;
  readonly kinds: ReadonlyMap<string, NeededKind>;
  users: number;
}
