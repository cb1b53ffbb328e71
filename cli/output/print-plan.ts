import type { ObjectPlanFullFragment, PlanFullFragment } from '../../sdk/generated/operations.js';
import { changesetMarkdown } from './changeset-markdown.js';
import { changesetSummary } from './changeset-summary.js';
import { changesetText } from './changeset-text.js';
import { planText } from './plan-text.js';
import type { Terminal } from './terminal.js';

export const planForms = ['text', 'json', 'markdown'] as const;
export type PlanForm = (typeof planForms)[number];

/** `objects`: what the clusters say; null when they were not asked. */
export function printPlan(
  terminal: Terminal,
  plan: PlanFullFragment,
  objects: ObjectPlanFullFragment | null,
  form: PlanForm,
): void {
  switch (form) {
    case 'json':
      terminal.print(JSON.stringify({ ...verdictOf(plan), ...plan, ...(objects && { objects }) }, null, 2));
      return;
    case 'markdown':
      terminal.print(changesetMarkdown(plan));
      return;
    case 'text': {
      terminal.print(changesetText(plan, terminal.hasColour).join('\n'));
      if (!objects) return;
      terminal.print(`\nIn the clusters:\n\n${planText(objects, terminal.hasColour).join('\n')}`);
      for (const sentence of objects.unavailable) terminal.say(sentence);
    }
  }
}

/** What a script asks first. */
function verdictOf(plan: PlanFullFragment) {
  const { create, update, replace, delete: deleted } = plan.counts;
  return {
    summary: changesetSummary(plan),
    hasChanges: create + update + replace + deleted > 0,
    isRefused: plan.refusals.length > 0,
  };
}
