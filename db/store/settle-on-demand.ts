import { statement } from '../statement.js';
import { settleDeletions } from './deletion.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/**
 * What was made on demand leaves with the last that refers to it: it is marked for deletion in the transaction in which
 * the last one is, or stops referring. What it needed in turn follows. Each waits for what is on it, like any deletion.
 */
export async function settleOnDemand(world: World): Promise<void> {
  const looked = new Set<Draft>();
  for (;;) {
    const losing = world.drafts.filter((draft) => !looked.has(draft) && isLosing(draft));
    if (losing.length === 0) return;
    for (const draft of losing) looked.add(draft);
    const unneeded = await findUnneeded(world, losing);
    for (const draft of unneeded) draft.isDeleting = true;
    await settleDeletions(world, unneeded);
  }
}

/** It referred to something, and does so no more. */
function isLosing(draft: Draft): boolean {
  return draft.before !== null && (draft.isDeletionNew || draft.hasNewReferences);
}

async function findUnneeded(world: World, losing: readonly Draft[]): Promise<readonly Draft[]> {
  const lost = await world.transaction.query(listOnDemand, [losing.map((draft) => draft.id)]);
  if (lost.length === 0) return [];
  const ids = lost.map(({ id }) => id);
  // Locked before the count: of two that let go of it at the same moment, the second sees the first.
  await world.loadIds(ids, 'remove');
  const stored = await world.transaction.query(listReferrers, [ids]);
  const needed = new Set([
    ...stored.filter(({ fromId }) => isStaying(world, fromId)).map(({ toId }) => toId),
    ...world.newReferences.filter(({ fromId }) => !world.get(fromId)?.isDeleting).map(({ toId }) => toId),
  ]);
  return ids
    .flatMap((id) => world.get(id) ?? [])
    .filter((draft) => !draft.isDeleting && draft.isOnDemand && !draft.isKept && !needed.has(draft.id));
}

/** Of what is stated anew, the new references count. */
function isStaying(world: World, id: string): boolean {
  const draft = world.get(id);
  return draft === null || (!draft.isDeleting && !draft.isRestated);
}

const listOnDemand = statement<{ id: string }>(
  'on-demand.list',
  `select distinct r.id from reference f join resource r on r.id = f.to_id
   where f.from_id = any($1) and r.on_demand and r.deletion_requested_at is null order by r.id`,
);
const listReferrers = statement<{ fromId: string; toId: string }>(
  'on-demand.list-referrers',
  `select f.from_id as "fromId", f.to_id as "toId" from reference f join resource r on r.id = f.from_id
   where f.to_id = any($1) and r.deletion_requested_at is null`,
);
