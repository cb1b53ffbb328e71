import { LimitExceededError, NotFoundError } from '../../lib/errors.js';
import { didYouMean } from '../../lib/nearest.js';
import { type FieldLeaf, type FieldTree, treeOf } from '../../model/fields/field-tree.js';
import { childAddress, fieldsAt, fieldsEnding } from '../../model/origin/find-fields.js';
import type { OriginFacts } from '../../model/origin/origin-facts.js';
import { settingsIn, toldOrigin } from '../../model/origin/told-origin.js';
import { originsOf } from '../../model/origin.js';
import type { Actor, OriginAnswer } from '../contract.js';
import { inSnapshot, type StoreContext } from './context.js';
import { readOriginFacts } from './origin-facts.js';
import { readSettings, settingKey } from './settings.js';
import { World } from './world.js';

/**
 * Where the fields at and below a path come from, as a commit would compute it now. Of an app instance the path may lead
 * into what it owns. Throws NotFoundError, and LimitExceededError where the path says too little.
 */
export async function origin(
  context: StoreContext,
  { resourceId, path }: { readonly resourceId: string; readonly path: string },
  actor: Actor,
): Promise<OriginAnswer> {
  return inSnapshot(context, async (transaction) => {
    const nothing = { edits: [], manager: '', takeOver: false, idempotencyKey: null };
    const world = new World(context, transaction, nothing, actor, 'plan');
    const facts = await readOriginFacts(world, resourceId);
    if (!facts) throw new NotFoundError(`There is no resource ${resourceId}.`, { path: ['resourceId'] });
    const found = await findPlaces(world, facts, path);
    const count = found.reduce((sum, { fields }) => sum + fields.length, 0);
    if (count > MAX_FIELDS) {
      throw new LimitExceededError(
        `${count} fields are there, and at most ${MAX_FIELDS} are told at once. Give the path of a part.`,
        { path: ['path'] },
      );
    }
    const all = found.map(({ facts: of, fields }) => ({ of: of.resource, origins: originsOf(of, fields) }));
    const asked = all.flatMap(({ of, origins }) => settingsIn(of.id, origins));
    const settings = await readSettings(transaction, context.incarnation, asked);
    const fields = all.flatMap(({ of: { id, kind, name }, origins }) =>
      origins.map((each) =>
        toldOrigin({ id, kind, name }, each, (setting) => settings.get(settingKey(setting)) ?? null),
      ),
    );
    return { fields, read: world.drafts.map((draft) => draft.id) };
  });
}

/** An answer for people. */
const MAX_FIELDS = 500;

interface FoundFields {
  readonly facts: OriginFacts;
  readonly fields: readonly FieldLeaf[];
}

/** What is at the path itself comes first, then what it leads to in children, then what ends so. */
async function findPlaces(world: World, facts: OriginFacts, path: string): Promise<readonly FoundFields[]> {
  const tree = treeOf(facts.resource.spec);
  const own = fieldsAt(tree, path);
  if (own.length > 0 || path === '') return [{ facts, fields: own }];
  const address = childAddress(path);
  const found: FoundFields[] = [];
  for (const child of facts.children.filter(({ name }) => name === address?.name)) {
    const below = await readOriginFacts(world, child.id);
    if (!below || !address) continue;
    const childTree = treeOf(below.resource.spec);
    const exact = fieldsAt(childTree, address.path);
    const fields = exact.length > 0 ? exact : fieldsEnding(childTree, address.path);
    if (fields.length > 0) found.push({ facts: below, fields });
  }
  if (found.length > 0) return found;
  const ending = fieldsEnding(tree, path);
  if (ending.length === 0) throw unknown(facts, tree, path);
  return [{ facts, fields: ending }];
}

function unknown({ resource, children }: OriginFacts, { root }: FieldTree, path: string): NotFoundError {
  const known = [...root.children.map((child) => child.path), ...new Set(children.map(({ name }) => name))];
  return new NotFoundError(`${resource.kind} ${resource.name} has no field ${path}${didYouMean(path, known)}`, {
    path: ['path'],
  });
}
