import { ageOf } from '../../lib/age.js';
import type { ResourceRowFragment } from '../../sdk/generated/operations.js';
import type { KindView } from '../kinds/kind-view.js';
import { colourOfHealth } from '../output/colour.js';
import { type Cell, type Column, renderTable } from '../output/table.js';
import type { Terminal } from '../output/terminal.js';
import { resourceJson, textAt } from './resource-json.js';

export interface ResourceTableOptions {
  /** Their columns are printed; null: the resources are of several kinds, whose names are printed. */
  readonly kind: KindView | null;
  readonly isWide: boolean;
  readonly terminal: Pick<Terminal, 'width' | 'hasColour'>;
  readonly nowMs: number;
}

/** Lines of a table of resources, with the columns that their kind asks for. */
export function resourceTable(rows: readonly ResourceRowFragment[], options: ResourceTableOptions): readonly string[] {
  const columns = columnsFor(rows, options);
  const cells = rows.map((row) => {
    const json = resourceJson(row);
    return columns.map((column) => column.cell(row, json));
  });
  return renderTable(columns, cells, options.terminal);
}

interface ResourceColumn extends Column {
  readonly cell: (row: ResourceRowFragment, json: unknown) => Cell;
}

function columnsFor(
  rows: readonly ResourceRowFragment[],
  { kind, isWide, nowMs }: ResourceTableOptions,
): readonly ResourceColumn[] {
  const projects = new Set(rows.map((row) => row.project?.name));
  const own = (kind?.columns ?? [])
    .filter((column) => isWide || !column.isWide)
    .map(({ header, path, isWide: wide }) => column(header, (_, json) => ({ text: textAt(json, path) }), wide));
  return [
    ...(kind ? [] : [column('KIND', (row) => ({ text: row.kind }))]),
    column('NAME', (row) => ({ text: row.name })),
    ...(rows.some((row) => row.owner) ? [column('OWNER', (row) => ({ text: row.owner?.name ?? '' }))] : []),
    ...(rows.some((row) => row.environment)
      ? [column('ENVIRONMENT', (row) => ({ text: row.environment?.name ?? '' }))]
      : []),
    ...(projects.size > 1 ? [column('PROJECT', (row) => ({ text: row.project?.name ?? '' }))] : []),
    column('HEALTH', (row) => ({ text: healthText(row), colour: colourOfHealth(row.status.health) })),
    ...own,
    column('AGE', (row) => ({ text: ageOf(row.createdAt, nowMs) })),
    ...(isWide ? [column('ID', (row) => ({ text: row.id }), true)] : []),
    // Last, so that it is the first to go: why something is not Healthy.
    ...(rows.some((row) => noteOf(row) !== '')
      ? [column('MESSAGE', (row) => ({ text: noteOf(row), colour: 'grey' }))]
      : []),
  ];
}

function column(header: string, cell: ResourceColumn['cell'], isWide = false): ResourceColumn {
  return { header, cell, isWide };
}

function healthText(row: ResourceRowFragment): string {
  return row.deletionRequestedAt === null ? row.status.health : `${row.status.health}, deleting`;
}

function noteOf({ status }: ResourceRowFragment): string {
  if (status.isSettled) return '';
  return status.message || (status.reason ?? '');
}
