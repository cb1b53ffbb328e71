import type { ListStatedQuery } from '../../sdk/generated/operations.js';
import { allPages } from '../../sdk/pages.js';
import type { ResourceFilter } from '../resources/list-resources.js';
import type { Session } from '../session.js';

/** A resource as a file would state it, with what it needs. */
export type StatedResource = ListStatedQuery['resources']['nodes'][number];

export interface CollectOptions {
  /** Also what they need, and what that needs: references, project, environment. */
  readonly withDependencies: boolean;
  readonly asOf: string | undefined;
}

/**
 * What matches, as people stated it. Left out is what nobody writes in a file: what others own, what is made on demand,
 * and what is being deleted.
 */
export async function collect(
  session: Session,
  filter: ResourceFilter,
  options: CollectOptions,
): Promise<readonly StatedResource[]> {
  const { sdk, kinds } = await session.plane();
  const isMadeByUser = new Map((await kinds()).map((kind) => [kind.name, kind.isMadeByUser]));
  const list = (wanted: ResourceFilter) =>
    allPages(async (after) => {
      const page = { filter: wanted, asOf: options.asOf ?? null, deep: options.withDependencies };
      return (await sdk.ListStated({ ...page, ...(after === undefined ? {} : { after }) }, { signal: session.signal }))
        .resources;
    });

  const found = new Map<string, StatedResource>();
  for (let rows: readonly StatedResource[] = await list(filter); rows.length > 0; ) {
    for (const row of rows) found.set(row.id, row);
    const missing = options.withDependencies ? rows.flatMap(neededBy).filter((id) => !found.has(id)) : [];
    rows = missing.length === 0 ? [] : await listByIds([...new Set(missing)], list);
  }
  return [...found.values()].filter(
    (row) => isMadeByUser.get(row.kind) && row.ownerId === null && !row.isOnDemand && row.deletionRequestedAt === null,
  );
}

/** What it owns refers to more than it does itself: the database that a component of an app is bound to. */
function neededBy({ references, children, projectId, environmentId }: StatedResource): readonly string[] {
  return [
    ...references.map(({ target }) => target.id),
    ...(children?.nodes ?? []).map(({ id }) => id),
    ...[projectId, environmentId].filter((id) => id !== null),
  ];
}

/** Bounds one question; a list may need thousands. */
const IDS_AT_ONCE = 500;

async function listByIds(
  ids: readonly string[],
  list: (filter: ResourceFilter) => Promise<readonly StatedResource[]>,
): Promise<readonly StatedResource[]> {
  const rows: StatedResource[] = [];
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE)
    rows.push(...(await list({ ids: ids.slice(at, at + IDS_AT_ONCE) })));
  return rows;
}
