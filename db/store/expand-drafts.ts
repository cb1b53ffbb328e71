import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { BadInputError, LimitExceededError } from '../../lib/errors.js';
import type { ExpandInput, Expansion } from '../../model/expand/expander.js';
import { checkParameters } from '../../model/parameters.js';
import type { AppParameter } from '../../schema/kinds/app-parameter.js';
import { recordDeployments } from './deployments.js';
import type { Draft } from './draft.js';
import type { StatedEdit } from './edits.js';
import { type Release, readExpandInputs } from './expand-inputs.js';
import { fillChildren } from './fill-children.js';
import { placeOwned, type StatedChild } from './place-owned.js';
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
    const owned = childrenOf(world, due);
    const children: StatedChild[] = [];
    for (const draft of due) {
      const place = () => {
        const input = inputs.inputOf(draft);
        const release = inputs.releaseOf(draft);
        if (release) checkGiven(draft, release, input);
        const expansion = world.context.expanders[draft.kind.name]?.(input);
        if (!expansion) return;
        if (release) deployed.set(draft, release);
        expansions.set(draft, expansion);
        children.push(...placeOwned(world, draft, expansion.owned, owned.get(draft.id) ?? []));
        draft.implied = expansion.references;
      };
      world.attempt(draft, () => about(pathOf(world, edited, draft), draft, place));
      expanded.set(draft, draft.spec);
    }
    children.push(...(await placeShared(world, expansions)));
    await fillChildren(world, children, edited);
  }
  await recordDeployments(world, deployed);
}

/** An app needs a gateway, that a service, that a runtime, that a cluster: more would hide a defect. */
const MAX_ROUNDS = 12;

function isDue(world: World, draft: Draft, expanded: ReadonlyMap<Draft, JsonObject>): boolean {
  if (draft.isDeleting || draft.isRefused || !Object.hasOwn(world.context.expanders, draft.kind.name)) return false;
  if (expanded.has(draft)) return expanded.get(draft) !== draft.spec;
  return draft.hasNewSpec || draft.isRefreshed || world.isStale(draft);
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

/** The parameters of an app instance must be those that its release declares. */
function checkGiven(draft: Draft, release: Release, { environment }: ExpandInput): void {
  const { parameters = [] } = release.spec as JsonObject & { readonly parameters?: readonly AppParameter[] };
  const given = isJsonObject(draft.spec.parameters) ? draft.spec.parameters : {};
  within(['spec'], () =>
    checkParameters({ app: String(draft.spec.app), parameters, given, tier: environment?.tier ?? null }),
  );
}

/** Where no edit says what it is about, the error does. */
function about(path: readonly (string | number)[], draft: Draft, work: () => void): void {
  try {
    within(path, work);
  } catch (error) {
    if (!(error instanceof BadInputError) || path.length > 0) throw error;
    const message = `${draft.kind.name} ${draft.name}: ${error.message}`;
    throw new BadInputError(message, { ...error.details, path: [] }, { cause: error.cause });
  }
}

function endless(due: readonly Draft[]): LimitExceededError {
  const names = due.slice(0, 5).map((draft) => `${draft.kind.name} ${draft.name}`);
  return new LimitExceededError(
    `What is needed needs more and more: after ${MAX_ROUNDS} rounds there are still ${names.join(', ')}. This is a defect in an expander of one of these kinds.`,
  );
}
