import type { JsonObject } from '../../lib/canonical.js';
import { NotFoundError } from '../../lib/errors.js';
import type { Edit } from '../../model/changeset.js';
import { fillInstance, type InstanceLayers } from '../../model/defaults.js';
import { layerPrefix } from '../../model/layer-name.js';
import type { ManagedSpec } from '../../model/managers.js';
import type { Managers } from '../../model/resource.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import type { StatedEdit } from './edits.js';
import { namedApp } from './expand-inputs.js';
import { findNamed, loadNamed } from './places.js';
import { readNewestReleases } from './releases.js';
import type { World } from './world.js';

/** What app instances get from layers of their own. What was filled once stays until somebody states it. */
export interface InstanceCompletion {
  /** The fields that it is about. */
  readonly sticky: readonly string[];
  /** What was stated, with what its operation implies. */
  before(edit: Edit, draft: Draft, spec: JsonObject): JsonObject;
  /** What was merged, with what is still missing. */
  after(edit: Edit, draft: Draft, merged: ManagedSpec): ManagedSpec;
}

/** Reads the layers of all instances of the changeset at once. */
export async function completeInstances(world: World, stated: readonly StatedEdit[]): Promise<InstanceCompletion> {
  const instances = stated.filter(({ edit, draft }) => draft.kind.name === 'AppInstance' && edit.op !== 'delete');
  const appName = ({ edit, draft }: StatedEdit) => edit.spec?.app ?? draft.spec.app;
  await loadNamed(
    world,
    instances.filter(appName).map((item) => ({ from: item.draft, to: namedApp(appName(item)) })),
    'refer',
  );
  const apps = new Map(instances.map((item) => [item.draft.id, findNamed(world, item.draft, namedApp(appName(item)))]));
  const newest = await readNewestReleases(
    world,
    [...apps.values()].filter((app) => app !== null),
  );
  const runtimes = await readRuntimes(world, instances);

  const layersOf = (draft: Draft): InstanceLayers => {
    const app = apps.get(draft.id);
    const environment = draft.environmentId === null ? null : world.get(draft.environmentId);
    const inProject = runtimes.filter((runtime) => runtime.projectId === draft.projectId);
    const { runtime, runtimeDefinition } = environment?.spec ?? {};
    // What is made for an environment is called like it.
    const environmentRuntime = runtime ?? (runtimeDefinition === undefined ? undefined : environment?.name);
    return {
      app: app?.name ?? '',
      newestRelease: (app && newest.get(app.id)) ?? null,
      environment: environment?.name ?? '',
      environmentRuntime: typeof environmentRuntime === 'string' ? environmentRuntime : null,
      runtimes: inProject.map((runtime) => runtime.name),
      defaultRuntime: inProject.find((runtime) => runtime.isDefault)?.name ?? null,
    };
  };

  return {
    sticky: ['release', 'runtime'],
    before(edit, draft, spec) {
      if (edit.op === 'update') {
        const { release, runtime } = draft.spec;
        return {
          ...(release === undefined ? {} : { release }),
          ...(runtime === undefined ? {} : { runtime }),
          ...spec,
        };
      }
      // Left out, it stays: it cannot change, and another one of the environment must not make the next deploy fail.
      const isOwn = draft.managers.runtime === world.changeset.manager && spec.runtime === undefined;
      const kept = isOwn && draft.spec.runtime !== undefined ? { ...spec, runtime: draft.spec.runtime } : spec;
      if (edit.op !== 'deploy' || spec.release !== undefined) return kept;
      const { newestRelease } = layersOf(draft);
      return newestRelease === null ? kept : { ...kept, release: newestRelease };
    },
    after(edit, draft, merged) {
      if (merged.spec.app === undefined) return merged;
      const app = apps.get(draft.id);
      if (!app) throw new NotFoundError(`There is no App called ${merged.spec.app}.`, { path: ['app'] });
      const { spec, filled } = fillInstance(merged.spec, layersOf(draft));
      const managers = { ...withoutCarried(edit, draft, merged.managers), ...filled };
      // That a deployment takes the newest one is no statement about its number: nobody would state it in a file.
      const isTaken = edit.op === 'deploy' && edit.spec?.release === undefined;
      return { spec, managers: isTaken ? { ...managers, release: `${layerPrefix}release/${spec.release}` } : managers };
    },
  };
}

/** What an update carried over because it was left out is still stated by nobody. */
function withoutCarried(edit: Edit, draft: Draft, managers: Managers): Managers {
  if (edit.op !== 'update') return managers;
  const isCarried = (path: string) => edit.spec?.[path] === undefined && draft.managers[path] === undefined;
  return Object.fromEntries(Object.entries(managers).filter(([path]) => !isCarried(path)));
}

interface RuntimeInProject {
  readonly projectId: string;
  readonly name: string;
  readonly isDefault: boolean;
}

async function readRuntimes(world: World, instances: readonly StatedEdit[]): Promise<readonly RuntimeInProject[]> {
  const projects = [...new Set(instances.map(({ draft }) => draft.projectId))];
  if (projects.length === 0) return [];
  const stored = await world.transaction.query(listRuntimes, [projects]);
  const drafts = world.drafts.filter((draft) => draft.kind.name === 'KubernetesRuntime' && draft.projectId !== null);
  const names = new Set(drafts.map((draft) => `${draft.projectId} ${draft.name}`));
  return [
    ...stored.filter((runtime) => !names.has(`${runtime.projectId} ${runtime.name}`)),
    ...drafts
      .filter((draft) => !draft.isDeleting)
      .map((draft) => ({ projectId: draft.projectId ?? '', name: draft.name, isDefault: draft.spec.default === true })),
  ];
}

const listRuntimes = statement<RuntimeInProject>(
  'instances.list-runtimes',
  `select project_id as "projectId", name, coalesce((spec ->> 'default')::boolean, false) as "isDefault" from resource
   where kind = 'KubernetesRuntime' and project_id = any($1) and deletion_requested_at is null order by name`,
);
