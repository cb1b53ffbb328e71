import type { CursorType } from '../../../db/read/cursor.js';
import type { EventFilter } from '../../../db/read/filters.js';
import type { ReadModels, EventRow as ReadRow } from '../../../db/read/read-models.js';
import type { SimulatedConnection } from '../connection.js';
import type { EventRow } from '../rows.js';
import type { Run } from '../run.js';
import { iso } from '../values.js';
import { type Keyed, mapPage, numberKey, pageAfter, timeKey } from './page-after.js';
import { placed, treeOf } from './places.js';
import { nonEmpty } from './relative-reads.js';

type EventReads = Pick<
  ReadModels,
  'listEvents' | 'countEvents' | 'eventsOf' | 'countEventsOf' | 'eventsOfObjects' | 'countEventsOfObjects'
>;

const cursorType: CursorType = { tag: 'e', keys: ['time', 'integer'] };

export function createEventReads(database: SimulatedConnection): EventReads {
  const of = (run: Run, id: string) => run.rows(run.tables.event.byResource, [id]);
  const ofObject = (run: Run, key: string) => {
    const title = key.slice(UUID_LENGTH + 1);
    return of(run, key.slice(0, UUID_LENGTH)).filter((row) => (row.ownerObject ?? row.object) === title);
  };
  const pages =
    (what: string, find: (run: Run, key: string) => readonly EventRow[]): EventReads['eventsOf'] =>
    (keys, page) =>
      database.read(what, (run) =>
        nonEmpty(keys, (key) => {
          const found = pageAfter(find(run, key).map(keyed), cursorType, 'descending', page);
          return found.rows.length === 0 ? null : mapPage(found, answer);
        }),
      );
  return {
    listEvents: (filter, page) =>
      database.read('read.list-events', (run) =>
        mapPage(pageAfter(eventsWhere(run, filter).map(keyed), cursorType, 'descending', page), answer),
      ),
    countEvents: (filter) => database.read('read.count-listed-events', (run) => eventsWhere(run, filter).length),
    eventsOf: pages('read.events', of),
    countEventsOf: (ids) =>
      database.read('read.count-events', (run) => nonEmpty(ids, (id) => of(run, id).length || null)),
    eventsOfObjects: pages('read.events-of-objects', ofObject),
    countEventsOfObjects: (keys) =>
      database.read('read.count-events-of-objects', (run) =>
        nonEmpty(keys, (key) => ofObject(run, key).length || null),
      ),
  };
}

const UUID_LENGTH = 36;

const keyed = (row: EventRow): Keyed<EventRow> => ({ keys: [timeKey(row.lastAt), numberKey(row.id)], row });

function eventsWhere(run: Run, filter: EventFilter): readonly EventRow[] {
  const { resourceId, withChildren, type, isOfCluster } = filter;
  const { event } = run.tables;
  const about = resourceId === undefined ? null : withChildren ? treeOf(run, resourceId) : [resourceId];
  const isPlaced = placed(run, filter);
  return (about ? run.rows(event.byResource, about) : run.all(event)).filter(
    (row) =>
      isPlaced(row) &&
      (type === undefined || row.type === type) &&
      (isOfCluster === undefined || isOfCluster === (row.outsideId !== null)),
  );
}

function answer(row: EventRow): ReadRow {
  const { id, resourceId, object, ownerObject, type, reason, message, source, count } = row;
  const told = { resourceId, object, ownerObject, type, reason, message, source, count };
  return { id: String(id), ...told, firstAt: iso(row.firstAt), lastAt: iso(row.lastAt) };
}
