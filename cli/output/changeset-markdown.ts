import type { PlanFullFragment } from '../../sdk/generated/operations.js';
import { changesetSummary } from './changeset-summary.js';
import { fieldLine } from './difference-text.js';
import { keptLine } from './kept-text.js';
import { listText } from './list-text.js';
import { stepTitle } from './step-title.js';

type Step = PlanFullFragment['steps'][number];

/** A plan as a comment on a pull request: the counts first, the steps as a table, their fields behind a fold. */
export function changesetMarkdown(plan: PlanFullFragment): string {
  const steps = plan.steps.filter(({ action, kept }) => action !== 'NONE' || kept.length > 0);
  const shown = steps.slice(0, MOST_STEPS);
  const left = steps.length - shown.length;
  const parts = [
    `### ${changesetSummary(plan)}`,
    ...plan.refusals.map(({ message }) => `> **Refused:** ${escaped(message)}`),
    ...(shown.length > 0 ? [['| | resource | wave |', '|---|---|---|', ...shown.map(row)].join('\n')] : []),
    ...(left > 0 ? [`… and ${left} more.`] : []),
    ...shown.flatMap(details),
    ...(plan.affectedApps.length > 0
      ? [
          `Apps that change: ${escaped(listText(plan.affectedApps.map(({ name, environment }) => `${name} in ${environment}`)))}`,
        ]
      : []),
    `<sub>Plan \`${plan.hash}\`</sub>`,
  ];
  return parts.join('\n\n');
}

/** A comment has at most 65,536 characters at the usual hosts. */
const MOST_STEPS = 100;
const MOST_FIELDS = 50;

const words: Readonly<Record<Step['action'], string>> = {
  CREATE: 'create',
  UPDATE: 'change',
  REPLACE: 'replace',
  DELETE: 'delete',
  NONE: 'keep',
};

const row = (step: Step) => `| ${words[step.action]} | ${escaped(stepTitle(step))} | ${step.wave ?? ''} |`;

function details(step: Step): readonly string[] {
  const lines = [
    ...(step.why === null ? [] : [`! ${step.why}`]),
    ...step.fields.slice(0, MOST_FIELDS).map(({ path, before, after }) => diffLine(path, before, after)),
    ...(step.fields.length > MOST_FIELDS ? [`  … and ${step.fields.length - MOST_FIELDS} more fields`] : []),
    ...step.kept.map((field) => `  ${keptLine(field, null)}`),
    ...step.blockedBy.map((blocker) => `! in the way: ${blocker}`),
  ];
  if (lines.length === 0) return [];
  const title = `${words[step.action]} ${escaped(stepTitle(step))}`;
  return [`<details><summary>${title}</summary>\n\n${fenced(lines)}\n\n</details>`];
}

/** `!` is what the usual hosts colour as a change. */
function diffLine(path: string, before: unknown, after: unknown): string {
  return fieldLine({ path, desired: after, live: before }, false).replace(/^~/, '!');
}

/** The fence is longer than any that a value holds. */
function fenced(lines: readonly string[]): string {
  const text = lines.join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${text}\n${fence}`;
}

const escaped = (text: string) => text.replaceAll(/[\\`*_{}[\]<>|#]/g, (found) => `\\${found}`);
