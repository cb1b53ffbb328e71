import { statement } from '../statement.js';
import type { Draft } from './draft.js';
import type { World } from './world.js';

/** An edge as it was before the changeset. */
export interface StoredReference {
  readonly fromId: string;
  readonly path: string;
  readonly toId: string;
}

/** What `drafts` referred to before, in one statement. Kinds that refer to nothing are not asked about. */
export async function readStoredReferences(
  world: World,
  drafts: readonly Draft[],
): Promise<readonly StoredReference[]> {
  const ids = drafts.filter((draft) => draft.before !== null && mayRefer(world, draft)).map((draft) => draft.id);
  return ids.length === 0 ? [] : world.transaction.query(listReferences, [ids]);
}

function mayRefer({ context }: World, { kind }: Draft): boolean {
  return kind.references.length > 0 || Object.hasOwn(context.expanders, kind.name);
}

const listReferences = statement<StoredReference>(
  'references.list',
  'select from_id as "fromId", path, to_id as "toId" from reference where from_id = any($1)',
);
