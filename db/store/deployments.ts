import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import { offeredName } from '../../model/references.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import { definitionOf, namedDefinition, type Release } from './expand-inputs.js';
import { findNamed, loadNamed } from './places.js';
import { digestOf } from './releases.js';
import type { World } from './world.js';

/**
 * Records where expanded app instances moved to: release, spec, digests of what they own, and which states of
 * environment, tier and definitions it was computed from. Who is where it was has moved nowhere.
 */
export async function recordDeployments(world: World, expanded: ReadonlyMap<Draft, Release>): Promise<void> {
  if (expanded.size === 0) return;
  const instances = [...expanded.keys()];
  const children = ownedBy(world, instances);
  await loadPinned(world, instances, [...children.values()].flat());
  const last = await readLastDeployments(world, instances);
  for (const [instance, release] of expanded) {
    const owned = children.get(instance.id) ?? [];
    const moved: JsonObject = {
      spec: instance.spec,
      children: owned.map(({ kind, name, spec }) => ({ kind: kind.name, name, digest: digestOf(spec) })),
    };
    const before = last.get(instance.id) ?? null;
    if (before && before.releaseDigest === release.digest && isSameJson(withoutPins(before.resolved), moved)) continue;
    world.newDeployments.push({
      id: world.context.random.uuid(),
      instanceId: instance.id,
      number: (before?.number ?? 0) + 1,
      appId: release.appId,
      release: release.number,
      releaseDigest: release.digest,
      resolved: { ...moved, pins: pinsOf(world, instance, owned) },
    });
  }
}

interface LastDeployment {
  readonly instanceId: string;
  readonly number: number;
  readonly releaseDigest: string;
  readonly resolved: JsonObject;
}

const withoutPins = ({ pins: _, ...moved }: JsonObject): JsonObject => moved;

function ownedBy(world: World, instances: readonly Draft[]): ReadonlyMap<string, readonly Draft[]> {
  const owned = new Map<string, Draft[]>(instances.map((instance) => [instance.id, []]));
  for (const draft of world.drafts) {
    if (draft.ownerId !== null && !draft.isDeleting) owned.get(draft.ownerId)?.push(draft);
  }
  const byName = (a: Draft, b: Draft) => (`${a.kind.name} ${a.name}` < `${b.kind.name} ${b.name}` ? -1 : 1);
  for (const children of owned.values()) children.sort(byName);
  return owned;
}

async function loadPinned(world: World, instances: readonly Draft[], children: readonly Draft[]): Promise<void> {
  const definitions = children.flatMap((from) => {
    const to = namedDefinition(from);
    return to ? [{ from, to }] : [];
  });
  const tiers = instances.flatMap((from) => {
    const to = namedTier(world, from);
    return to ? [{ from, to }] : [];
  });
  await loadNamed(world, [...definitions, ...tiers], 'refer');
}

function namedTier(world: World, { environmentId }: Draft) {
  const tier = environmentId === null ? null : world.get(environmentId)?.spec.tier;
  return typeof tier === 'string'
    ? ({ kind: 'Tier', scope: 'project', environment: null, ...offeredName(tier) } as const)
    : null;
}

/** What it was computed from, each as it was. */
function pinsOf(world: World, instance: Draft, owned: readonly Draft[]): readonly JsonObject[] {
  const environment = instance.environmentId === null ? null : world.get(instance.environmentId);
  const tier = namedTier(world, instance);
  const used = [
    environment,
    tier && findNamed(world, instance, tier),
    ...owned.map((child) => definitionOf(world, child)),
  ];
  const unique = [...new Set(used)].filter((draft) => draft !== null);
  return unique.map(({ id, kind, name, generation }) => ({ id, kind: kind.name, name, generation }));
}

async function readLastDeployments(
  world: World,
  instances: readonly Draft[],
): Promise<ReadonlyMap<string, LastDeployment>> {
  const ids = instances.filter((instance) => instance.before !== null).map((instance) => instance.id);
  const rows = ids.length === 0 ? [] : await world.transaction.query(listLastDeployments, [ids]);
  return new Map(rows.map((row) => [row.instanceId, row]));
}

const listLastDeployments = statement<LastDeployment>(
  'deployments.list-last',
  `select distinct on (instance_id) instance_id as "instanceId", number, release_digest as "releaseDigest", resolved
   from app_deployment where instance_id = any($1) order by instance_id, number desc`,
);
