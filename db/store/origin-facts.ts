import { PortolanError } from '../../lib/errors.js';
import type { ExpandInput } from '../../model/expand/expander.js';
import { keepLayers } from '../../model/layers/fill-layers.js';
import { isLayered, layersOf } from '../../model/layers/layers-of.js';
import type { OriginFacts, OriginInstance, OriginLayer, OriginResource } from '../../model/origin/origin-facts.js';
import { layerPlaces, releasePlaces } from '../../model/origin/places.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import { type ExpandInputs, namedApp, readExpandInputs } from './expand-inputs.js';
import { readLayerSources, readUsedAccounts } from './layer-sources.js';
import { statedBy } from './place-owned.js';
import { findNamed } from './places.js';
import { readNewestReleases } from './releases.js';
import type { World } from './world.js';

/** What tells where each field of a resource comes from, as a commit would compute it now. null: it is not there. */
export async function readOriginFacts(world: World, resourceId: string): Promise<OriginFacts | null> {
  await world.loadIds([resourceId], 'none');
  const draft = world.get(resourceId);
  if (!draft?.before) return null;
  const own = await readOwnLayers(world, draft);
  const expanded = await readExpanded(world, draft);
  return {
    resource: resourceOf(draft),
    layers: [...(expanded?.layers ?? []), ...own],
    expandedFrom: expanded?.from ?? null,
    children: await world.transaction.query(listChildren, [draft.id]),
  };
}

async function readOwnLayers(world: World, draft: Draft): Promise<readonly OriginLayer[]> {
  if (!isLayered(draft.kind, draft.spec)) return [];
  const asked = { draft, spec: draft.spec };
  const found = (await readLayerSources(world, [asked]))(asked);
  const usedAccount = (await readUsedAccounts(world, [asked]))(asked);
  const environment = draft.environmentId === null ? null : world.get(draft.environmentId);
  const sources: Readonly<Record<string, Draft | null>> = {
    environment,
    tier: found.tier,
    definition: found.definition,
  };
  return layersOf(draft.kind, { ...found.sources, usedAccount }).map(({ name, spec }): OriginLayer => {
    const [sort = ''] = name.replace(/^layer:/, '').split('/');
    const from = sources[sort] ?? null;
    return { name, spec, from: from && resourceOf(from), placesOf: layerPlaces(sort, draft.kind.name, found.sources) };
  });
}

interface Expanded {
  readonly layers: readonly OriginLayer[];
  /** null: no app instance. */
  readonly from: OriginInstance | null;
}

/** What the owner of a resource states of it. null: nobody owns it, or its owner states nothing. */
async function readExpanded(world: World, draft: Draft): Promise<Expanded | null> {
  if (draft.ownerId === null) return null;
  await world.loadIds([draft.ownerId], 'none');
  const owner = world.get(draft.ownerId);
  if (!owner || !Object.hasOwn(world.context.expanders, owner.kind.name)) return null;
  const inputs = await readExpandInputs(world, [owner]);
  const input = inputs.inputOf(owner);
  const stated = expandedChild(world, owner, input, draft);
  if (!stated) return null;
  const names = [...new Set(Object.values(stated.managers))].sort(byStrength);
  const from = await readInstance(world, owner, inputs);
  const release = from && `layer:release/${from.release.number}`;
  // What the release says where the instance says nothing.
  const { parameters: _, dependencies: __, ...bare } = owner.spec;
  const without = from && expandedChild(world, owner, { ...input, resource: { ...input.resource, spec: bare } }, draft);
  const layers = names.map((name): OriginLayer => {
    const { spec } = keepLayers(name === release && without ? without : stated, [name]);
    if (name === release && from) {
      return { name, spec, from: from.app, placesOf: (path) => releasePlaces(draft.kind.name, draft.name, path) };
    }
    const places = (path: string) => [
      `dependencies.${draft.name}.spec.${path}`,
      `dependencies.${draft.name}.${path}`,
      path,
    ];
    return { name, spec, from: resourceOf(owner), placesOf: places };
  });
  return { layers, from };
}

const byStrength = (a: string, b: string) => Number(b === 'layer:instance') - Number(a === 'layer:instance');

/** null: with this input it would not be made, or nothing would. */
function expandedChild(world: World, owner: Draft, input: ExpandInput, { kind, name }: Draft) {
  try {
    const child = world.context.expanders[owner.kind.name]?.(input).owned.find(
      (each) => each.kind === kind.name && each.name === name,
    );
    return child ? statedBy(child) : null;
  } catch (error) {
    if (error instanceof PortolanError) return null;
    throw error;
  }
}

async function readInstance(world: World, owner: Draft, inputs: ExpandInputs): Promise<OriginInstance | null> {
  const release = inputs.releaseOf(owner);
  if (!release) return null;
  const app = findNamed(world, owner, namedApp(owner.spec.app));
  const newest = app && (await readNewestReleases(world, [app])).get(app.id);
  const environment = owner.environmentId === null ? null : world.get(owner.environmentId);
  return {
    instance: resourceOf(owner),
    environment: environment && resourceOf(environment),
    release: { number: release.number, spec: release.spec },
    app: app && newest === release.number ? resourceOf(app) : null,
  };
}

function resourceOf({ id, kind, name, spec, managers, yielded, before }: Draft): OriginResource {
  return { id, kind: kind.name, name, spec, managers, yielded, setIn: before?.setIn ?? {} };
}

const listChildren = statement<{ id: string; kind: string; name: string }>(
  'origin.list-children',
  'select id, kind, name from resource where owner_id = $1 order by kind, name limit 1000',
);
