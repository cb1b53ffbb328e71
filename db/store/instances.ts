import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import { ConflictError, NotFoundError } from '../../lib/errors.js';
import type { SpecOf } from '../../lib/kind.js';
import { type ExpandedChild, expand } from '../../model/expand.js';
import { stateAll } from '../../model/managers.js';
import type { appKind } from '../../schema/kinds/app.js';
import type { appInstanceKind } from '../../schema/kinds/app-instance.js';
import { statement } from '../statement.js';
import { kindOf } from './context.js';
import type { Draft } from './draft.js';
import type { StatedEdit } from './edits.js';
import { digestOf } from './releases.js';
import { within } from './within.js';
import type { World } from './world.js';

/** Makes, changes and marks for deletion what the changed app instances need, and records where they moved to. */
export async function expandInstances(world: World, edited: readonly StatedEdit[]): Promise<void> {
  const changed = edited.filter(
    ({ draft }) => draft.kind.name === 'AppInstance' && !draft.isDeleting && draft.hasNewSpec,
  );
  if (changed.length === 0) return;
  const releases = await readReleases(
    world,
    changed.map(({ draft }) => wantedRelease(world, draft)),
  );
  const stored = changed.filter(({ draft }) => draft.before !== null).map(({ draft }) => draft.id);
  const owned = await world.loadOwned(stored, 'edit');
  const last = await readLastDeployments(world, stored);
  for (const { draft, index } of changed) {
    within(['edits', index], () => {
      const release = releaseOf(world, draft, releases);
      const children = expand({
        instance: { id: draft.id, name: draft.name, spec: draft.spec as SpecOf<typeof appInstanceKind> },
        release: { number: release.number, spec: release.spec as JsonObject & SpecOf<typeof appKind> },
      });
      placeChildren(
        world,
        draft,
        children,
        owned.filter((child) => child.ownerId === draft.id),
      );
      recordDeployment(world, draft, release, children, last.get(draft.id) ?? null);
    });
  }
}

/** Manager of what nobody but `expand` states. */
const MANAGER = 'portolan';

interface Release {
  readonly appId: string;
  readonly number: number;
  readonly spec: JsonObject;
  readonly digest: string;
}

type WantedRelease = Pick<Release, 'appId' | 'number'>;

function wantedRelease(world: World, instance: Draft): WantedRelease {
  const place = { kind: 'App', scopeId: instance.projectId ?? '', name: String(instance.spec.app) };
  const app = world.find(place);
  if (!app) throw new NotFoundError(`There is no App called ${place.name}.`, { path: ['spec', 'app'] });
  return { appId: app.id, number: Number(instance.spec.release) };
}

async function readReleases(world: World, wanted: readonly WantedRelease[]): Promise<readonly Release[]> {
  return [...world.newReleases, ...(await world.transaction.query(listReleases, [JSON.stringify(wanted)]))];
}

function releaseOf(world: World, instance: Draft, releases: readonly Release[]): Release {
  const wanted = wantedRelease(world, instance);
  const found = releases.find(({ appId, number }) => appId === wanted.appId && number === wanted.number);
  if (found) return found;
  throw new NotFoundError(`The app ${instance.spec.app} has no release ${wanted.number}.`, {
    path: ['spec', 'release'],
  });
}

function placeChildren(
  world: World,
  instance: Draft,
  children: readonly ExpandedChild[],
  owned: readonly Draft[],
): void {
  const byName = new Map(owned.map((child) => [`${child.kind.name} ${child.name}`, child]));
  for (const child of children) {
    const key = `${child.kind} ${child.name}`;
    const known = byName.get(key);
    byName.delete(key);
    if (known?.isDeleting) {
      throw new ConflictError(
        `${child.kind} ${child.name} of ${instance.name} is still being removed. Deploy again when it is gone.`,
      );
    }
    const draft =
      known ??
      world.add({
        kind: kindOf(world.context, child.kind),
        name: child.name,
        projectId: instance.projectId,
        environmentId: instance.environmentId,
        ownerId: instance.id,
        scopeId: instance.id,
      });
    const spec: JsonObject = { ...(child.spec as object) };
    if (isSameJson(draft.spec, spec)) continue;
    draft.spec = spec;
    draft.managers = stateAll(spec, MANAGER).managers;
  }
  for (const left of byName.values()) left.isDeleting = true;
}

interface LastDeployment {
  readonly instanceId: string;
  readonly number: number;
  readonly releaseDigest: string;
  readonly resolved: JsonObject;
}

function recordDeployment(
  world: World,
  instance: Draft,
  release: Release,
  children: readonly ExpandedChild[],
  last: LastDeployment | null,
): void {
  const resolved: JsonObject = {
    spec: instance.spec,
    children: children.map(({ kind, name, spec }) => ({ kind, name, digest: digestOf(spec) })),
  };
  if (last && last.releaseDigest === release.digest && isSameJson(last.resolved, resolved)) return;
  world.newDeployments.push({
    id: world.context.random.uuid(),
    instanceId: instance.id,
    number: (last?.number ?? 0) + 1,
    appId: release.appId,
    release: release.number,
    releaseDigest: release.digest,
    resolved,
  });
}

async function readLastDeployments(world: World, ids: readonly string[]): Promise<ReadonlyMap<string, LastDeployment>> {
  const rows = ids.length === 0 ? [] : await world.transaction.query(listLastDeployments, [ids]);
  return new Map(rows.map((row) => [row.instanceId, row]));
}

const listReleases = statement<Release>(
  'instances.list-releases',
  `select r.app_id as "appId", r.number, r.spec, r.digest from release r
   where (r.app_id, r.number) in (select w."appId", w.number from jsonb_to_recordset($1::jsonb) as w ("appId" uuid, number int))`,
);
const listLastDeployments = statement<LastDeployment>(
  'instances.list-last-deployments',
  `select distinct on (instance_id) instance_id as "instanceId", number, release_digest as "releaseDigest", resolved
   from app_deployment where instance_id = any($1) order by instance_id, number desc`,
);
