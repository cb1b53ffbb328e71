import type { JsonObject } from '../../lib/canonical.js';
import { NotFoundError } from '../../lib/errors.js';
import type { ExpandInput } from '../../model/expand/expander.js';
import { type NamedResource, offeredName } from '../../model/references.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import { findNamed, loadNamed } from './places.js';
import type { World } from './world.js';

/** A state of an app, as it was recorded. */
export interface Release {
  readonly appId: string;
  readonly number: number;
  readonly spec: JsonObject;
  readonly digest: string;
}

export interface ExpandInputs {
  /** Throws NotFoundError when there is no such release. */
  inputOf(draft: Draft): ExpandInput;
  /** null for what is no app instance. */
  releaseOf(draft: Draft): Release | null;
}

/** Reads what the expanders of `drafts` are told, all at once. */
export async function readExpandInputs(world: World, drafts: readonly Draft[]): Promise<ExpandInputs> {
  await loadAround(world, drafts);
  const releaseOf = await readReleases(world, drafts);
  const inputOf = (draft: Draft): ExpandInput => {
    const { id, kind, name, spec, ownerId, projectId, environmentId } = draft;
    const owner = ownerId === null ? null : world.get(ownerId);
    const environment = environmentId === null ? null : world.get(environmentId);
    const definition = definitionOf(world, draft);
    const release = releaseOf(draft);
    return {
      resource: { id, kind: kind.name, name, spec, owner: owner && { kind: owner.kind.name, name: owner.name } },
      project: (projectId === null ? null : world.get(projectId)?.name) ?? '',
      environment: environment && {
        name: environment.name,
        tier: typeof environment.spec.tier === 'string' ? environment.spec.tier : null,
        spec: environment.spec,
      },
      release: release && { number: release.number, spec: release.spec },
      definition: definition && { name: String(spec.definition), spec: definition.spec },
    };
  };
  return { inputOf, releaseOf };
}

/** The definition that a spec names; null: it names none, or one that is not there. */
export function definitionOf(world: World, draft: Draft): Draft | null {
  const named = namedDefinition(draft);
  return named && findNamed(world, draft, named);
}

export function namedDefinition({ kind, spec }: Draft): NamedResource | null {
  const { definition } = spec;
  if (kind.definedBy === undefined || typeof definition !== 'string') return null;
  return { kind: kind.definedBy, scope: 'project', environment: null, ...offeredName(definition) };
}

async function loadAround(world: World, drafts: readonly Draft[]): Promise<void> {
  const isMissing = (id: string | null): id is string => id !== null && world.get(id) === null;
  await world.loadIds(
    drafts.flatMap(({ projectId, ownerId }) => [projectId, ownerId].filter(isMissing)),
    'refer',
  );
  // Nobody changes what children are computed from while they are.
  await world.loadIds(drafts.map((draft) => draft.environmentId).filter(isMissing), 'read');
  const definitions = drafts.flatMap((from) => {
    const to = namedDefinition(from);
    return to ? [{ from, to }] : [];
  });
  await loadNamed(world, definitions, 'read');
}

async function readReleases(world: World, drafts: readonly Draft[]): Promise<(draft: Draft) => Release | null> {
  const instances = drafts.filter((draft) => draft.kind.name === 'AppInstance');
  if (instances.length === 0) return () => null;
  await loadNamed(
    world,
    instances.map((from) => ({ from, to: namedApp(from.spec.app) })),
    'refer',
  );
  const appIds = new Map(
    instances.map((draft) => [draft.id, findNamed(world, draft, namedApp(draft.spec.app))?.id ?? null]),
  );
  const wanted = instances.flatMap((draft) => {
    const appId = appIds.get(draft.id) ?? null;
    return appId === null ? [] : [{ appId, number: Number(draft.spec.release) }];
  });
  const stored = await world.transaction.query(listReleases, [JSON.stringify(wanted)]);
  const byKey = new Map([...stored, ...world.newReleases].map((release) => [keyOf(release), release]));
  return (draft) => {
    if (draft.kind.name !== 'AppInstance') return null;
    const appId = appIds.get(draft.id);
    if (!appId) throw new NotFoundError(`There is no App called ${draft.spec.app}.`, { path: ['spec', 'app'] });
    const number = Number(draft.spec.release);
    const release = byKey.get(keyOf({ appId, number }));
    if (release) return release;
    throw new NotFoundError(`The app ${draft.spec.app} has no release ${number}.`, { path: ['spec', 'release'] });
  };
}

/** The app that an instance is of. */
export function namedApp(app: unknown): NamedResource {
  return { kind: 'App', scope: 'project', environment: null, ...offeredName(String(app)) };
}

const keyOf = ({ appId, number }: Pick<Release, 'appId' | 'number'>) => `${appId} ${number}`;

const listReleases = statement<Release>(
  'expand.list-releases',
  `select r.app_id as "appId", r.number, r.spec, r.digest from release r
   where (r.app_id, r.number) in (select w."appId", w.number from jsonb_to_recordset($1::jsonb) as w ("appId" uuid, number int))`,
);
