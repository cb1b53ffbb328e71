import { offeredName } from '../../model/references.js';
import type { Place, ResourceRow } from './rows.js';

/** Where the tier of an environment is; null: it names none, or one of another project. */
export function tierPlace({ projectId, spec }: Pick<ResourceRow, 'projectId' | 'spec'>): Place | null {
  if (projectId === null || typeof spec.tier !== 'string') return null;
  const { project, name } = offeredName(spec.tier);
  return project === null ? { kind: 'Tier', scopeId: projectId, name } : null;
}
