/** What every connection of the graph has, as far as paging goes. */
export interface Page<Item> {
  readonly nodes: readonly Item[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/**
 * All items of a connection, page after page. `fetchPage` gets the cursor to go on from, undefined for the first page;
 * null from it means that there is nothing to list. A failed page fails the list: never a partial one.
 */
export async function allPages<Item>(fetchPage: (after?: string) => Promise<Page<Item> | null>): Promise<Item[]> {
  const items: Item[] = [];
  await eachPage(fetchPage, (nodes) => void items.push(...nodes));
  return items;
}

/** The same for who can begin with the first page: `take` gets each as it comes. */
export async function eachPage<Item>(
  fetchPage: (after?: string) => Promise<Page<Item> | null>,
  take: (nodes: readonly Item[]) => void,
): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const page = await fetchPage(after);
    if (!page) return;
    take(page.nodes);
    const { hasNextPage, endCursor } = page.pageInfo;
    if (!hasNextPage) return;
    if (endCursor === null || endCursor === after) {
      throw new Error('The server says that there is a next page, but not where it begins. Report this as a defect.');
    }
    after = endCursor;
  }
}
