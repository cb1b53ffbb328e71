import type { GraphQLResolveInfo } from 'graphql';
import { checkPageSize } from '../db/read/page.js';
import type { EventRow } from '../db/read/read-models.js';
import type { EventFilter } from '../schema/filters.js';
import { type ConnectionView, readConnection } from './connection.js';
import type { GraphContext } from './context.js';
import { eventFilter } from './filter.js';
import { DEFAULT_PAGE_SIZE, type PageArguments } from './resource-reads.js';
import { selectionOf } from './selection.js';

/** Newest first. Throws LimitExceededError and BadInputError for a page that cannot be. */
export function listEvents(
  input: EventFilter | null | undefined,
  page: PageArguments,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionView<EventRow>> {
  const filter = eventFilter(input);
  const first = checkPageSize(page.first ?? DEFAULT_PAGE_SIZE);
  const after = page.after ?? null;
  const { resourceId, withChildren } = filter;
  if (resourceId) context.readSet?.ids([resourceId]);
  // Whatever is owned, at any depth, may have an event.
  if (!resourceId || withChildren) context.readSet?.predicate({});
  return readConnection(
    selectionOf(info),
    after !== null,
    {
      page: () => context.reads.listEvents(filter, { first, after }),
      count: () => context.reads.countEvents(filter),
    },
    (event) => event,
  );
}
