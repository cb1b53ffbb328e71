import type { JsonObject } from '../../lib/canonical.js';
import type { KindDefinition } from '../../lib/kind.js';
import { definitionFor, type LayerSource, type LayerSources } from '../../model/layers/layers-of.js';
import { type NamedResource, offeredName } from '../../model/references.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import { findNamed, loadNamed, type Naming } from './places.js';
import type { World } from './world.js';

/** A resource with what is stated of it, whose layers are asked for. */
export interface Asked {
  readonly draft: Draft;
  readonly spec: JsonObject;
}

/** The layers of a resource, and the resources that they come from. */
export interface FoundSources {
  readonly sources: LayerSources;
  readonly definition: Draft | null;
  readonly tier: Draft | null;
}

/**
 * Reads what may fill resources: environments, tiers, definitions, and what their projects have for everybody. Locked: it
 * does not change before the commit. Some statements, whatever the number of resources.
 */
export async function readLayerSources(world: World, asked: readonly Asked[]): Promise<(item: Asked) => FoundSources> {
  await loadPlaces(world, asked);
  const tierOf = await loadTiers(world, asked);
  const named = (item: Asked) => {
    const { draft, spec } = item;
    const places = { environment: sourceOf(environmentOf(world, draft)), tier: sourceOf(tierOf(draft)) };
    const name = typeof spec.definition === 'string' ? spec.definition : definitionFor(draft.kind, places);
    return namedOf(draft.kind.definedBy, name);
  };
  await loadNamed(world, namings(asked, named), 'read');
  const defaults = await readDefaults(world, asked);
  return (item) => {
    const { draft } = item;
    const to = named(item);
    const definition = to && findNamed(world, draft, to);
    const tier = tierOf(draft);
    const name = to && (to.project === null ? to.name : `${to.project}/${to.name}`);
    const sources: LayerSources = {
      environment: sourceOf(environmentOf(world, draft)),
      tier: sourceOf(tier),
      definition: definition && name ? { name, project: to?.project ?? null, spec: definition.spec } : null,
      account: defaults.accountOf(draft),
      runtime: defaults.runtimeOf(draft),
      usedAccount: null,
    };
    return { sources, definition, tier };
  };
}

/** The accounts that filled specs name, for the places that they say. */
export async function readUsedAccounts(
  world: World,
  asked: readonly Asked[],
): Promise<(item: Asked) => LayerSource | null> {
  const named = ({ draft, spec }: Asked) =>
    'account' in draft.kind.spec.properties ? namedOf('CloudAccount', spec.account) : null;
  await loadNamed(world, namings(asked, named), 'refer');
  return (item) => {
    const to = named(item);
    if (to === null) return null;
    const account = findNamed(world, item.draft, to);
    if (account) return { name: String(item.spec.account), spec: account.spec };
    return to.project === null && to.name === simulated.name ? simulated : null;
  };
}

/** The account that is made for who has none, in the simulated cloud. */
const simulated = { name: 'sandbox', spec: { location: 'local' } } as const;

function namings(asked: readonly Asked[], named: (item: Asked) => NamedResource | null): readonly Naming[] {
  return asked.flatMap((item) => {
    const to = named(item);
    return to ? [{ from: item.draft, to }] : [];
  });
}

function namedOf(kind: string | undefined, name: unknown): NamedResource | null {
  if (kind === undefined || typeof name !== 'string') return null;
  return { kind, scope: 'project', environment: null, ...offeredName(name) };
}

const sourceOf = (draft: Draft | null): LayerSource | null => draft && { name: draft.name, spec: draft.spec };

const environmentOf = (world: World, { environmentId }: Draft): Draft | null =>
  environmentId === null ? null : world.get(environmentId);

async function loadPlaces(world: World, asked: readonly Asked[]): Promise<void> {
  const isMissing = (id: string | null): id is string => id !== null && world.get(id) === null;
  await world.loadIds(asked.map(({ draft }) => draft.environmentId).filter(isMissing), 'read');
}

async function loadTiers(world: World, asked: readonly Asked[]): Promise<(draft: Draft) => Draft | null> {
  const named = (draft: Draft) => namedOf('Tier', environmentOf(world, draft)?.spec.tier);
  await loadNamed(
    world,
    namings(asked, ({ draft }) => named(draft)),
    'read',
  );
  return (draft) => {
    const to = named(draft);
    return to && findNamed(world, draft, to);
  };
}

interface ProjectDefault {
  readonly projectId: string;
  readonly kind: string;
  readonly name: string;
  readonly isDefault: boolean;
}

/** What projects have for who names none: a default account and runtime; where there is no account, the simulated one. */
async function readDefaults(world: World, asked: readonly Asked[]) {
  const needy = asked.filter(
    ({ draft, spec }) => lacks(draft.kind, spec, 'account') || lacks(draft.kind, spec, 'runtime'),
  );
  const projects = [...new Set(needy.map(({ draft }) => draft.projectId))];
  const stored = projects.length === 0 ? [] : await world.transaction.query(listDefaults, [projects]);
  const drafts = world.drafts.filter(({ kind }) => kind.name === 'CloudAccount' || kind.name === 'KubernetesRuntime');
  const changed = new Set(drafts.map(({ kind, projectId, name }) => `${kind.name} ${projectId} ${name}`));
  const all: ProjectDefault[] = [
    ...stored.filter(({ kind, projectId, name }) => !changed.has(`${kind} ${projectId} ${name}`)),
    ...drafts
      .filter((draft) => !draft.isDeleting && !draft.isOnDemand)
      .map(({ projectId, kind, name, spec }) => ({
        projectId: projectId ?? '',
        kind: kind.name,
        name,
        isDefault: spec.default === true,
      })),
  ];
  const ofProject = ({ projectId }: Draft, kind: string) =>
    all.filter((item) => item.projectId === projectId && item.kind === kind);
  return {
    accountOf(draft: Draft): LayerSources['account'] {
      const accounts = ofProject(draft, 'CloudAccount');
      if (accounts.length === 0) return { ...simulated, layer: 'layer:default' };
      const chosen = accounts.find(({ isDefault }) => isDefault);
      return chosen ? { name: chosen.name, spec: {}, layer: 'layer:project' } : null;
    },
    runtimeOf(draft: Draft): LayerSource | null {
      const chosen = ofProject(draft, 'KubernetesRuntime').find(({ isDefault }) => isDefault);
      return chosen ? { name: chosen.name, spec: {} } : null;
    },
  };
}

function lacks(kind: KindDefinition, spec: JsonObject, field: string): boolean {
  return field in kind.spec.properties && spec[field] === undefined;
}

const listDefaults = statement<ProjectDefault>(
  'layers.list-defaults',
  // Accounts that are not the default count as well: who has one is not given the simulated one.
  `select project_id as "projectId", kind, name, coalesce((spec ->> 'default')::boolean, false) as "isDefault"
   from resource where project_id = any($1) and deletion_requested_at is null and not on_demand
     and (kind = 'CloudAccount' or (kind = 'KubernetesRuntime' and (spec ->> 'default')::boolean))
   order by project_id, kind, name limit 10000`,
);
