import type { PlanFullFragment } from '../../sdk/generated/operations.js';

/** `Plan: 3 to create, 1 to change, 0 to delete.`, or that nothing changes. */
export function changesetSummary({ counts, refusals }: Pick<PlanFullFragment, 'counts' | 'refusals'>): string {
  if (refusals.length > 0)
    return `It would be refused${refusals.length > 1 ? `, for ${refusals.length} reasons` : ''}.`;
  if (counts.create + counts.update + counts.replace + counts.delete === 0) return 'No changes.';
  const replaced = counts.replace > 0 ? `${counts.replace} to replace, ` : '';
  return `Plan: ${counts.create} to create, ${counts.update} to change, ${replaced}${counts.delete} to delete.`;
}
