import type { PlanFullFragment } from '../../sdk/generated/operations.js';
import { changesetSummary } from './changeset-summary.js';
import { type Colour, paint } from './colour.js';
import { fieldLine } from './difference-text.js';
import { keptLine } from './kept-text.js';
import { listText } from './list-text.js';
import { stepTitle } from './step-title.js';

type Step = PlanFullFragment['steps'][number];

/** Lines of a plan for people: what would happen, by wave, and the counts last. */
export function changesetText(plan: PlanFullFragment, hasColour: boolean): readonly string[] {
  const steps = plan.steps.filter(({ action }) => action !== 'NONE');
  const waves = [...new Set(steps.map(({ wave }) => wave))];
  const lines = waves.flatMap((wave, index) => [
    ...(waves.length > 1 ? [paint(`Wave ${index + 1} of ${waves.length}`, 'bold', hasColour)] : []),
    ...waveLines(
      steps.filter((step) => step.wave === wave),
      hasColour,
    ),
    '',
  ]);
  return [
    ...lines,
    ...keptLines(plan, hasColour),
    ...refusalLines(plan, hasColour),
    ...appLines(plan),
    changesetSummary(plan),
  ];
}

/** The same thing for hundreds of instances tells nothing more. */
const MOST_STEPS = 40;

function waveLines(steps: readonly Step[], hasColour: boolean): readonly string[] {
  const left = steps.length - MOST_STEPS;
  const lines = steps.slice(0, MOST_STEPS).flatMap((step) => stepLines(step, hasColour));
  return left > 0 ? [...lines, `  … and ${left} more; -o json has them all`] : lines;
}

function stepLines(step: Step, hasColour: boolean): readonly string[] {
  const { sign, colour } = signs[step.action];
  return [
    `  ${paint(sign, colour, hasColour)} ${stepTitle(step)}${step.why === null ? '' : `: ${step.why}`}`,
    ...step.fields.map(
      ({ path, before, after }) => `      ${fieldLine({ path, desired: after, live: before }, hasColour)}`,
    ),
    ...step.kept.map((field) => `      ${keptLine(field, null)}`),
    ...step.blockedBy.map((blocker) => `      ${paint(`in the way: ${blocker}`, 'red', hasColour)}`),
  ];
}

/** Of what stays as it is, because somebody else set it. */
function keptLines({ steps }: PlanFullFragment, hasColour: boolean): readonly string[] {
  const lines = steps
    .filter(({ action, kept }) => action === 'NONE' && kept.length > 0)
    .flatMap((step) => stepLines(step, hasColour));
  return lines.length > 0 ? [...lines, ''] : [];
}

const signs: Readonly<Record<Step['action'], { readonly sign: string; readonly colour: Colour }>> = {
  CREATE: { sign: '+', colour: 'green' },
  UPDATE: { sign: '~', colour: 'yellow' },
  REPLACE: { sign: '-/+', colour: 'red' },
  DELETE: { sign: '-', colour: 'red' },
  NONE: { sign: '=', colour: 'grey' },
};

function refusalLines({ refusals }: PlanFullFragment, hasColour: boolean): readonly string[] {
  if (refusals.length === 0) return [];
  return [...refusals.map(({ message }) => paint(`! ${message}`, 'red', hasColour)), ''];
}

/** Of one app it is plain from the steps. */
function appLines({ affectedApps }: PlanFullFragment): readonly string[] {
  if (affectedApps.length < 2) return [];
  const names = affectedApps.map(
    ({ name, environment }) => `${name}${environment === null ? '' : ` in ${environment}`}`,
  );
  return [`Apps that change: ${listText(names)}.`, ''];
}
