import type { Forms } from '../form.js';
import type { ResourceRow } from '../rows.js';
import { texts } from '../values.js';

const MOST = 20_000;

export const deletionForms: Forms = {
  'deletion.list-under-leases': (run, [keys]) =>
    run
      .rows(run.tables.resource.byLease, texts(keys))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, ownerId }) => ({ id, ownerId })),

  'deletion.list-dependents': (run, [given]) => {
    const { resource, reference } = run.tables;
    const get = (id: string | null) => (id === null ? null : run.one(resource.primary, id));
    const edges = texts(given).flatMap((target): Edge[] => [
      ...run.rows(reference.byTo, [target]).flatMap(({ fromId }) => edgeTo(target, 'reference', get(fromId))),
      ...run.rows(resource.byOwner, [target]).map((row) => ({ target, via: 'owner' as const, row })),
      ...run.rows(resource.byEnvironment, [target]).map((row) => ({ target, via: 'place' as const, row })),
      ...run.rows(resource.byProject, [target]).map((row) => ({ target, via: 'place' as const, row })),
    ]);
    const dependents = edges.map(({ target, via, row }) => {
      const owner = get(row.ownerId);
      const { id, kind, name } = get(owner?.ownerId ?? null) ?? owner ?? row;
      return {
        ...{ targetId: target, via, id: row.id, kind: row.kind, name: row.name, ownerId: row.ownerId },
        isDeleting: row.deletionRequestedAt !== null,
        top: { id, kind, name },
      };
    });
    const place = (row: (typeof dependents)[number]) => [row.isDeleting ? 1 : 0, row.kind, row.name, row.id].join('\0');
    return dependents.sort((a, b) => (place(a) < place(b) ? -1 : 1)).slice(0, MOST);
  },
};

interface Edge {
  readonly target: string;
  readonly via: 'reference' | 'owner' | 'place';
  readonly row: ResourceRow;
}

function edgeTo(target: string, via: Edge['via'], row: ResourceRow | null): Edge[] {
  return row ? [{ target, via, row }] : [];
}
