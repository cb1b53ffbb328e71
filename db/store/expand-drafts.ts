import type { JsonObject } from '../../lib/canonical.js';
import { LimitExceededError } from '../../lib/errors.js';
import type { Expansion } from '../../model/expand/expander.js';
import { recordDeployments } from './deployments.js';
import type { Draft } from './draft.js';
import type { StatedEdit } from './edits.js';
import { type Release, readExpandInputs } from './expand-inputs.js';
import { placeOwned } from './place-owned.js';
import { placeShared } from './place-shared.js';
import { within } from './within.js';
import type { World } from './world.js';

/**
 * Makes, changes and marks for deletion what the changed resources need, and what these need in turn, until nothing new
 * comes up. Records where app instances moved to.
 */
export async function expandDrafts(world: World, edited: readonly StatedEdit[]): Promise<void> {
  const expanded = new Map<Draft, JsonObject>();
  const deployed = new Map<Draft, Release>();
  for (let round = 1; ; round += 1) {
    const due = world.drafts.filter((draft) => isDue(world, draft, expanded));
    if (due.length === 0) break;
    if (round > MAX_ROUNDS) throw endless(due);
    await world.loadOwned(idsOf(due.filter((draft) => draft.before !== null && !expanded.has(draft))), 'edit');
    const inputs = await readExpandInputs(world, due);
    const expansions = new Map<Draft, Expansion>();
    const children = childrenOf(world, due);
    for (const draft of due) {
      const place = () => {
        const expansion = world.context.expanders[draft.kind.name]?.(inputs.inputOf(draft));
        if (!expansion) return;
        const release = inputs.releaseOf(draft);
        if (release) deployed.set(draft, release);
        expansions.set(draft, expansion);
        placeOwned(world, draft, expansion.owned, children.get(draft.id) ?? []);
        draft.implied = expansion.references;
      };
      world.attempt(draft, () => within(pathOf(world, edited, draft), place));
      expanded.set(draft, draft.spec);
    }
    await placeShared(world, expansions);
  }
  await recordDeployments(world, deployed);
}

/** An app needs a gateway, that a service, that a runtime, that a cluster: more would hide a defect. */
const MAX_ROUNDS = 12;

function isDue(world: World, draft: Draft, expanded: ReadonlyMap<Draft, JsonObject>): boolean {
  if (draft.isDeleting || draft.isRefused || !Object.hasOwn(world.context.expanders, draft.kind.name)) return false;
  return expanded.has(draft) ? expanded.get(draft) !== draft.spec : draft.hasNewSpec;
}

const idsOf = (drafts: readonly Draft[]) => drafts.map((draft) => draft.id);

function childrenOf(world: World, owners: readonly Draft[]): ReadonlyMap<string, readonly Draft[]> {
  const children = new Map<string, Draft[]>(owners.map((owner) => [owner.id, []]));
  for (const draft of world.drafts) if (draft.ownerId !== null) children.get(draft.ownerId)?.push(draft);
  return children;
}

/** The edit that it comes from: its own, or that of what owns it. */
function pathOf(world: World, edited: readonly StatedEdit[], draft: Draft): readonly (string | number)[] {
  const stated = edited.find((item) => item.draft === draft);
  if (stated) return ['edits', stated.index];
  const owner = draft.ownerId === null ? null : world.get(draft.ownerId);
  return owner ? pathOf(world, edited, owner) : [];
}

function endless(due: readonly Draft[]): LimitExceededError {
  const names = due.slice(0, 5).map((draft) => `${draft.kind.name} ${draft.name}`);
  return new LimitExceededError(
    `What is needed needs more and more: after ${MAX_ROUNDS} rounds there are still ${names.join(', ')}. This is a defect in an expander of one of these kinds.`,
  );
}
