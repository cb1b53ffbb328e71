import { type EventColumn, eventColumns } from '../db/read/read-models.js';
import { asksForCursors, nodesOf } from './connection.js';
import type { Selection } from './selection.js';

/** The columns that a selection on a connection of events needs. */
export function eventColumnsOf(selection: Selection): ReadonlySet<EventColumn> {
  const known = columnSets.get(selection) ?? columnsOf(selection);
  columnSets.set(selection, known);
  return known;
}

const columnSets = new WeakMap<Selection, ReadonlySet<EventColumn>>();

function columnsOf(selection: Selection): ReadonlySet<EventColumn> {
  const nodes = nodesOf(selection);
  return new Set(
    eventColumns.filter((column) => (column === 'cursor' ? asksForCursors(selection) : nodes.has(column))),
  );
}
