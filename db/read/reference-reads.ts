import type { KindRegistry } from '../../lib/kind.js';
import type { Queryable } from '../database.js';
import type { ReferenceRow } from './read-models.js';
import type { ResourceColumns, ResourceRow } from './resource-row.js';
import { resourceSelect, upgraded } from './resource-select.js';
import type { ResourceSource } from './resource-source.js';
import { kindIsKnown } from './resource-where.js';
import { composed, createParameters, groupBy } from './sql.js';

/**
 * Edges, and what they point to, in one statement. Many point to the same few: each of those comes with one edge alone.
 * `offset 0`: target by target through its key; a join of unknown lists would be planned as a walk over all statuses.
 */
export async function referencesWithTargets(
  ids: readonly string[],
  columns: ResourceColumns,
  { database, registry, source }: { database: Queryable; registry: KindRegistry; source: ResourceSource },
): Promise<ReadonlyMap<string, readonly ReferenceRow[]>> {
  const parameters = createParameters();
  const { list, needsStatus } = resourceSelect(columns);
  const from = needsStatus ? source.withStatus(parameters) : source.resource('r', parameters);
  const text = `select e.*, t.* from (
      select f.from_id as "fromId", f.path, f.to_id as "toId",
        row_number() over (partition by f.to_id order by f.from_id, f.path) as nth
      from ${source.references(parameters)} where f.from_id = any(${parameters.add(ids)}::uuid[])
    ) e left join lateral (
      select ${list} from ${from} where e.nth = 1 and r.id = e."toId" and ${kindIsKnown(registry)} offset 0
    ) t on true order by e."fromId", e.path`;
  const rows = await database.query(composed<Edge & Target>(text), parameters.values);
  const targets = new Map<string, ResourceRow>();
  for (const { fromId: _, path: __, toId, nth: ___, ...target } of rows) {
    if (target.id !== null) targets.set(toId, upgraded(target as ResourceRow, registry));
  }
  const edges = rows.map(({ fromId, path, toId }) => ({ fromId, path, toId, target: targets.get(toId) }));
  return groupBy(edges, (edge) => edge.fromId);
}

interface Edge extends ReferenceRow {
  readonly nth: bigint;
}

/** Of an edge that comes without its target: null. */
type Target = Omit<ResourceRow, 'id'> & { readonly id: string | null };
