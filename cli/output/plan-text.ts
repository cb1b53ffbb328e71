import type { PlanObjectsQuery } from '../../sdk/generated/operations.js';
import { type Colour, paint } from './colour.js';
import { fieldLine } from './difference-text.js';

export type ShownPlan = PlanObjectsQuery['objectPlan'];
type Step = ShownPlan['steps'][number];

/** Lines of what would happen to objects, by component; what stays as it is is only counted. */
export function planText({ steps }: ShownPlan, hasColour: boolean): readonly string[] {
  const told = steps.filter(({ action, uncheckable }) => action !== 'NONE' || uncheckable !== null);
  const isOfMany = new Set(told.map(({ instance }) => instance)).size > 1;
  const titleOf = ({ instance, component }: Step) => (isOfMany ? `${instance}/${component}` : component);
  const lines = [...new Set(told.map(titleOf))].flatMap((title) => [
    paint(title, 'bold', hasColour),
    ...told.filter((step) => titleOf(step) === title).flatMap((step) => stepLines(step, hasColour)),
    '',
  ]);
  return [...lines, countsText(steps)];
}

/** Whether anything would be done, or stands in the way of it. */
export function hasChanges({ steps }: ShownPlan): boolean {
  return steps.some(({ action }) => action !== 'NONE');
}

function stepLines({ action, object, why, differences, uncheckable }: Step, hasColour: boolean): readonly string[] {
  const { sign, word, colour } = words[action];
  const reason = why === '' ? '' : `: ${why}`;
  return [
    `  ${paint(`${sign} ${object}`, colour, hasColour)}  ${word}${reason}`,
    ...differences.map((difference) => `      ${fieldLine(difference, hasColour)}`),
    ...(uncheckable === null ? [] : [`      ${paint(`not checked yet: ${uncheckable}`, 'grey', hasColour)}`]),
  ];
}

const words: Readonly<
  Record<Step['action'], { readonly sign: string; readonly word: string; readonly colour: Colour }>
> = {
  CREATE: { sign: '+', word: 'is created', colour: 'green' },
  UPDATE: { sign: '~', word: 'is changed', colour: 'yellow' },
  REPLACE: { sign: '±', word: 'is deleted and made again', colour: 'yellow' },
  DELETE: { sign: '-', word: 'is deleted', colour: 'red' },
  BLOCKED: { sign: '!', word: 'cannot be changed', colour: 'red' },
  NONE: { sign: '=', word: 'stays as it is', colour: 'grey' },
};

function countsText(steps: readonly Step[]): string {
  const count = (action: Step['action']) => steps.filter((step) => step.action === action).length;
  const blocked = count('BLOCKED');
  return (
    `${count('CREATE')} to create, ${count('UPDATE')} to change, ${count('REPLACE')} to replace, ` +
    `${count('DELETE')} to delete, ${count('NONE')} as desired${blocked > 0 ? `, ${blocked} blocked` : ''}.`
  );
}
