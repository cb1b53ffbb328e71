import type { GraphQLResolveInfo } from 'graphql';
import { checkPageSize, type Page } from '../db/read/page.js';
import type { BatchPage, HealthCount } from '../db/read/read-models.js';
import { type ConnectionView, readConnection } from './connection.js';
import type { GraphContext } from './context.js';
import { selectionOf } from './selection.js';

/** How to read each part for many resources at once, by their ids. */
export interface BatchedParts<Row> {
  page(ids: readonly string[], page: BatchPage): Promise<ReadonlyMap<string, Page<Row>>>;
  count(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  countByHealth?(ids: readonly string[]): Promise<ReadonlyMap<string, readonly HealthCount[]>>;
}

/** A connection of one resource, read together with those of the other resources at this place of the document. */
export function batchedConnection<Row, Node>(
  id: string,
  page: BatchPage,
  context: GraphContext,
  info: GraphQLResolveInfo,
  parts: BatchedParts<Row>,
  toNode: (row: Row) => Node,
): Promise<ConnectionView<Node>> {
  checkPageSize(page.first);
  const { loaders } = context;
  const { countByHealth } = parts;
  return readConnection(
    selectionOf(info),
    page.after !== null,
    {
      page: () => loaders.at(info, (ids) => parts.page(ids, page), 'page').load(id),
      count: () => loaders.at(info, parts.count, 'count').load(id),
      ...(countByHealth ? { countByHealth: () => loaders.at(info, countByHealth, 'countByHealth').load(id) } : {}),
    },
    toNode,
  );
}
