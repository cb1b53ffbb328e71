import type { GraphQLResolveInfo } from 'graphql';
import { checkPageSize } from '../db/read/page.js';
import type { OwnedObjectRow } from '../db/read/read-models.js';
import type { ObjectFilter } from '../schema/filters.js';
import { type ConnectionView, readConnection } from './connection.js';
import type { GraphContext } from './context.js';
import { objectFilter } from './filter.js';
import { recordPart } from './record-part.js';
import { DEFAULT_PAGE_SIZE, type PageArguments } from './resource-reads.js';
import { selectionOf } from './selection.js';

/** Outside objects, wherever they belong. Throws LimitExceededError and BadInputError for a page that cannot be. */
export async function listObjects(
  input: ObjectFilter | null | undefined,
  page: PageArguments,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionView<OwnedObjectRow>> {
  const filter = objectFilter(input);
  const first = checkPageSize(page.first ?? DEFAULT_PAGE_SIZE);
  const after = page.after ?? null;
  const { kinds, names } = filter;
  const objects = { ...(kinds && { kinds }), ...(names && { names }) };
  // Those of what is removed go with it.
  const recorded = recordPart(filter, { ops: ['objects', 'removed'], objects }, context);
  const connection = readConnection(
    selectionOf(info),
    after !== null,
    {
      page: () => context.reads.listObjects(filter, { first, after }),
      count: () => context.reads.countListedObjects(filter),
      countByHealth: () => context.reads.countListedObjectsByHealth(filter),
    },
    (row) => row,
  );
  const [found] = await Promise.all([connection, recorded]);
  return found;
}
