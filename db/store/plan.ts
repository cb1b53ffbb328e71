import type { Changeset } from '../../model/changeset.js';
import type { Plan } from '../../model/plan.js';
import type { Actor } from '../contract.js';
import { cursorOf } from '../cursor.js';
import { affectedApps } from './affected-apps.js';
import { checkChangeset } from './check-changeset.js';
import { computeWorld } from './compute-world.js';
import { inSnapshot, type StoreContext } from './context.js';
import { NewIds } from './new-ids.js';
import { newestRevision } from './newest-revision.js';
import { planHash } from './plan-hash.js';
import { readPlaces } from './plan-places.js';
import { planRefusals } from './plan-refusals.js';
import { planSteps } from './plan-steps.js';
import { plannedWorkloads } from './planned-workloads.js';
import { World } from './world.js';

/** What a commit of this changeset would do now. Runs what a commit runs, in a snapshot in which nothing can be written. */
export async function plan(context: StoreContext, changeset: Changeset, actor: Actor): Promise<Plan> {
  checkChangeset(context, changeset);
  return inSnapshot(context, async (transaction) => {
    const world = new World(context, transaction, changeset, actor, 'plan');
    const edited = await computeWorld(world);
    const places = await readPlaces(world, transaction);
    const ids = NewIds.of(world);
    const steps = planSteps(world, edited, places, ids);
    const counts = { create: 0, update: 0, replace: 0, delete: 0, none: 0 };
    for (const { action } of steps) counts[action] += 1;
    return {
      hash: planHash(world),
      cursor: cursorOf(context.incarnation, await newestRevision(transaction)),
      steps,
      counts,
      refusals: planRefusals(world, edited),
      affectedApps: affectedApps(world, places),
      workloads: plannedWorkloads(world, ids),
    };
  });
}
