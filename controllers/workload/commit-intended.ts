import { GraphError } from '../../sdk/graph-error.js';
import type { ResourceView } from '../../sdk/resource.js';
import type { FencedCall, ResourceClient } from '../../sdk/resource-client.js';
import type { InventoryRow } from './inventory.js';
import { keyOf, titleOf } from './object-name.js';

/** Thrown in the place of a write to an object that another resource owns. Its message says which, and the way out. */
export class OwnedElsewhereError extends Error {
  override readonly name = 'OwnedElsewhereError';
}

/**
 * Commits rows of what is about to be owned. An object has one owner on a runtime: rows that another resource has already
 * are left out, and returned by key with the server's sentence; the others are committed.
 */
export async function commitIntended(
  client: { readonly reportObjects: ResourceClient<unknown>['reportObjects'] },
  workload: Pick<ResourceView, 'id' | 'status'>,
  runtimeId: string,
  rows: readonly InventoryRow[],
  call: FencedCall,
): Promise<ReadonlyMap<string, string>> {
  const taken = new Map<string, string>();
  for (let left = rows; left.length > 0; ) {
    try {
      await client.reportObjects(workload, { runtimeId, objects: left, absent: [] }, call);
      return taken;
    } catch (error) {
      const row = takenRow(error, left);
      if (!row || !(error instanceof GraphError)) throw error;
      taken.set(keyOf(row), error.message);
      left = left.filter((each) => each !== row);
    }
  }
  return taken;
}

/** The row that a refusal is about; null when it is about something else. */
function takenRow(error: unknown, rows: readonly InventoryRow[]): InventoryRow | null {
  if (!(error instanceof GraphError) || error.code !== 'CONFLICT' || error.details.owner === undefined) return null;
  return rows.find((row) => titleOf(row) === error.details.object) ?? null;
}
