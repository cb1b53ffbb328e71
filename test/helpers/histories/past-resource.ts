import type { ReadModels, ReferenceRow } from '../../../db/read/read-models.js';
import { type ResourceRow, resourceColumns } from '../../../db/read/resource-row.js';

/** A resource with everything that a read answers of it. */
export type PastResource = Required<ResourceRow> & { readonly references: readonly Omit<ReferenceRow, 'fromId'>[] };

/** By what a seed decides, so that a history can be made again: ids differ each time. */
export function inOrder(a: PastResource, b: PastResource): number {
  const [one, other] = [a, b].map(({ kind, name, createdAt, id }) => `${kind} ${name} ${createdAt} ${id}`);
  return (one ?? '') < (other ?? '') ? -1 : 1;
}

/** A project and all in it, as these reads answer, in that order. */
export async function readProject(reads: ReadModels, project: string): Promise<readonly PastResource[]> {
  const columns = new Set(resourceColumns);
  const page = { first: 500, after: null, order: 'NAME' } as const;
  const [own, listed] = await Promise.all([
    reads.findResource({ kind: 'Project', name: project }, columns),
    reads.listResources({ project }, page, columns),
  ]);
  const rows = [...(own ? [own] : []), ...listed.rows];
  const references = await reads.references(rows.map((row) => row.id));
  const resources = rows.map((row) => ({
    ...Object.fromEntries(['id', 'kind', ...resourceColumns].map((column) => [column, Reflect.get(row, column)])),
    references: (references.get(row.id) ?? []).map(({ path, toId }) => ({ path, toId })),
  }));
  return JSON.parse(JSON.stringify(resources)).sort(inOrder);
}
