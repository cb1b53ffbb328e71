import { type LostOutput, lostOutputs } from './what-if/lost-outputs.js';
import { reach } from './what-if/reach.js';
import type { WhatIfGraph, WhatIfReference, WhatIfResource } from './what-if/what-if-graph.js';

/**
 * DELETED: goes with it. BLOCKS: stays and needs it, so that the deletion is refused while it does. BREAKS: needs one of
 * those that would not work without it.
 */
export const whatIfEffects = ['BLOCKS', 'BREAKS', 'DELETED'] as const;
export type WhatIfEffect = (typeof whatIfEffects)[number];

export interface WhatIf {
  readonly removed: readonly WhatIfResource[];
  /** Whether deleting these now would be refused. */
  readonly isRefused: boolean;
  /** What stands in the way first, then what breaks, then what goes. */
  readonly effects: readonly Effect[];
  /** Of all, also of those that `effects` leaves out. */
  readonly counts: readonly EffectCount[];
  readonly isTruncated: boolean;
}

export interface Effect {
  readonly resource: WhatIfResource;
  readonly effect: WhatIfEffect;
  /** From one that is to go to this one. */
  readonly path: readonly WhatIfResource[];
  /** The field that refers to the one before it; null where none does: it owns it, or is in it. */
  readonly via: string | null;
  /** A sentence. */
  readonly message: string;
  readonly lost: readonly LostOutput[];
}

/** Resources of an app instance, or of none, in one environment, or in none. */
export interface EffectCount {
  readonly environment: string | null;
  /** Name of the app instance. */
  readonly app: string | null;
  readonly blocks: number;
  readonly breaks: number;
  readonly deleted: number;
}

/** What would happen if these went: what goes along, what stands in the way, and what would not work any more. Pure. */
export function whatIf(graph: WhatIfGraph): WhatIf {
  const { resources } = graph;
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const removed = graph.removeIds.flatMap((id) => byId.get(id) ?? []);
  const reached = reach(graph, byId);
  const all = [...reached].flatMap(
    ([id, { effect }]): readonly { resource: WhatIfResource; effect: WhatIfEffect }[] => {
      const resource = byId.get(id);
      return resource && !graph.removeIds.includes(id) ? [{ resource, effect }] : [];
    },
  );
  const sorted = all.sort(
    (a, b) => rank(a.effect) - rank(b.effect) || compareText(titleOf(a.resource), titleOf(b.resource)),
  );
  const effects = sorted.slice(0, MOST_EFFECTS).map(({ resource, effect }): Effect => {
    const step = reached.get(resource.id);
    const path = pathTo(resource, reached, byId);
    const from = path.at(-2) ?? resource;
    const spec = graph.specs[resource.id];
    const lost = spec && step?.via ? lostOutputs(spec, step.via) : [];
    const via = step?.via ?? null;
    return { resource, effect, path, via, lost, message: sentence({ resource, effect, from, via }) };
  });
  return {
    removed,
    isRefused: all.some(({ effect }) => effect === 'BLOCKS'),
    effects,
    counts: countsOf(all, byId),
    isTruncated: graph.isCut || all.length > MOST_EFFECTS,
  };
}

/** A person reads fewer; the counts have all. */
const MOST_EFFECTS = 500;

export interface Step {
  readonly effect: WhatIfEffect;
  /** The one that it comes from; null for those that are asked about. */
  readonly fromId: string | null;
  readonly via: WhatIfReference['path'] | null;
}

function pathTo(
  resource: WhatIfResource,
  reached: ReadonlyMap<string, Step>,
  byId: ReadonlyMap<string, WhatIfResource>,
): readonly WhatIfResource[] {
  const path = [resource];
  for (let from = reached.get(resource.id)?.fromId ?? null; from !== null; from = reached.get(from)?.fromId ?? null) {
    const earlier = byId.get(from);
    if (!earlier || path.includes(earlier)) break;
    path.unshift(earlier);
  }
  return path;
}

function sentence({
  resource,
  effect,
  from,
  via,
}: Pick<Effect, 'resource' | 'effect' | 'via'> & { readonly from: WhatIfResource }): string {
  const other = `${from.kind} ${from.name}`;
  if (effect === 'DELETED') {
    return resource.ownerId === from.id
      ? `It belongs to ${other} and goes with it.`
      : `It was made because others needed it; nothing does then, so it goes as well.`;
  }
  if (effect === 'BREAKS') {
    return via === null
      ? `It would not work without its ${other}.`
      : `It needs ${other} (${via}), which would not work.`;
  }
  if (via === null) return `It is in ${other}, which stays as long as it does.`;
  const placed =
    from.kind === 'KubernetesRuntime' && via === 'runtime' ? ' Nothing places it elsewhere by itself.' : '';
  return `It refers to ${other} (${via}), which stays as long as it does.${placed}`;
}

function countsOf(
  all: readonly { readonly resource: WhatIfResource; readonly effect: WhatIfEffect }[],
  byId: ReadonlyMap<string, WhatIfResource>,
): readonly EffectCount[] {
  const counts = new Map<string, { -readonly [Field in keyof EffectCount]: EffectCount[Field] }>();
  for (const { resource, effect } of all) {
    const app = appOf(resource, byId);
    const { environment } = resource;
    const key = JSON.stringify([environment, app]);
    const count = counts.get(key) ?? { environment, app, blocks: 0, breaks: 0, deleted: 0 };
    count[fields[effect]] += 1;
    counts.set(key, count);
  }
  return [...counts.entries()].sort(([a], [b]) => compareText(a, b)).map(([, count]) => count);
}

const fields = { BLOCKS: 'blocks', BREAKS: 'breaks', DELETED: 'deleted' } as const;

/** The app instance that it is of, as far as that is known. */
function appOf(resource: WhatIfResource, byId: ReadonlyMap<string, WhatIfResource>): string | null {
  for (let at: WhatIfResource | null = resource; at; at = at.ownerId === null ? null : (byId.get(at.ownerId) ?? null)) {
    if (at.kind === 'AppInstance') return at.name;
  }
  return null;
}

const rank = (effect: WhatIfEffect) => whatIfEffects.indexOf(effect);
const compareText = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
const titleOf = ({ environment, kind, name, id }: WhatIfResource) => [environment ?? '', kind, name, id].join('/');
