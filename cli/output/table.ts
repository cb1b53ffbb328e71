import { type Colour, cut, paint, widthOf } from './colour.js';
import { wrapWords } from './wrap-words.js';

export interface Column {
  readonly header: string;
  /** Goes first when the table is too wide. */
  readonly isWide?: boolean;
}

export interface Cell {
  readonly text: string;
  readonly colour?: Colour | null;
}

export interface TableOptions {
  /** null: as wide as it takes. */
  readonly width: number | null;
  readonly hasColour: boolean;
  /** What does not fit into the last column goes on below, in the place of being cut. */
  readonly wrapsLast?: boolean;
}

/**
 * Lines of a table, the header first. When it is too wide, wide columns go, the last first; then the widest columns
 * are cut with `…`; then, when not even that is enough, columns go from the right. The first column always stays.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions,
): readonly string[] {
  const natural = columns.map((column, index) =>
    Math.max(widthOf(column.header), ...rows.map((row) => widthOf(textOf(row, index)))),
  );
  const kept = keptColumns(columns, natural, options.width ?? Number.POSITIVE_INFINITY);
  const widths = fitted(kept, columns, natural, options.width ?? Number.POSITIVE_INFINITY);
  const last = kept.at(-1) ?? 0;
  const lastWidth = widths.at(-1) ?? 0;
  const wrapped = (cells: readonly Cell[]): readonly (readonly Cell[])[] => {
    if (!options.wrapsLast) return [cells];
    return wrapWords(textOf(cells, last), lastWidth).map((text, row) =>
      cells.map((cell, index) => (index === last ? { ...cell, text } : row === 0 ? cell : { text: '' })),
    );
  };
  const line = (cells: readonly Cell[]) =>
    kept
      .map((index, position) => {
        const width = widths[position] ?? 0;
        const text = cut(textOf(cells, index), width);
        const padding = position === kept.length - 1 ? '' : ' '.repeat(Math.max(0, width - widthOf(text)));
        return paint(text, cells[index]?.colour ?? null, options.hasColour) + padding;
      })
      .join(gap)
      .trimEnd();
  const header: readonly Cell[] = columns.map((column) => ({ text: column.header, colour: 'bold' }));
  return [line(header), ...rows.flatMap(wrapped).map(line)];
}

/** Indexes of the columns that stay, when each may be cut down to `leastOf`. */
function keptColumns(columns: readonly Column[], natural: readonly number[], width: number): readonly number[] {
  let kept = columns.map((_, index) => index);
  // A wide column is a luxury: it stays only where nothing has to be cut for it.
  while (totalOf(kept.map((index) => natural[index] ?? 0)) > width) {
    const wide = kept.findLast((index) => columns[index]?.isWide);
    if (wide === undefined) break;
    kept = kept.filter((index) => index !== wide);
  }
  while (kept.length > 1 && totalOf(kept.map((index) => leastOf(columns, natural, index))) > width)
    kept = kept.slice(0, -1);
  return kept;
}

function fitted(
  kept: readonly number[],
  columns: readonly Column[],
  natural: readonly number[],
  width: number,
): readonly number[] {
  const widths = kept.map((index) => natural[index] ?? 0);
  while (totalOf(widths) > width) {
    const widest = widths.reduce((best, candidate, position) => {
      const isCuttable = candidate > leastOf(columns, natural, kept[position] ?? 0);
      return isCuttable && (best === -1 || candidate > (widths[best] ?? 0)) ? position : best;
    }, -1);
    if (widest === -1) {
      widths[0] = Math.max(1, (widths[0] ?? 0) - (totalOf(widths) - width));
      break;
    }
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** A column is still of use with its header, or with eight characters of its texts; the first one, the name, needs more. */
function leastOf(columns: readonly Column[], natural: readonly number[], index: number): number {
  return Math.min(natural[index] ?? 0, Math.max(widthOf(columns[index]?.header ?? ''), index === 0 ? 16 : 8));
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap.length * Math.max(0, widths.length - 1);
}

function textOf(row: readonly Cell[], index: number): string {
  return (row[index]?.text ?? '').replaceAll(/\s+/g, ' ');
}

const gap = '  ';
