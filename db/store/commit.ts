import type { AppliedEdit, Changeset, Committed } from '../../model/changeset.js';
import type { Actor } from '../contract.js';
import { cursorOf } from '../cursor.js';
import { checkChangeset } from './check-changeset.js';
import { computeWorld } from './compute-world.js';
import { inTransaction, type StoreContext } from './context.js';
import { readStored, storingResult } from './idempotency.js';
import { readNewestRevision } from './newest-revision.js';
import { planHash } from './plan-hash.js';
import { stalePlan } from './stale-plan.js';
import { World } from './world.js';
import { writeFailure, writesOf } from './write.js';
import { writtenOf } from './written.js';

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
    const { rows, log } = writesOf(world);
    const last = log ?? { statement: readNewestRevision };
    const resultOf = (answers: readonly unknown[][]): Committed => {
      const [newest] = (answers.at(-1) ?? []) as readonly { readonly seq: bigint }[];
      return { changesetId: world.changesetId, cursor: cursorOf(context.incarnation, newest?.seq ?? 0n), edits };
    };
    const isChanged = log !== null;
    try {
      if (changeset.idempotencyKey === null) {
        const result = resultOf(await transaction.commitWith([...rows, last]));
        return { committed: { ...result, written: writtenOf(edited.map(({ draft }) => draft)) }, isChanged };
      }
      const committed = resultOf(await transaction.queryAll([...rows, last]));
      await transaction.commitWith([storingResult(context, changeset, actor, committed)]);
      return { committed, isChanged };
    } catch (error) {
      throw writeFailure(error);
    }
  });
  if (isChanged) context.wake();
  return committed;
}
