import type { GraphQLResolveInfo } from 'graphql';
import { checkPageSize } from '../db/read/page.js';
import type { EventRow } from '../db/read/read-models.js';
import type { EventFilter } from '../schema/filters.js';
import { type ConnectionView, looksAhead, readConnection } from './connection.js';
import type { GraphContext } from './context.js';
import { eventColumnsOf } from './event-columns.js';
import { eventFilter } from './filter.js';
import { recordPart } from './record-part.js';
import { DEFAULT_PAGE_SIZE, type PageArguments } from './resource-reads.js';
import { selectionOf } from './selection.js';

/** Newest first. Throws LimitExceededError and BadInputError for a page that cannot be. */
export async function listEvents(
  input: EventFilter | null | undefined,
  page: PageArguments,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionView<EventRow>> {
  const filter = eventFilter(input);
  const first = checkPageSize(page.first ?? DEFAULT_PAGE_SIZE);
  const after = page.after ?? null;
  const selection = selectionOf(info);
  const asked = { first, after, looksAhead: looksAhead(selection), columns: eventColumnsOf(selection) };
  // Events are told by entries of their own, but for one that a forced deletion leaves.
  const ops = ['event', 'deletionRequested'] as const;
  const recorded = recordPart(filter, { ops, ...(filter.type && { eventType: filter.type }) }, context);
  const connection = readConnection(
    selection,
    after !== null,
    {
      page: () => context.reads.listEvents(filter, asked),
      count: () => context.reads.countEvents(filter),
    },
    (event) => event,
  );
  const [found] = await Promise.all([connection, recorded]);
  return found;
}
