import type { GraphQLResolveInfo } from 'graphql';
import type { ResourceAddress, ResourceFilter, ResourceOrder } from '../db/read/filters.js';
import { checkPageSize } from '../db/read/page.js';
import type { ResourceRow } from '../db/read/resource-row.js';
import { type ConnectionView, nodesOf, readConnection } from './connection.js';
import type { GraphContext } from './context.js';
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
  context.readSet?.ids([id]);
  const loader = context.loaders.at<ResourceRow>(info, async (ids) => {
    const rows = await context.reads.resourcesByIds(ids, resourceColumnsOf(selectionOf(info)));
    return new Map(rows.map((row) => [row.id, row]));
  });
  const row = await loader.load(id);
  return row && resourceView(row, context);
}

/** The resource of that name. null when it is not there. */
export async function findResource(
  address: ResourceAddress,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<ResourceView | null> {
  const row = await context.reads.findResource(address, resourceColumnsOf(selectionOf(info)));
  // Names of the address may come to mean another resource, so the kind is of concern beside what was found.
  context.readSet?.predicate({ kinds: [address.kind], ...(address.ownerId ? { ownerId: address.ownerId } : {}) });
  if (row) context.readSet?.ids([row.id]);
  return row && resourceView(row, context);
}

/** Throws LimitExceededError and BadInputError for a page that cannot be. */
export function listResources(
  filter: ResourceFilter,
  page: PageArguments & { readonly orderBy: ResourceOrder | null | undefined },
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionView<ResourceView>> {
  const first = checkPageSize(page.first ?? DEFAULT_PAGE_SIZE);
  const after = page.after ?? null;
  const selection = selectionOf(info);
  context.readSet?.predicate({
    ...(filter.kinds ? { kinds: filter.kinds } : {}),
    ...(filter.ownerId ? { ownerId: filter.ownerId } : {}),
  });
  const { reads } = context;
  return readConnection(
    selection,
    after !== null,
    {
      page: () =>
        reads.listResources(
          filter,
          { first, after, order: page.orderBy ?? 'NAME' },
          resourceColumnsOf(nodesOf(selection)),
        ),
      count: () => reads.countResources(filter),
      countByHealth: () => reads.countResourcesByHealth(filter),
    },
    (row) => resourceView(row, context),
  );
}
