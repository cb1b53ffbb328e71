import { listReferences as listStated } from '../../model/references.js';
import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/** An edge as it was before the changeset. */
export interface StoredReference {
  readonly fromId: string;
  readonly path: string;
  readonly toId: string;
}

/** What `drafts` referred to before, in one statement. Who can refer to nothing is not asked about. */
export async function readStoredReferences(
  world: World,
  drafts: readonly Draft[],
): Promise<readonly StoredReference[]> {
  const ids = drafts.filter((draft) => draft.before !== null && mayRefer(world, draft)).map((draft) => draft.id);
  return ids.length === 0 ? [] : world.transaction.query(listReferences, [ids]);
}

/** Edges come of the spec, and of what expands it. By an older version of the spec there may have been others. */
function mayRefer({ context }: World, { kind, before }: Draft): boolean {
  if (Object.hasOwn(context.expanders, kind.name)) return true;
  if (kind.references.length === 0 || before === null) return false;
  return before.specVersion !== kind.specVersion || listStated(kind, before.spec).length > 0;
}

const listReferences = statement<StoredReference>(
  'references.list',
  'select from_id as "fromId", path, to_id as "toId" from reference where from_id = any($1)',
);
