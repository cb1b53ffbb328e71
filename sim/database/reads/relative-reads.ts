import type { ReadModels, Relation } from '../../../db/read/read-models.js';
import { resourceOrders } from '../../../db/read/resource-orders.js';
import type { KindRegistry } from '../../../lib/kind.js';
import type { SimulatedConnection } from '../connection.js';
import type { ResourceRow } from '../rows.js';
import type { Run } from '../run.js';
import { mapPage, pageAfter } from './page-after.js';
import { countByHealth, healthShown, resourceRead } from './resource-read.js';

type RelativeReads = Pick<
  ReadModels,
  'relatives' | 'countRelatives' | 'countRelativesByHealth' | 'references' | 'reached' | 'dependents'
>;

export function createRelativeReads(database: SimulatedConnection, registry: KindRegistry): RelativeReads {
  const isKnown = ({ kind }: ResourceRow) => registry.find(kind) !== undefined;
  const relativesOf = (run: Run, relation: Relation, id: string) =>
    (relation === 'children' ? run.rows(run.tables.resource.byOwner, [id]) : referrersOf(run, id)).filter(isKnown);
  return {
    relatives: (relation, ids, page, columns) =>
      database.read('read.relatives', (run) =>
        nonEmpty(ids, (id) => {
          const keyed = relativesOf(run, relation, id).map((row) => ({ keys: [row.name, row.id], row }));
          const found = pageAfter(keyed, resourceOrders.NAME.cursor, 'ascending', page);
          return found.rows.length === 0 ? null : mapPage(found, (row) => resourceRead(run, row, columns, registry));
        }),
      ),

    countRelatives: (relation, ids) =>
      database.read(
        'read.count-relatives',
        (run) => new Map(ids.map((id) => [id, relativesOf(run, relation, id).length])),
      ),

    countRelativesByHealth: (relation, ids) =>
      database.read('read.count-relatives-by-health', (run) =>
        nonEmpty(ids, (id) => {
          const counts = countByHealth(relativesOf(run, relation, id).map((row) => healthShown(run, row)));
          return counts.length === 0 ? null : counts.map((count) => ({ id, ...count }));
        }),
      ),

    references: (ids) =>
      database.read('read.references', (run) =>
        nonEmpty(ids, (id) => {
          const rows = run.rows(run.tables.reference.byFrom, [id]).sort((a, b) => (a.path < b.path ? -1 : 1));
          return rows.length === 0 ? null : rows.map(({ fromId, path, toId }) => ({ fromId, path, toId }));
        }),
      ),

    reached: (id, limit) =>
      database.read('read.reached', (run) => {
        const { resource, reference } = run.tables;
        const reached = new Set(
          run
            .rows(resource.primary, [id])
            .filter(isKnown)
            .map((row) => row.id),
        );
        for (const from of reached) {
          for (const row of run.rows(resource.byOwner, [from])) if (isKnown(row)) reached.add(row.id);
          for (const { toId } of run.rows(reference.byFrom, [from])) reached.add(toId);
          if (reached.size >= limit) break;
        }
        return [...reached].slice(0, limit);
      }),

    dependents: (ids) =>
      database.read('read.dependents', (run) => new Map(ids.map((id) => [id, dependentsOf(run, id).size]))),
  };
}

/** What was found of each; those of which nothing was found are left out. */
export function nonEmpty<Answer>(
  ids: readonly string[],
  find: (id: string) => Answer | null,
): ReadonlyMap<string, Answer> {
  return new Map(
    ids.flatMap((id): [string, Answer][] => {
      const answer = find(id);
      return answer === null ? [] : [[id, answer]];
    }),
  );
}

function referrersOf(run: Run, id: string): ResourceRow[] {
  const { resource, reference } = run.tables;
  return run.rows(
    resource.primary,
    run.rows(reference.byTo, [id]).map(({ fromId }) => fromId),
  );
}

/** Who refers to it or is owned by it; and, where its owner goes as well, who refers to that from elsewhere. */
function dependentsOf(run: Run, id: string): ReadonlySet<string> {
  const { resource } = run.tables;
  const ids = new Set([...referrersOf(run, id), ...run.rows(resource.byOwner, [id])].map((row) => row.id));
  let at = run.one(resource.primary, id);
  while (at && at.deletionRequestedAt !== null && at.ownerId !== null) {
    const owner = run.one(resource.primary, at.ownerId);
    if (!owner || owner.deletionRequestedAt === null) break;
    for (const row of referrersOf(run, owner.id)) if (row.ownerId !== owner.id) ids.add(row.id);
    at = owner;
  }
  return ids;
}
