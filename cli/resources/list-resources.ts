import type { ListResourcesQueryVariables, ResourceRowFragment } from '../../sdk/generated/operations.js';
import { allPages } from '../../sdk/pages.js';
import type { PlaneConnection } from '../session.js';

export type ResourceFilter = NonNullable<ListResourcesQueryVariables['filter']>;

/** All resources that match, page by page inside; with `asOf`, as they were at that moment. */
export async function listResources(
  plane: PlaneConnection,
  filter: ResourceFilter,
  signal: AbortSignal,
  asOf?: string,
): Promise<readonly ResourceRowFragment[]> {
  return allPages(async (after) => {
    const page = { filter, first: PAGE_SIZE, asOf: asOf ?? null, ...(after === undefined ? {} : { after }) };
    return (await plane.sdk.ListResources(page, { signal })).resources;
  });
}

const PAGE_SIZE = 200;
