import type { Page } from '../db/read/page.js';
import type { HealthCount } from '../db/read/read-models.js';
import type { Selection } from './selection.js';

/** A page as Relay's connection, of which only what was asked for is there. */
export interface ConnectionView<Node> {
  readonly edges?: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes?: readonly Node[];
  readonly pageInfo?: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount?: number;
  readonly countsByHealth?: readonly HealthCount[];
}

/** The parts of a connection, each read only when asked for, all at the same time. */
export interface ConnectionParts<Part> {
  page(): Promise<Part | null>;
  count(): Promise<number | null>;
  countByHealth?(): Promise<readonly HealthCount[] | null>;
}

/** Whether the page itself is asked for, and not only counts. */
export function asksForPage(selection: Selection): boolean {
  return selection.has('edges') || selection.has('nodes') || selection.has('pageInfo');
}

/** Whether somebody wants to know if there is more. */
export function looksAhead(selection: Selection): boolean {
  return selection.at('pageInfo').has('hasNextPage');
}

/** Whether cursors are asked for. */
export function asksForCursors(selection: Selection): boolean {
  const info = selection.at('pageInfo');
  return selection.at('edges').has('cursor') || info.has('startCursor') || info.has('endCursor');
}

/** What is asked of the nodes, by either way to them. */
export function nodesOf(selection: Selection): Selection {
  return selection.at('nodes').and(selection.at('edges').at('node'));
}

export async function readConnection<Row, Node>(
  selection: Selection,
  hasAfter: boolean,
  parts: ConnectionParts<Page<Row>>,
  toNode: (row: Row) => Node,
): Promise<ConnectionView<Node>> {
  const page = async () => pageView(await parts.page(), selection, hasAfter, toNode);
  return (await assembleConnection(selection, { ...parts, page })) ?? {};
}

/** null only where the page is. One promise for a connection without counts: a document may have hundreds. */
export function assembleConnection<Node>(
  selection: Selection,
  parts: ConnectionParts<ConnectionView<Node>>,
): Promise<ConnectionView<Node> | null> {
  const page = asksForPage(selection) ? parts.page() : noPage;
  return selection.has('totalCount') || selection.has('countsByHealth') ? withCounts(selection, parts, page) : page;
}

const noPage: Promise<ConnectionView<never>> = Promise.resolve({});

async function withCounts<Node>(
  selection: Selection,
  parts: Omit<ConnectionParts<never>, 'page'>,
  asked: Promise<ConnectionView<Node> | null>,
): Promise<ConnectionView<Node>> {
  const [page, count, counts] = await Promise.all([
    asked,
    selection.has('totalCount') ? parts.count() : undefined,
    selection.has('countsByHealth') ? parts.countByHealth?.() : undefined,
  ]);
  return {
    ...page,
    ...(count === undefined ? {} : { totalCount: count ?? 0 }),
    ...(counts === undefined ? {} : { countsByHealth: counts ?? [] }),
  };
}

/** What a page shows of what was asked for; null: of a resource that has none. */
export function pageView<Row, Node>(
  page: Page<Row> | null,
  selection: Selection,
  hasAfter: boolean,
  toNode: (row: Row) => Node,
): ConnectionView<Node> {
  const rows = page?.rows ?? [];
  const cursorOf = (row: Row | undefined) => (page && row !== undefined ? page.cursorOf(row) : null);
  const nodes = rows.map(toNode);
  return {
    nodes,
    ...(selection.has('edges')
      ? { edges: rows.map((row, index) => ({ cursor: cursorOf(row) ?? '', node: nodes[index] as Node })) }
      : {}),
    ...(selection.has('pageInfo')
      ? {
          pageInfo: {
            hasNextPage: page?.hasNextPage ?? false,
            hasPreviousPage: hasAfter,
            startCursor: cursorOf(rows[0]),
            endCursor: cursorOf(rows.at(-1)),
          },
        }
      : {}),
  };
}
