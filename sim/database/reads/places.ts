import { planeScopeId } from '../../../model/resource.js';
import type { Run } from '../run.js';
import { keyOf } from '../schema.js';

/** The id of a project by its name; null: there is none. */
export function projectNamed(run: Run, name: string): string | null {
  return run.one(run.tables.resource.byPlace, keyOf('Project', planeScopeId, name))?.id ?? null;
}

/** Ids of the environments of that name, in one project or in all. */
export function environmentsNamed(run: Run, name: string, project: string | undefined): readonly string[] {
  const { byKind, byPlace } = run.tables.resource;
  if (project === undefined) {
    return run.rows(byKind, ['Environment']).flatMap((row) => (row.name === name ? [row.id] : []));
  }
  const scope = projectNamed(run, project);
  const environment = scope === null ? null : run.one(byPlace, keyOf('Environment', scope, name));
  return environment ? [environment.id] : [];
}

/** Ids of a resource, of all that it owns, and of all that they own. */
export function treeOf(run: Run, id: string): ReadonlySet<string> {
  const tree = new Set([id]);
  for (const owner of tree) for (const row of run.rows(run.tables.resource.byOwner, [owner])) tree.add(row.id);
  return tree;
}

/** Whether it is of that project and environment, as far as they are given. */
export function placed(
  run: Run,
  { project, environment }: { readonly project?: string | undefined; readonly environment?: string | undefined },
): (row: { readonly projectId: string | null; readonly environmentId: string | null }) => boolean {
  const projectId = project === undefined ? undefined : projectNamed(run, project);
  const environments = environment === undefined ? undefined : new Set(environmentsNamed(run, environment, project));
  return (row) =>
    (projectId === undefined || (projectId !== null && row.projectId === projectId)) &&
    (environments === undefined || (row.environmentId !== null && environments.has(row.environmentId)));
}
