import { ConflictError, NotFoundError } from '../../lib/errors.js';
import type { ExpandedShared, Expansion } from '../../model/expand/expander.js';
import { kindOf } from './context.js';
import type { Draft } from './draft.js';
import { stateChild } from './place-owned.js';
import { findNamed, loadNamed, projectIdOf } from './places.js';
import type { World } from './world.js';

/**
 * Makes what is needed and is nobody's own, where it is not there. What is there is used as it is: somebody wrote it, or
 * it was made for another one. Throws ConflictError for what is on its way out.
 */
export async function placeShared(world: World, expansions: ReadonlyMap<Draft, Expansion>): Promise<void> {
  const needed = [...expansions].flatMap(([from, { shared }]) =>
    shared.map((child) => ({ from, child, to: namedBy(child) })),
  );
  await loadNamed(world, needed, 'refer');
  const others: Draft[] = [];
  for (const { from, child, to } of needed) {
    const found = findNamed(world, from, to);
    if (found?.isDeleting) throw leaving(from, found);
    if (found) {
      world.needed.add(found);
      if (found.isOnDemand && found.isKept !== child.keep) others.push(found);
      continue;
    }
    const projectId = projectIdOf(world, from, to);
    if (projectId === null) throw new NotFoundError(`There is no Project called ${child.project}.`);
    const kind = kindOf(world.context, child.kind);
    const draft = world.add({
      kind,
      name: child.name,
      projectId,
      environmentId: null,
      ownerId: null,
      scopeId: projectId,
    });
    world.needed.add(draft);
    draft.isOnDemand = true;
    draft.isKept = child.keep;
    stateChild(draft, child);
  }
  await keepAsSaid(world, others, needed);
}

function namedBy({ kind, name, project }: ExpandedShared) {
  return { kind, name, scope: 'project', project: project ?? null, environment: null } as const;
}

/** Whoever needs it says whether it stays; the last word counts. */
async function keepAsSaid(
  world: World,
  drafts: readonly Draft[],
  needed: readonly { readonly from: Draft; readonly child: ExpandedShared }[],
): Promise<void> {
  const stored = drafts.filter((draft) => draft.before !== null);
  if (stored.length > 0) {
    await world.loadIds(
      stored.map((draft) => draft.id),
      'edit',
    );
  }
  for (const draft of drafts) {
    const said = needed.findLast(({ from, child }) => findNamed(world, from, namedBy(child)) === draft);
    if (said) draft.isKept = said.child.keep;
  }
}

function leaving(from: Draft, found: Draft): ConflictError {
  return new ConflictError(
    `${found.kind.name} ${found.name}, which ${from.kind.name} ${from.name} needs, is being removed, for nobody needed it any more. Try again when it is gone: it is made anew then.`,
    { next: `portolan wait ${found.kind.name} ${found.name} --for deleted` },
  );
}
