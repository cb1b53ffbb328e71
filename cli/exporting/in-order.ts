import type { KindView } from '../kinds/kind-view.js';
import type { StatedResource } from './collect.js';

/**
 * What others need comes first: places before what is in them, then along the references; where nothing decides, by
 * kind and names. The same resources always come in the same order.
 */
export function inOrder(resources: readonly StatedResource[], kinds: readonly KindView[]): readonly StatedResource[] {
  const scopes = new Map(kinds.map(({ name, scope }) => [name, ranks[scope]]));
  const key = (row: StatedResource) =>
    [scopes.get(row.kind) ?? 9, row.kind, row.project?.name ?? '', row.environment?.name ?? '', row.name].join(' ');
  const sorted = [...resources].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const byId = new Map(sorted.map((row) => [row.id, row]));
  const placed = new Set<StatedResource>();
  const place = (row: StatedResource, above: ReadonlySet<string>) => {
    if (placed.has(row) || above.has(row.id)) return;
    const inside = new Set([...above, row.id]);
    const needed = [row.projectId, row.environmentId, ...row.references.map(({ target }) => target.id)];
    for (const id of needed) {
      const other = id === null ? undefined : byId.get(id);
      if (other) place(other, inside);
    }
    placed.add(row);
  };
  for (const row of sorted) place(row, new Set());
  return [...placed];
}

const ranks: Readonly<Record<KindView['scope'], number>> = { plane: 0, project: 1, environment: 2, owner: 3 };
