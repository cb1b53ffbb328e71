import type { EventReport, ObjectView } from '../../../sdk/resource.js';
import type { InventoryRow } from '../inventory.js';
import { keyOf, titleOf } from '../object-name.js';
import type { WorkloadAction } from '../plan.js';
import { driftText, isDeletion, managersText } from './drift-words.js';

/** What is told of an object that was applied: what was changed in it by whom, where that is why. */
export function appliedEvent({
  why,
  differences,
}: Extract<WorkloadAction, { type: 'apply' }>): Pick<EventReport, 'reason' | 'message'> {
  switch (why) {
    case 'create':
      return { reason: 'Created', message: 'It was created.' };
    case 'recreate':
      return { reason: 'Recreated', message: 'It was deleted by somebody else and is made again.' };
    case 'render':
      return { reason: 'Updated', message: 'It was brought to its new desired state.' };
    case 'drift': {
      const by = managersText(differences);
      return { reason: 'Corrected', message: `It was changed by ${by} and is put back: ${driftText(differences)}.` };
    }
  }
}

/** What is told of objects that others changed and that are left so, once for each change. */
export function driftEvents(
  rows: readonly InventoryRow[],
  known: ReadonlyMap<string, ObjectView>,
): readonly EventReport[] {
  return rows.flatMap((row): readonly EventReport[] => {
    const before = known.get(keyOf(row))?.drift ?? null;
    if (row.drift === null || driftText(row.drift) === driftText(before ?? [])) return [];
    const message = isDeletion(row.drift)
      ? 'It was deleted by somebody else, and is left so by policy.'
      : `It was changed by ${managersText(row.drift)}, and is left so by policy: ${driftText(row.drift)}.`;
    return [{ type: 'Warning', reason: 'Drifted', message, object: titleOf(row) }];
  });
}
