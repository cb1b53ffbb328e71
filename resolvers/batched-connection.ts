import type { GraphQLResolveInfo } from 'graphql';
import { checkPageSize, type Page } from '../db/read/page.js';
import type { BatchPage, HealthCount } from '../db/read/read-models.js';
import { assembleConnection, type ConnectionView, looksAhead, pageView } from './connection.js';
import type { GraphContext } from './context.js';
import { selectionOf } from './selection.js';

/** How to read each part for many resources at once, by their ids. */
export interface BatchedParts<Row> {
  page(ids: readonly string[], page: BatchPage): Promise<ReadonlyMap<string, Page<Row>>>;
  count(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  countByHealth?(ids: readonly string[]): Promise<ReadonlyMap<string, readonly HealthCount[]>>;
}

/**
 * A connection of one resource, read together with those of the other resources at this place of the document. Who asks
 * for the same one at the same time gets the same view. It is never null.
 */
export function batchedConnection<Row, Node>(
  id: string,
  page: BatchPage,
  { loaders }: GraphContext,
  info: GraphQLResolveInfo,
  parts: BatchedParts<Row>,
  toNode: (row: Row) => Node,
): Promise<ConnectionView<Node> | null> {
  checkPageSize(page.first);
  const { countByHealth } = parts;
  const selection = selectionOf(info);
  const hasAfter = page.after !== null;
  const loadViews = async (ids: readonly string[]) => {
    const pages = await parts.page(ids, { ...page, looksAhead: looksAhead(selection) });
    return new Map(ids.map((each) => [each, pageView(pages.get(each) ?? null, selection, hasAfter, toNode)]));
  };
  return assembleConnection(selection, {
    page: () => loaders.at(info, loadViews, `page ${page.first} ${page.after ?? ''}`).load(id),
    count: () => loaders.at(info, parts.count, 'count').load(id),
    ...(countByHealth ? { countByHealth: () => loaders.at(info, countByHealth, 'countByHealth').load(id) } : {}),
  });
}
