import type { CursorType } from '../../../db/read/cursor.js';
import type { ObjectFilter } from '../../../db/read/filters.js';
import type { OwnedObjectRow, ReadModels } from '../../../db/read/read-models.js';
import type { SimulatedConnection } from '../connection.js';
import type { ObjectRow } from '../rows.js';
import type { Run } from '../run.js';
import { iso } from '../values.js';
import { mapPage, pageAfter } from './page-after.js';
import { placed, treeOf } from './places.js';
import { nonEmpty } from './relative-reads.js';
import { countByHealth } from './resource-read.js';

type ObjectReads = Pick<
  ReadModels,
  | 'listObjects'
  | 'countListedObjects'
  | 'countListedObjectsByHealth'
  | 'objects'
  | 'countObjects'
  | 'countObjectsByHealth'
>;

const cursorType: CursorType = { tag: 'o', keys: ['text', 'text', 'text', 'text'] };
const listCursorType: CursorType = { tag: 'ol', keys: ['uuid', 'text', 'text', 'text', 'text'] };

export function createObjectReads(database: SimulatedConnection): ObjectReads {
  const of = (run: Run, id: string) => run.rows(run.tables.object.byResource, [id]);
  return {
    listObjects: (filter, page) =>
      database.read('read.list-objects', (run) => {
        const keyed = objectsWhere(run, filter).map((row) => ({ keys: [row.resourceId, ...nameKeys(row)], row }));
        return mapPage(pageAfter(keyed, listCursorType, 'ascending', page), answer);
      }),

    countListedObjects: (filter) =>
      database.read('read.count-listed-objects', (run) => objectsWhere(run, filter).length),

    countListedObjectsByHealth: (filter) =>
      database.read('read.count-listed-objects-by-health', (run) =>
        countByHealth(objectsWhere(run, filter).map(({ health }) => health)),
      ),

    objects: (ids, page) =>
      database.read('read.objects', (run) =>
        nonEmpty(ids, (id) => {
          const keyed = of(run, id).map((row) => ({ keys: nameKeys(row), row }));
          const found = pageAfter(keyed, cursorType, 'ascending', page);
          return found.rows.length === 0 ? null : mapPage(found, answer);
        }),
      ),

    countObjects: (ids) =>
      database.read('read.count-objects', (run) => nonEmpty(ids, (id) => of(run, id).length || null)),

    countObjectsByHealth: (ids) =>
      database.read('read.count-objects-by-health', (run) =>
        nonEmpty(ids, (id) => {
          const counts = countByHealth(of(run, id).map(({ health }) => health));
          return counts.length === 0 ? null : counts.map((count) => ({ id, ...count }));
        }),
      ),
  };
}

const nameKeys = (row: ObjectRow) => [row.apiGroup, row.kind, row.namespace, row.name];

function objectsWhere(run: Run, filter: ObjectFilter): readonly ObjectRow[] {
  const { resourceId, withChildren, kinds, names, health, isDrifted } = filter;
  const { object, resource } = run.tables;
  const owners = resourceId === undefined ? null : withChildren ? treeOf(run, resourceId) : [resourceId];
  const isPlaced = placed(run, filter);
  const isAnywhere = filter.project === undefined && filter.environment === undefined;
  const isOwnerPlaced = (id: string) => {
    const owner = run.one(resource.primary, id);
    return owner !== null && isPlaced(owner);
  };
  return (owners ? run.rows(object.byResource, owners) : run.all(object)).filter(
    (row) =>
      (isAnywhere || isOwnerPlaced(row.resourceId)) &&
      (!kinds || kinds.includes(row.kind)) &&
      (!names || names.includes(row.name)) &&
      (!health || health.includes(row.health)) &&
      (isDrifted === undefined || isDrifted === (row.drift !== null)),
  );
}

function answer(row: ObjectRow): OwnedObjectRow {
  const { apiGroup: group, apiVersion: version, updatedAt: _, since, ...rest } = row;
  return { ...rest, group, version, since: iso(since) };
}
