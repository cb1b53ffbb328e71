import type { WhyGraph, WhyObject, WhyResource } from './why-graph.js';

/** The graph of `why`, to be walked. */
export interface WhyView {
  readonly graph: WhyGraph;
  resource(id: string): WhyResource | null;
  /** Owned by it, of those that are in the graph. */
  children(id: string): readonly WhyResource[];
  /** What it refers to, each once. */
  targets(id: string): readonly WhyResource[];
  objects(id: string): readonly WhyObject[];
  /**
   * What it waits for, or is as ill as: what it refers to and owns and is not calm; for one that is being deleted, all
   * that must go first. Owned ones come first. One that is calm waits for nothing, also where the graph has more: it may
   * have become so while that was read.
   */
  next(id: string): readonly WhyResource[];
}

/** Neither ill nor different from what is desired: there is nothing to ask it. */
export function isCalm({ health, conditions }: Pick<WhyResource, 'health' | 'conditions'>): boolean {
  return health === 'Healthy' && conditions.every(({ status }) => status === 'True');
}

export function createWhyView(graph: WhyGraph): WhyView {
  const byId = new Map(graph.resources.map((resource) => [resource.id, resource]));
  const targets = grouped(graph.references, ({ fromId }) => fromId);
  const referrers = grouped(graph.references, ({ toId }) => toId);
  const children = grouped(graph.resources, ({ ownerId }) => ownerId);
  const objects = grouped(graph.objects, ({ resourceId }) => resourceId);
  const residents = grouped(
    graph.resources.filter(({ ownerId }) => ownerId === null),
    ({ environmentId, projectId }) => environmentId ?? projectId,
  );
  const known = (ids: readonly string[]) => [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
  const view: WhyView = {
    graph,
    resource: (id) => byId.get(id) ?? null,
    children: (id) => children.get(id) ?? [],
    targets: (id) => known((targets.get(id) ?? []).map(({ toId }) => toId)),
    objects: (id) => objects.get(id) ?? [],
    next(id) {
      const resource = byId.get(id);
      if (!resource) return [];
      if (resource.deletionRequestedAt !== null) {
        const dependents = known((referrers.get(id) ?? []).map(({ fromId }) => fromId));
        return [...new Set([...view.children(id), ...dependents, ...(residents.get(id) ?? [])])];
      }
      if (isCalm(resource)) return [];
      const isWaitedFor = (target: WhyResource) =>
        !isCalm(target) || (target.vanished.length > 0 && lostAnOutput(resource));
      return [...new Set([...view.children(id).filter((child) => !isCalm(child)), ...view.targets(id)])].filter(
        isWaitedFor,
      );
    },
  };
  return view;
}

function lostAnOutput({ conditions }: WhyResource): boolean {
  return conditions.some(({ reason }) => reason === 'OutputVanished');
}

function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | null,
): ReadonlyMap<string, readonly Item[]> {
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
