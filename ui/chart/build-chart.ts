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
  /** Ids of those whose parts are drawn although they would be counted. */
  readonly unfolded: ReadonlySet<string>;
}

/**
 * What to draw of a resource and all it depends on. What the root brings is drawn, and all that is referred to. The parts
 * of anything else are counted on it, and what they depend on, it depends on: a gateway stands for its routes and records.
 */
export function buildChart({ rootId, resources, isControlled, unfolded }: ChartInput): ChartModel {
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  if (!byId.has(rootId)) return { cards: [], lines: [], cardOf: new Map() };
  const partsOf = Map.groupBy(resources, ({ ownerId }) => ownerId);
  const countsParts = (id: string) => {
    const parts = partsOf.get(id)?.length ?? 0;
    return id === rootId ? parts > MOST_PARTS : parts > 0;
  };

  const cardOf = new Map<string, string>();
  const find = (resource: ChartResource): string => {
    const known = cardOf.get(resource.id);
    if (known !== undefined) return known;
    // Until more is known; an owner in a circle ends there.
    cardOf.set(resource.id, resource.id);
    const owner = resource.id === rootId ? undefined : byId.get(resource.ownerId ?? '');
    if (owner) {
      const card = find(owner);
      const isHidden = card !== owner.id || (countsParts(owner.id) && !unfolded.has(owner.id));
      if (isHidden) cardOf.set(resource.id, card);
    }
    return cardOf.get(resource.id) ?? resource.id;
  };
  for (const resource of resources) find(resource);

  const members = Map.groupBy(resources, ({ id }) => cardOf.get(id) ?? id);
  const cards = resources.flatMap((resource): Card | readonly Card[] => {
    if (cardOf.get(resource.id) !== resource.id) return [];
    const hidden = members.get(resource.id)?.filter(({ id }) => id !== resource.id) ?? [];
    return {
      resource,
      isRoot: resource.id === rootId,
      isQuiet: !isControlled(resource.kind),
      objects: drawnObjects(resource),
      folded: hidden.length === 0 ? null : { total: hidden.length, counts: countByHealth(hidden) },
      isUnfolded: countsParts(resource.id) && unfolded.has(resource.id),
    };
  });
  return { cards, lines: linesBetween(resources, cardOf), cardOf };
}

/** Parts of the root beyond which they are counted too. */
const MOST_PARTS = 30;

function drawnObjects({ objects }: ChartResource): DrawnObjects {
  if (objects.totalCount === 0) return { type: 'none' };
  if (objects.totalCount <= MOST_OBJECTS) return { type: 'each', objects: objects.nodes };
  return { type: 'counted', total: objects.totalCount, counts: worstFirst(objects.countsByHealth) };
}

function countByHealth(resources: readonly ChartResource[]): readonly HealthCount[] {
  const counts = new Map<Health, number>();
  for (const { status } of resources) counts.set(status.health, (counts.get(status.health) ?? 0) + 1);
  return worstFirst([...counts].map(([health, count]) => ({ health, count })));
}

function worstFirst(counts: readonly HealthCount[]): readonly HealthCount[] {
  return [...counts].sort((a, b) => healths.indexOf(b.health) - healths.indexOf(a.health));
}
