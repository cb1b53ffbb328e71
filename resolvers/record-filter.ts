import { isFilterField } from '../db/read/filter-fields.js';
import type { ResourceFilter } from '../db/read/filters.js';
import type { StatePredicate } from '../db/read/read-set.js';
import type { GraphContext } from './context.js';
import { recordPlaces } from './place-ids.js';

/** Records that what matches this filter, or comes to match it, was looked at. Does nothing but while a live read runs. */
export async function recordFilter(filter: ResourceFilter, context: GraphContext): Promise<void> {
  const { readSet } = context;
  if (!readSet) return;
  const { ids, kinds, names, nameContains, ownerId } = filter;
  const state = stateOf(filter);
  readSet.predicate({
    ...(ids && { ids }),
    ...(kinds && { kinds }),
    ...(names && { names }),
    ...(nameContains !== undefined && { nameContains }),
    ...(ownerId !== undefined && { ownerIds: [ownerId] }),
    ...(await recordPlaces(filter, context)),
    ...(Object.keys(state).length > 0 && { state }),
  });
}

function stateOf({ health, labels, isDeleting, spec }: ResourceFilter): StatePredicate {
  // What the log does not tell of a spec matches.
  const told = Object.entries(spec ?? {}).filter(([, value]) => isFilterField(value));
  return {
    ...(health && { health }),
    ...(labels && { labels }),
    ...(isDeleting !== undefined && { isDeleting }),
    ...(told.length > 0 && { spec: Object.fromEntries(told) }),
  };
}
