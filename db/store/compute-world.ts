import { settleDeletions } from './deletion.js';
import { type StatedEdit, stateEdits } from './edits.js';
import { expandDrafts } from './expand-drafts.js';
import { resolveReferences } from './references.js';
import { refill } from './refill.js';
import { refuseSecondDefault } from './second-default.js';
import { settleOnDemand } from './settle-on-demand.js';
import type { World } from './world.js';

/**
 * What a changeset comes to, in memory: all that is read, and nothing that is written. A commit and a plan run the same,
 * so a plan says what a commit would do. Returned are the edits in their order.
 */
export async function computeWorld(world: World): Promise<readonly StatedEdit[]> {
  const edited = await stateEdits(world);
  await refill(world);
  await expandDrafts(world, edited);
  await settleDeletions(world);
  await resolveReferences(world, edited);
  await settleOnDemand(world);
  await refuseSecondDefault(world);
  return edited;
}
