import type { WhatIfGraph, WhatIfReference, WhatIfResource } from './what-if-graph.js';

/** How one is reached: what would become of it, and by what. */
interface Reached {
  readonly effect: 'BLOCKS' | 'BREAKS' | 'DELETED';
  readonly fromId: string | null;
  readonly via: string | null;
}

/**
 * All that it would reach, each by the shortest way, in the order of the ways. First what goes: what is owned, and what
 * was made on demand and nothing needs then. Then who stays and refers to any of that, or is in it. Then who owns those
 * or refers to them, and so on.
 */
export function reach(graph: WhatIfGraph, byId: ReadonlyMap<string, WhatIfResource>): ReadonlyMap<string, Reached> {
  const reached = new Map<string, Reached>(
    graph.removeIds.filter((id) => byId.has(id)).map((id) => [id, { effect: 'DELETED', fromId: null, via: null }]),
  );
  const owned = grouped(graph.resources, ({ ownerId }) => ownerId);
  const referrers = grouped(graph.references, ({ toId }) => toId);
  const targets = grouped(graph.references, ({ fromId }) => fromId);
  for (;;) {
    goWithOwners(reached, owned);
    const unneeded = findUnneeded(reached, { referrers, targets, byId });
    if (unneeded.length === 0) break;
    for (const [id, fromId] of unneeded) reached.set(id, { effect: 'DELETED', fromId, via: null });
  }
  const going = new Set(reached.keys());
  const add = (id: string, step: Reached) => {
    const resource = byId.get(id);
    // Who is on its way out already waits for nobody.
    if (!resource || resource.isDeleting || reached.has(id)) return;
    reached.set(id, step);
  };
  for (const id of going) {
    for (const { fromId, path } of referrers.get(id) ?? []) add(fromId, { effect: 'BLOCKS', fromId: id, via: path });
  }
  for (const { id, ownerId, environmentId, projectId } of graph.resources) {
    const place = environmentId ?? projectId;
    if (ownerId === null && place !== null && going.has(place)) add(id, { effect: 'BLOCKS', fromId: place, via: null });
  }
  for (const [id] of reached) {
    if (going.has(id)) continue;
    const owner = byId.get(id)?.ownerId ?? null;
    if (owner !== null) add(owner, { effect: 'BREAKS', fromId: id, via: null });
    for (const { fromId, path } of referrers.get(id) ?? []) add(fromId, { effect: 'BREAKS', fromId: id, via: path });
  }
  return reached;
}

function goWithOwners(reached: Map<string, Reached>, owned: ReadonlyMap<string, readonly WhatIfResource[]>): void {
  for (const [id] of reached) {
    for (const child of owned.get(id) ?? []) {
      if (!reached.has(child.id)) reached.set(child.id, { effect: 'DELETED', fromId: id, via: null });
    }
  }
}

interface Edges {
  readonly referrers: ReadonlyMap<string, readonly WhatIfReference[]>;
  readonly targets: ReadonlyMap<string, readonly WhatIfReference[]>;
  readonly byId: ReadonlyMap<string, WhatIfResource>;
}

/** Made on demand, and referred to by nobody but those that go. With the one of them that is told as why. */
function findUnneeded(
  going: ReadonlyMap<string, Reached>,
  { referrers, targets, byId }: Edges,
): readonly [string, string][] {
  const found = new Map<string, string>();
  for (const id of going.keys()) {
    for (const { toId } of targets.get(id) ?? []) {
      if (going.has(toId) || !byId.get(toId)?.leavesWithLast) continue;
      if ((referrers.get(toId) ?? []).every(({ fromId }) => going.has(fromId))) found.set(toId, id);
    }
  }
  return [...found];
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string | null): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
