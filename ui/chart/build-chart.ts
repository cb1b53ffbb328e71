import { type Health, healths } from '../../lib/health.js';
import {
  type Card,
  type ChartModel,
  type ChartResource,
  type DrawnObjects,
  type HealthCount,
  MOST_OBJECTS,
} from './chart-model.js';
import { linesBetween } from './lines-between.js';

export interface ChartInput {
  readonly rootId: string;
  readonly resources: readonly ChartResource[];
  /** Whether something reconciles resources of a kind. */
  isControlled(kind: string): boolean;
  /** Ids of those whose parts are drawn although they would be folded. */
  readonly unfolded: ReadonlySet<string>;
}

/**
 * What to draw of a resource and all it depends on. What the root owns, and all that is referred to, is drawn. The parts of
 * something that is only referred to, as of a cluster that many share, are counted on it when they are many.
 */
export function buildChart({ rootId, resources, isControlled, unfolded }: ChartInput): ChartModel {
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const root = byId.get(rootId);
  if (!root) return { cards: [], lines: [] };
  const children = groupByOwner(resources);
  const own = new Set([rootId, ...descendants(rootId, children)]);
  const isFolded = ({ id }: ChartResource) => {
    const most = own.has(id) ? MOST_OWN_PARTS : MOST_SHARED_PARTS;
    return (children.get(id)?.length ?? 0) > most;
  };

  const drawn = new Map<string, ChartResource>();
  const waiting = [root];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    if (drawn.has(next.id)) continue;
    drawn.set(next.id, next);
    const parts = isFolded(next) && !unfolded.has(next.id) ? [] : (children.get(next.id) ?? []);
    const referred = next.references.flatMap(({ target }) => byId.get(target.id) ?? []);
    waiting.push(...parts, ...referred);
  }

  const cards = [...drawn.values()].map((resource): Card => {
    const hidden = [...descendants(resource.id, children)].flatMap((id) => (drawn.has(id) ? [] : (byId.get(id) ?? [])));
    return {
      resource,
      isRoot: resource.id === rootId,
      isQuiet: !isControlled(resource.kind),
      objects: drawnObjects(resource),
      folded: hidden.length === 0 ? null : { total: hidden.length, counts: countByHealth(hidden) },
      isUnfolded: isFolded(resource) && unfolded.has(resource.id),
    };
  });
  return { cards, lines: linesBetween(drawn) };
}

/** Parts beyond which they are counted. A person reads a few at a glance. */
const MOST_SHARED_PARTS = 8;
const MOST_OWN_PARTS = 30;

function drawnObjects({ objects }: ChartResource): DrawnObjects {
  if (objects.totalCount === 0) return { type: 'none' };
  if (objects.totalCount <= MOST_OBJECTS) return { type: 'each', objects: objects.nodes };
  return { type: 'counted', total: objects.totalCount, counts: worstFirst(objects.countsByHealth) };
}

function groupByOwner(resources: readonly ChartResource[]): ReadonlyMap<string, readonly ChartResource[]> {
  const groups = new Map<string, ChartResource[]>();
  for (const resource of resources) {
    if (resource.ownerId === null) continue;
    const group = groups.get(resource.ownerId);
    if (group) group.push(resource);
    else groups.set(resource.ownerId, [resource]);
  }
  return groups;
}

/** Ids of all that a resource owns, at any depth; itself is not among them. */
function descendants(id: string, children: ReadonlyMap<string, readonly ChartResource[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const child of children.get(next) ?? []) {
      if (found.has(child.id)) continue;
      found.add(child.id);
      waiting.push(child.id);
    }
  }
  if (found.size > 0) found.delete(id);
  return found;
}

function countByHealth(resources: readonly ChartResource[]): readonly HealthCount[] {
  const counts = new Map<Health, number>();
  for (const { status } of resources) counts.set(status.health, (counts.get(status.health) ?? 0) + 1);
  return worstFirst([...counts].map(([health, count]) => ({ health, count })));
}

function worstFirst(counts: readonly HealthCount[]): readonly HealthCount[] {
  return [...counts].sort((a, b) => healths.indexOf(b.health) - healths.indexOf(a.health));
}
