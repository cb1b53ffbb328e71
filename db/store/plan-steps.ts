import type { PlanAction, PlannedField, PlanStep } from '../../model/plan.js';
import { plannedFields } from '../../model/planned-fields.js';
import type { Draft } from './draft.js';
import type { StatedEdit } from './edits.js';
import type { NewIds } from './new-ids.js';
import type { PlanPlaces } from './plan-places.js';
import { planWaves } from './plan-waves.js';
import type { World } from './world.js';

/**
 * A step for each resource that a commit would write a revision of, by wave, and in a wave as they are stated; then those
 * that are stated and stay as they are.
 */
export function planSteps(
  world: World,
  edited: readonly StatedEdit[],
  places: PlanPlaces,
  ids: NewIds,
): readonly PlanStep[] {
  const changed = world.drafts.filter((draft) => draft.result !== 'unchanged');
  const stated = new Map(edited.map(({ draft, index }) => [draft, index]));
  const waveOf = planWaves(world, changed);
  const blockers = new Map<Draft, string[]>();
  for (const { error, about } of world.refusals) {
    for (const draft of about) blockers.set(draft, [...(blockers.get(draft) ?? []), ...(error.details.blockers ?? [])]);
  }
  const stepOf = (draft: Draft): PlanStep => {
    const action = actionOf(draft);
    const owner = places.ownerOf(draft);
    return {
      wave: waveOf.get(draft.id) ?? null,
      action,
      kind: draft.kind.name,
      name: draft.name,
      project: places.projectOf(draft),
      environment: places.environmentOf(draft),
      owner: owner && `${owner.kind} ${owner.name}`,
      resourceId: draft.before ? draft.id : null,
      why: whyOf(draft, action),
      fields: action === 'delete' || action === 'none' ? [] : fieldsOf(draft, ids),
      kept: draft.kept,
      blockedBy: blockers.get(draft) ?? [],
    };
  };
  const shown = [...changed, ...[...stated.keys()].filter((draft) => draft.result === 'unchanged')];
  return shown
    .map((draft) => ({ step: stepOf(draft), index: stated.get(draft) ?? edited.length }))
    .sort(
      (a, b) =>
        (a.step.wave ?? shown.length) - (b.step.wave ?? shown.length) || a.index - b.index || compare(a.step, b.step),
    )
    .map(({ step }) => step);
}

function compare(a: PlanStep, b: PlanStep): number {
  const textOf = ({ kind, project, environment, owner, name }: PlanStep) =>
    [project, environment, owner, kind, name].join(' ');
  return textOf(a) < textOf(b) ? -1 : 1;
}

function fieldsOf(draft: Draft, ids: NewIds): readonly PlannedField[] {
  return plannedFields(draft.before, draft).map((field) => ({
    ...field,
    path: String(ids.hide(field.path)),
    after: ids.hide(field.after),
  }));
}

function actionOf(draft: Draft): PlanAction {
  switch (draft.result) {
    case 'created':
      return 'create';
    case 'updated':
      return draft.replacedFields.length > 0 ? 'replace' : 'update';
    case 'deletionRequested':
    case 'removed':
      return 'delete';
    case 'unchanged':
      return 'none';
  }
}

function whyOf(draft: Draft, action: PlanAction): string | null {
  if (draft.isForceNew) return 'Forced: what it has outside is forgotten, and not removed there.';
  if (action === 'replace') return `${draft.replacedFields.join(', ')} cannot be changed where it is.`;
  if (action !== 'update' || draft.hasNewSpec || draft.before?.version !== draft.version) return null;
  return draft.hasNewReferences
    ? 'No value changes, only what it needs.'
    : 'No value changes, only who is known to have set it.';
}
