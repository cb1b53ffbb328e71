import { isSameJson } from '../../lib/canonical.js';
import { ConflictError, NotFoundError } from '../../lib/errors.js';
import type { ExpandedShared, Expansion } from '../../model/expand/expander.js';
import { dropLayers, fillLayers, valueAtPath } from '../../model/layers/fill-layers.js';
import { kindOf } from './context.js';
import type { Draft } from './draft.js';
import { type StatedChild, statedBy } from './place-owned.js';
import { findNamed, loadNamed, projectIdOf } from './places.js';
import type { World } from './world.js';

/**
 * Makes what is needed and is nobody's own, where it is not there. What somebody wrote is used as it is. What was made on
 * demand follows what is said of it now, but for what people set. Throws ConflictError for what is on its way out.
 */
export async function placeShared(
  world: World,
  expansions: ReadonlyMap<Draft, Expansion>,
): Promise<readonly StatedChild[]> {
  const needed = [...expansions].flatMap(([from, { shared }]) =>
    shared.map((child) => ({ from, child, to: namedBy(child) })),
  );
  await loadNamed(world, needed, 'refer');
  const stated = new Map<Draft, StatedChild>();
  const changed: Draft[] = [];
  for (const { from, child, to } of needed) {
    const found = findNamed(world, from, to);
    if (found?.isDeleting) throw leaving(from, found);
    const draft = found ?? add(world, from, child);
    world.needed.add(draft);
    if (!draft.isOnDemand || (found && saysNothingNew(found, child))) continue;
    if (draft.before !== null) changed.push(draft);
    draft.isKept = child.keep;
    stated.set(draft, { draft, from, stated: found ? restated(found, child) : statedBy(child) });
  }
  if (changed.length > 0) {
    await world.loadIds(
      changed.map((draft) => draft.id),
      'edit',
    );
  }
  return [...stated.values()];
}

function namedBy({ kind, name, project }: ExpandedShared) {
  return { kind, name, scope: 'project', project: project ?? null, environment: null } as const;
}

function add(world: World, from: Draft, child: ExpandedShared): Draft {
  const projectId = projectIdOf(world, from, namedBy(child));
  if (projectId === null) throw new NotFoundError(`There is no Project called ${child.project}.`);
  const kind = kindOf(world.context, child.kind);
  const draft = world.add({
    kind,
    name: child.name,
    projectId,
    environmentId: null,
    ownerId: null,
    scopeId: projectId,
  });
  draft.isOnDemand = true;
  return draft;
}

function saysNothingNew(found: Draft, child: ExpandedShared): boolean {
  if (found.isKept !== child.keep) return false;
  const { spec } = restated(found, child);
  return Object.keys(spec).every((path) => isSameJson(valueAtPath(found.spec, path), spec[path]));
}

/** What people set of it stays, and so does what cannot change. */
function restated(found: Draft, child: ExpandedShared) {
  const people = dropLayers({ spec: found.spec, managers: found.managers }, found.kind.immutable);
  const { spec, managers } = statedBy(child);
  const filled = fillLayers(people, [{ name: child.layers[''] ?? 'layer:default', spec }]);
  return { spec: filled.spec, managers: { ...managers, ...filled.managers } };
}

function leaving(from: Draft, found: Draft): ConflictError {
  return new ConflictError(
    `${found.kind.name} ${found.name}, which ${from.kind.name} ${from.name} needs, is being removed, for nobody needed it any more. Try again when it is gone: it is made anew then.`,
    { next: `portolan wait ${found.kind.name} ${found.name} --for deleted` },
  );
}
