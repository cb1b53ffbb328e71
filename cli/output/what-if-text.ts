import type { GetWhatIfQuery, WhatIfSubjectFullFragment } from '../../sdk/generated/operations.js';
import { type Colour, paint } from './colour.js';
import { renderTable } from './table.js';
import type { Terminal } from './terminal.js';

export type ShownWhatIf = GetWhatIfQuery['whatIf'];
type ShownEffect = ShownWhatIf['effects'][number];

/** Lines that say what would happen: whether it is refused, what stands in the way, what breaks, what goes, and how much. */
export function whatIfText(answer: ShownWhatIf, terminal: Pick<Terminal, 'width' | 'hasColour'>): readonly string[] {
  const { removed, isRefused, effects, counts, isTruncated } = answer;
  const names = removed.map(titleOf).join(', ');
  if (counts.length === 0) return [`Nothing else is concerned if ${names} is deleted.`];
  const verdict = isRefused
    ? paint('Refused while others need it', 'red', terminal.hasColour)
    : paint('Allowed', 'green', terminal.hasColour);
  return [
    `If ${names} is deleted: ${verdict}.`,
    ...sections.flatMap(({ effect, title, sign, colour }) => {
      const those = effects.filter((each) => each.effect === effect);
      const owners = new Set(those.map(({ resource }) => resource.id));
      // Whoever sees to the owner sees to its parts; those that lose something say so.
      const isFolded = ({ resource, lost }: ShownEffect) => owners.has(resource.ownerId ?? '') && lost.length === 0;
      const lines = those
        .filter((each) => !isFolded(each))
        .flatMap((each) => {
          const parts = those.filter((part) => part.resource.ownerId === each.resource.id && isFolded(part)).length;
          return effectLines(each, parts, paint(sign, colour, terminal.hasColour));
        });
      return lines.length === 0 ? [] : ['', title, ...lines];
    }),
    ...(isTruncated ? ['', 'There are more than these; the table counts them.'] : []),
    '',
    ...countLines(counts, terminal),
  ];
}

const sections: readonly {
  readonly effect: ShownEffect['effect'];
  readonly title: string;
  readonly sign: string;
  readonly colour: Colour;
}[] = [
  { effect: 'BLOCKS', title: 'Stands in the way:', sign: '!', colour: 'red' },
  { effect: 'BREAKS', title: 'Would not work any more:', sign: '✘', colour: 'yellow' },
  { effect: 'DELETED', title: 'Goes with it:', sign: '-', colour: 'grey' },
];

/** Kind and name, below its owner's where that is told as well, and where it is. */
function titleOf({ kind, name, environment }: WhatIfSubjectFullFragment): string {
  return `${kind} ${name}${environment === null ? '' : ` in ${environment}`}`;
}

function effectLines(
  { resource, message, lost, path, effect }: ShownEffect,
  parts: number,
  sign: string,
): readonly string[] {
  const way = path.map(({ kind, name }) => `${kind} ${name}`).join(' ← ');
  return [
    `  ${sign} ${titleOf(resource)}${parts === 0 ? '' : `, with ${parts} of its parts`}`,
    `      ${message}`,
    ...(effect === 'BREAKS' && path.length > 2 ? [`      ${way}`] : []),
    ...lost.map(({ output, place }) => `      loses ${output}: ${place}`),
  ];
}

function countLines(counts: ShownWhatIf['counts'], { width, hasColour }: Pick<Terminal, 'width' | 'hasColour'>) {
  const headers = ['ENVIRONMENT', 'APP', 'IN THE WAY', 'BROKEN', 'DELETED'].map((header) => ({ header }));
  const rows = counts.map(({ environment, app, blocks, breaks, deleted }) =>
    [environment ?? '-', app ?? '-', String(blocks), String(breaks), String(deleted)].map((text) => ({ text })),
  );
  return renderTable(headers, rows, { width, hasColour });
}
