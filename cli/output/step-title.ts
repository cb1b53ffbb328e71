import type { PlanFullFragment } from '../../sdk/generated/operations.js';

type Step = Pick<PlanFullFragment['steps'][number], 'kind' | 'name' | 'owner' | 'environment' | 'project'>;

/** `Workload web of AppInstance shop in dev`: kind, name, and where it is. */
export function stepTitle({ kind, name, owner, environment, project }: Step): string {
  const place = [environment, project === 'default' ? null : project].filter((part) => part !== null);
  return `${kind} ${name}${owner === null ? '' : ` of ${owner}`}${place.length === 0 ? '' : ` in ${place.join(', ')}`}`;
}
