import type { AppliedEdit, Changeset, Committed } from '../../model/changeset.js';
import type { Actor } from '../contract.js';
import { cursorOf } from '../cursor.js';
import { checkChangeset } from './check-changeset.js';
import { computeWorld } from './compute-world.js';
import { inTransaction, type StoreContext } from './context.js';
import { readStored, storeResult } from './idempotency.js';
import { newestRevision } from './newest-revision.js';
import { planHash } from './plan-hash.js';
import { stalePlan } from './stale-plan.js';
import { World } from './world.js';
import { writeWorld } from './write.js';

/**
 * Edits of desired state: all or none. Everything is locked, computed in memory, and then written by a few statements
 * whose number does not grow with the edits; the revisions come last.
 */
export async function commit(context: StoreContext, changeset: Changeset, actor: Actor): Promise<Committed> {
  checkChangeset(context, changeset);
  const { committed, isChanged } = await inTransaction(context, async (transaction) => {
    const stored = await readStored(context, transaction, changeset, actor);
    if (stored) return { committed: stored, isChanged: false };

    const world = new World(context, transaction, changeset, actor);
    const edited = await computeWorld(world);
    const { plan } = changeset;
    if (plan && planHash(world) !== plan.hash) throw await stalePlan(world, plan);
    const seq = await writeWorld(world, transaction);

    const edits = edited.map(
      ({ edit, draft }): AppliedEdit => ({
        op: edit.op,
        kind: edit.kind,
        name: edit.name,
        resourceId: draft.id,
        result: draft.result,
        kept: draft.kept,
      }),
    );
    const newest = seq ?? (await newestRevision(transaction));
    const result = { changesetId: world.changesetId, cursor: cursorOf(context.incarnation, newest), edits };
    await storeResult(context, transaction, changeset, actor, result);
    return { committed: result, isChanged: seq !== null };
  });
  if (isChanged) context.wake();
  return committed;
}
