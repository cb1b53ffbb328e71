import type { GraphQLResolveInfo } from 'graphql';
import type { ResourceAddress, ResourceFilter, ResourceOrder } from '../db/read/filters.js';
import { checkPageSize } from '../db/read/page.js';
import type { ResourceColumns, ResourceRow } from '../db/read/resource-row.js';
import { isTold, toldRow } from '../db/read/told-row.js';
import { type ConnectionView, looksAhead, nodesOf, readConnection } from './connection.js';
import type { GraphContext } from './context.js';
import { recordFilter } from './record-filter.js';
import { resourceColumnsOf } from './resource-columns.js';
import { type ResourceView, resourceView } from './resource-view.js';
import { selectionOf } from './selection.js';

export interface PageArguments {
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

export const DEFAULT_PAGE_SIZE = 50;

/** The resource of that id, batched with the others of the same place. null when it is not there. */
export async function loadResource(
  id: string,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<ResourceView | null> {
  const { readSet } = context;
  readSet?.ids([id]);
  const columns = resourceColumnsOf(selectionOf(info));
  const news = readSet && isTold(columns) ? readSet.news(id) : null;
  const told = news && toldRow(news, context.registry);
  const row = told ?? (await loadRow(id, readSet && isTold(columns) ? withVersion(columns) : columns, context, info));
  if (row?.version !== undefined) readSet?.saw(id, row.version);
  return row && resourceView(row, context);
}

function loadRow(id: string, columns: ResourceColumns, context: GraphContext, info: GraphQLResolveInfo) {
  const loader = context.loaders.at<ResourceRow>(info, async (ids) => {
    const rows = await context.reads.resourcesByIds(ids, columns);
    return new Map(rows.map((row) => [row.id, row]));
  });
  return loader.load(id);
}

/** What the log tells later is compared with it. */
function withVersion(columns: ResourceColumns): ResourceColumns {
  const known = versioned.get(columns) ?? new Set([...columns, 'version'] as const);
  versioned.set(columns, known);
  return known;
}

const versioned = new WeakMap<ResourceColumns, ResourceColumns>();

/** The resource of that name. null when it is not there. */
export async function findResource(
  address: ResourceAddress,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<ResourceView | null> {
  const row = await context.reads.findResource(address, resourceColumnsOf(selectionOf(info)));
  // While it is there, nothing else can have this address.
  if (row) context.readSet?.ids([row.id]);
  else
    context.readSet?.predicate({
      kinds: [address.kind],
      names: [address.name],
      ...(address.ownerId ? { ownerIds: [address.ownerId] } : {}),
      ops: ['created'],
    });
  return row && resourceView(row, context);
}

/** Throws LimitExceededError and BadInputError for a page that cannot be. */
export async function listResources(
  filter: ResourceFilter,
  page: PageArguments & { readonly orderBy: ResourceOrder | null | undefined },
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionView<ResourceView>> {
  const first = checkPageSize(page.first ?? DEFAULT_PAGE_SIZE);
  const after = page.after ?? null;
  const selection = selectionOf(info);
  const { reads } = context;
  const recorded = recordFilter(filter, context);
  const connection = readConnection(
    selection,
    after !== null,
    {
      page: () =>
        reads.listResources(
          filter,
          { first, after, order: page.orderBy ?? 'NAME', looksAhead: looksAhead(selection) },
          resourceColumnsOf(nodesOf(selection)),
        ),
      count: () => reads.countResources(filter),
      countByHealth: () => reads.countResourcesByHealth(filter),
    },
    (row) => resourceView(row, context),
  );
  const [found] = await Promise.all([connection, recorded]);
  return found;
}
