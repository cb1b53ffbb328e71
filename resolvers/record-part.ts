import type { ReadPredicate } from '../db/read/read-set.js';
import type { GraphContext } from './context.js';
import { type PlaceNames, recordPlaces } from './place-ids.js';

/** Whose events or objects. */
export interface PartFilter extends PlaceNames {
  readonly resourceId?: string;
  /** Also those of what it owns, and of what that owns. */
  readonly withChildren?: boolean;
}

/**
 * Records that what belongs to resources was looked at: revisions of these resources that match `told`. Does nothing but
 * while a live read runs.
 */
export async function recordPart(
  filter: PartFilter,
  told: Pick<ReadPredicate, 'ops' | 'objects' | 'eventType'>,
  context: GraphContext,
): Promise<void> {
  const { readSet } = context;
  if (!readSet) return;
  const { resourceId, withChildren } = filter;
  const placed = await recordPlaces(filter, context);
  if (resourceId === undefined || !withChildren) {
    readSet.predicate({ ...told, ...placed, ...(resourceId !== undefined && { ids: [resourceId] }) });
    return;
  }
  const ids = await treeOf(resourceId, context);
  readSet.predicate({ ...told, ...placed, ...(ids && { ids }) });
  // Whatever is owned, at any depth, is one of them as long as it is there.
  if (ids) readSet.predicate({ ownerIds: ids, ops: ['created', 'removed'] });
}

/** Ids of a resource and of all below it, level by level. null: too many to tell. */
async function treeOf(id: string, { reads }: GraphContext): Promise<readonly string[] | null> {
  const all = [id];
  for (let level: readonly string[] = [id]; level.length > 0; ) {
    const page = { first: MAX_OWNED, after: null, looksAhead: true };
    const children = await reads.relatives('children', level, page, NO_COLUMNS);
    const pages = [...children.values()];
    if (pages.some(({ hasNextPage }) => hasNextPage)) return null;
    level = pages.flatMap(({ rows }) => rows.map((row) => row.id));
    all.push(...level);
    if (all.length > MAX_OWNED) return null;
  }
  return all;
}

/** More than an app has; with more of them, what concerns anybody is looked at again. */
const MAX_OWNED = 500;
const NO_COLUMNS = new Set<never>();
