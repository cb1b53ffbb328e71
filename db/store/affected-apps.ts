import type { AffectedApp } from '../../model/plan.js';
import type { PlacedOwner, PlanPlaces } from './plan-places.js';
import type { World } from './world.js';

/** The app instances that change, or own something that does, by their places. */
export function affectedApps(
  world: World,
  places: PlanPlaces & { nameOf(id: string | null): string | null },
): readonly AffectedApp[] {
  const steps = new Map<PlacedOwner, number>();
  for (const draft of world.drafts) {
    const instance = draft.result === 'unchanged' ? null : places.instanceOf(draft);
    if (instance) steps.set(instance, (steps.get(instance) ?? 0) + 1);
  }
  return [...steps]
    .map(([{ id, isNew, name, projectId, environmentId }, count]) => ({
      resourceId: isNew ? null : id,
      name,
      project: places.nameOf(projectId),
      environment: places.nameOf(environmentId),
      steps: count,
    }))
    .sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

const textOf = ({ project, environment, name }: AffectedApp) => [project, environment, name].join('/');
