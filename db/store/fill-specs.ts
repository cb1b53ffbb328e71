import { BadInputError } from '../../lib/errors.js';
import { isLayer } from '../../model/layer-name.js';
import {
  type FilledSpec,
  fillLayers,
  keepLayers,
  type Layer,
  managerAt,
  withinSpec,
} from '../../model/layers/fill-layers.js';
import { isLayered, layersOf } from '../../model/layers/layers-of.js';
import { checkFilled } from './check-filled.js';
import type { Draft } from './draft.js';
import { type FoundSources, readLayerSources, readUsedAccounts } from './layer-sources.js';
import type { World } from './world.js';

/** A resource of which it is known what is stated, by people or by what brings it. */
export interface Statement {
  readonly draft: Draft;
  readonly stated: FilledSpec;
  /** Where a field of it stands in the changeset; null: no edit states it, it follows from a change of something else. */
  readonly pathOf: ((field: string) => readonly (string | number)[]) | null;
  /** Who needs it, where that is not its owner: it is for the tier of that one. */
  readonly neededBy?: Draft;
}

/**
 * What is stated, with all that layers say of the rest, and checked against guardrails and for what nothing says. Throws
 * BadInputError. The schema is left to the caller.
 */
export async function fillSpecs(
  world: World,
  statements: readonly Statement[],
): Promise<ReadonlyMap<Draft, FilledSpec>> {
  const layered = statements.filter(({ draft, stated }) => isLayered(draft.kind, stated.spec));
  const filled = new Map(statements.map(({ draft, stated }) => [draft, stated]));
  if (layered.length === 0) return filled;
  const asked = layered.map(({ draft, stated }) => ({ draft, spec: stated.spec }));
  const sourcesOf = await readLayerSources(world, asked);
  const found = new Map(asked.map((item) => [item.draft, sourcesOf(item)]));
  const fillOne = ({ draft, stated }: Statement) => {
    const { sources } = sourcesFor(found, draft);
    const layers = withApproved(draft, layersOf(draft.kind, sources), sources.definition);
    return fillLayers(stated, [...stickyLayers(draft), ...layers]);
  };
  const first = layered.map((item) => ({ draft: item.draft, spec: fillOne(item).spec }));
  const accountOf = await readUsedAccounts(world, first);
  first.forEach((item) => {
    const known = sourcesFor(found, item.draft);
    found.set(item.draft, { ...known, sources: { ...known.sources, usedAccount: accountOf(item) } });
  });
  for (const item of layered) filled.set(item.draft, fillOne(item));
  await checkFilled(
    world,
    layered.map(({ draft, stated, pathOf, neededBy }) => ({
      draft,
      pathOf,
      ...(neededBy && { neededBy }),
      filled: filled.get(draft) ?? stated,
      ...sourcesFor(found, draft),
    })),
  );
  return filled;
}

function sourcesFor(found: ReadonlyMap<Draft, FoundSources>, draft: Draft): FoundSources {
  const sources = found.get(draft);
  if (!sources) throw new BadInputError(`${draft.kind.name} ${draft.name} was filled without its layers.`);
  return sources;
}

/** What layers have filled once, and cannot change, stays. */
function stickyLayers({ kind, before }: Draft): readonly Layer[] {
  if (!before) return [];
  return kind.immutable.flatMap((path): Layer[] => {
    const value = before.spec[path];
    const manager = managerAt(before.managers, path);
    if (value === undefined || manager === null || !isLayer(manager)) return [];
    return [{ name: manager, spec: { [path]: value } }];
  });
}

/**
 * A definition whose changes need approval says what it said when the resource was last filled, until that is refreshed.
 * Of fields that were stated then, and are not any more, it says what it says now.
 */
function withApproved(
  draft: Draft,
  layers: readonly Layer[],
  definition: FoundSources['sources']['definition'],
): readonly Layer[] {
  const { before } = draft;
  if (definition?.spec.changes !== 'approval' || !before || draft.isRefreshed) return layers;
  if (before.spec.definition !== definition.name) return layers;
  const name = `layer:definition/${definition.name}`;
  const approved: Layer = { name, spec: keepLayers(before, [name]).spec };
  const isFirst = (layer: Layer) => layers.find((each) => each.name === name) === layer;
  return layers.flatMap((layer) => {
    if (layer.name !== name) return [layer];
    const known = { name, spec: withinSpec(layer.spec, before.spec) };
    return isFirst(layer) ? [approved, known] : [known];
  });
}
