import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../../lib/canonical.js';
import { checkDeclarations } from '../../model/parameters.js';
import type { AppParameter } from '../../schema/kinds/app-parameter.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/** Every change of an app's spec makes the next release of it. */
export async function makeReleases(world: World, drafts: readonly Draft[]): Promise<void> {
  const apps = drafts.filter((draft) => draft.kind.name === 'App' && !draft.isDeleting && draft.hasNewSpec);
  const newest = await readNewestReleases(world, apps);
  for (const app of apps) {
    world.newReleases.push({
      id: world.context.random.uuid(),
      appId: app.id,
      number: (newest.get(app.id) ?? 0) + 1,
      spec: app.spec,
      digest: digestOf(app.spec),
    });
  }
}

/** Number of the newest release by id of the app, those of this commit included. */
export async function readNewestReleases(world: World, apps: readonly Draft[]): Promise<Map<string, number>> {
  const ids = apps.filter((app) => app.before !== null).map((app) => app.id);
  const rows = ids.length === 0 ? [] : await world.transaction.query(listNewest, [ids]);
  const newest = new Map(rows.map((row) => [row.appId, row.number]));
  for (const release of world.newReleases) newest.set(release.appId, release.number);
  return newest;
}

export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}

const listNewest = statement<{ appId: string; number: number }>(
  'releases.list-newest',
  'select app_id as "appId", max(number) as number from release where app_id = any($1) group by app_id',
);

/** What no instance could be made of is refused when the app changes, where its author sees it. Throws BadInputError. */
export function checkDeployable({ context }: World, app: Draft): void {
  const { parameters = [] } = app.spec as JsonObject & { readonly parameters?: readonly AppParameter[] };
  checkDeclarations(app.name, parameters);
  context.expanders.AppInstance?.({
    resource: {
      id: app.id,
      kind: 'AppInstance',
      name: app.name,
      spec: { app: app.name, release: 1, runtime: 'any' },
      owner: null,
    },
    project: '',
    environment: null,
    release: { number: 1, spec: app.spec },
    definition: null,
  });
}
