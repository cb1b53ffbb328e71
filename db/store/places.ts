import type { NamedResource } from '../../model/references.js';
import { planeScopeId } from '../../model/resource.js';
import type { Draft } from './draft.js';
import type { LockMode, Place } from './rows.js';
import type { World } from './world.js';

export interface Naming {
  readonly from: Draft;
  readonly to: NamedResource;
}

/** Locks what drafts name, projects and environments on the way included. */
export async function loadNamed(world: World, namings: readonly Naming[], mode: LockMode): Promise<void> {
  const projects = namings.flatMap(({ to }) => to.project ?? []);
  await world.load(projects.map(placeOfProject), 'refer');
  const environments = namings.flatMap(({ from, to }) => {
    const project = projectIdOf(world, from, to);
    return to.environment !== null && project !== null ? [placeOfEnvironment(project, to.environment)] : [];
  });
  await world.load(environments, 'refer');
  await world.load(
    namings.flatMap(({ from, to }) => placeOf(world, from, to) ?? []),
    mode,
  );
}

/** What is named, if it was loaded and is there. */
export function findNamed(world: World, from: Draft, to: NamedResource): Draft | null {
  const place = placeOf(world, from, to);
  return place && world.find(place);
}

/** null: the project or the environment that is named is not there. */
function placeOf(world: World, from: Draft, to: NamedResource): Place | null {
  const scopeId = scopeIdOf(world, from, to, to.scope);
  return scopeId === null ? null : { kind: to.kind, scopeId, name: to.name };
}

function scopeIdOf(world: World, from: Draft, to: NamedResource, scope: NamedResource['scope']): string | null {
  switch (scope) {
    case 'plane':
      return planeScopeId;
    case 'project':
      return projectIdOf(world, from, to);
    case 'environment': {
      const project = projectIdOf(world, from, to);
      if (to.environment === null || project === null) return to.project === null ? from.environmentId : null;
      return world.find(placeOfEnvironment(project, to.environment))?.id ?? null;
    }
    case 'owner':
      return from.ownerId;
    case 'ownersOwner':
      // Who is restated was expanded from its owner, which is here then.
      return from.ownerId === null ? null : (world.get(from.ownerId)?.ownerId ?? null);
  }
}

/** null: the project that is named is not there. */
export function projectIdOf(world: World, from: Draft, { project }: NamedResource): string | null {
  return project === null ? from.projectId : (world.find(placeOfProject(project))?.id ?? null);
}

export const placeOfProject = (name: string): Place => ({ kind: 'Project', scopeId: planeScopeId, name });
export const placeOfEnvironment = (project: string, name: string): Place => ({
  kind: 'Environment',
  scopeId: project,
  name,
});
