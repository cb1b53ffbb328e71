import type { ListHistoryQuery } from '../../sdk/generated/operations.js';
import { type Colour, paint } from './colour.js';
import { fieldLine } from './difference-text.js';

export type HistoryEntry = ListHistoryQuery['revisions']['nodes'][number];

/** More fields of one entry are counted: `-o json` has them all. */
const MOST_FIELDS = 12;

/**
 * Lines of the log, as it was given: when, what, by whom, and the fields that changed. Where another resource of the
 * same name begins, that is said.
 */
export function historyText(entries: readonly HistoryEntry[], hasColour: boolean): readonly string[] {
  return entries.flatMap((entry, index) => {
    const before = entries[index - 1];
    const isOther = before !== undefined && before.resourceId !== entry.resourceId;
    const fields = entry.fields.map((field) =>
      fieldLine({ path: field.path, live: field.before, desired: field.after }, hasColour),
    );
    const rest = fields.length - MOST_FIELDS;
    return [
      ...(isOther
        ? [paint(`-- before it there was another ${entry.kind} ${entry.name} (${entry.resourceId})`, 'grey', hasColour)]
        : []),
      headOf(entry, hasColour),
      ...fields.slice(0, MOST_FIELDS).map((line) => `    ${line}`),
      ...(rest > 0 ? [`    … ${rest} more`] : []),
    ];
  });
}

function headOf({ at, op, actor, manager, generation, cursor }: HistoryEntry, hasColour: boolean): string {
  const { word, colour } = words[op];
  const by = manager === null || manager === actor ? actor : `${actor} as ${manager}`;
  return `${at}  ${paint(word, colour, hasColour)} by ${by}, generation ${generation}  ${paint(cursor, 'grey', hasColour)}`;
}

const words: Readonly<Record<HistoryEntry['op'], { readonly word: string; readonly colour: Colour }>> = {
  created: { word: 'created', colour: 'green' },
  updated: { word: 'changed', colour: 'yellow' },
  deletionRequested: { word: 'deletion requested', colour: 'red' },
  removed: { word: 'removed', colour: 'red' },
  status: { word: 'status reported', colour: 'grey' },
  objects: { word: 'objects reported', colour: 'grey' },
  event: { word: 'event recorded', colour: 'grey' },
};
