import { ConflictError, NotFoundError } from '../../lib/errors.js';
import type { KindScope } from '../../lib/kind.js';
import { leaseKeyOf } from '../../model/lease-key.js';
import { listReferences, type NamedReference } from '../../model/references.js';
import { planeScopeId } from '../../model/resource.js';
import type { Draft } from './draft.js';
import type { StatedEdit } from './edits.js';
import type { Place } from './rows.js';
import type { World } from './world.js';

/**
 * Finds and locks what the changed specs refer to, so that it cannot go meanwhile. Refuses what is not there
 * (NotFoundError) and what is being deleted (ConflictError). Gives new resources their lease key.
 */
export async function resolveReferences(world: World, edited: readonly StatedEdit[]): Promise<void> {
  const referrers = world.drafts.filter((draft) => !draft.isDeleting && draft.hasNewSpec);
  const named = referrers.flatMap((from) =>
    listReferences(from.kind, from.spec).map((reference) => ({ from, reference, place: placeOf(from, reference) })),
  );
  await world.load(
    named.map(({ place }) => place),
    'refer',
  );
  const targets = new Map<string, Draft>();
  for (const { from, reference, place } of named) {
    const index = edited.find(({ draft }) => draft === from)?.index;
    const path = index === undefined ? [] : ['edits', index, 'spec', ...reference.path.split('.')];
    const target = targetAt(world, from, reference, place, path);
    world.newReferences.push({ fromId: from.id, path: reference.path, toId: target.id });
    targets.set(`${from.id} ${reference.path}`, target);
  }
  for (const draft of referrers) assignLeaseKey(draft, (path) => targets.get(`${draft.id} ${path}`) ?? null);
}

function placeOf(from: Draft, { kind, scope, name }: NamedReference): Place {
  return { kind, scopeId: scopeIdOf(from, scope), name };
}

function scopeIdOf(from: Draft, scope: KindScope): string {
  switch (scope) {
    case 'plane':
      return planeScopeId;
    case 'project':
      return from.projectId ?? planeScopeId;
    case 'environment':
      return from.environmentId ?? planeScopeId;
    case 'owner':
      return from.ownerId ?? planeScopeId;
  }
}

function targetAt(
  world: World,
  from: Draft,
  reference: NamedReference,
  place: Place,
  path: readonly (string | number)[],
): Draft {
  const target = world.find(place);
  const title = `${reference.kind} ${reference.name}`;
  if (!target) {
    throw new NotFoundError(
      `There is no ${title}, which ${from.kind.name} ${from.name} refers to at ${reference.path}.`,
      {
        path,
      },
    );
  }
  if (target.isDeleting) {
    throw new ConflictError(
      `${title} is being deleted, so ${from.kind.name} ${from.name} cannot refer to it at ${reference.path}.`,
      { path },
    );
  }
  return target;
}

function assignLeaseKey(draft: Draft, targetAtPath: (path: string) => Draft | null): void {
  draft.leaseKey = leaseKeyOf(draft.kind, draft.id, (path) => {
    const target = targetAtPath(path);
    if (!target) return null;
    // What it points to may be as new as itself.
    return target.leaseKey ?? leaseKeyOf(target.kind, target.id, () => null);
  });
}
