import type { Json } from '../../lib/canonical.js';
import type { KeptField } from '../../model/changeset.js';
import type { PlanRefusal } from '../../model/plan.js';
import type { StatedEdit } from './edits.js';
import type { Refusal, World } from './world.js';

/** Why a commit would be refused, as data. */
export function planRefusals(world: World, edited: readonly StatedEdit[]): readonly PlanRefusal[] {
  const indexes = new Map(edited.map(({ draft, index }) => [draft, index]));
  return world.refusals.map((refusal) => {
    const { error, about } = refusal;
    const { rule, owner, allowed, conflicts, blockers = [] } = error.details;
    const [first] = about;
    return {
      code: error.code,
      message: error.message,
      path: pathOf(refusal, first && indexes.get(first)),
      resource: first ? `${first.kind.name} ${first.name}` : null,
      blockers,
      conflicts: Array.isArray(conflicts) ? (conflicts as readonly KeptField[]) : [],
      verdict:
        typeof rule === 'string' && typeof owner === 'string'
          ? { rule, owner, allowed: (allowed ?? null) as Json }
          : null,
    };
  });
}

/** From the input's root, also where it was refused at a place that knows only the spec. */
function pathOf({ error }: Refusal, index: number | undefined): readonly (string | number)[] {
  const { path = [] } = error.details;
  if (path[0] === 'edits' || index === undefined || path.length === 0) return path;
  return ['edits', index, ...(path[0] === 'spec' ? [] : ['spec']), ...path];
}
