import { LimitExceededError, NotFoundError } from '../../lib/errors.js';
import { didYouMean } from '../../lib/nearest.js';
import { type FieldLeaf, treeOf } from '../../model/fields/field-tree.js';
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
  const children: OriginFacts[] = [];
  for (const { id } of facts.children.filter(({ name }) => name === address?.name)) {
    const child = await readOriginFacts(world, id);
    if (child) children.push(child);
  }
  const found = children.map((child): FoundFields => {
    const childTree = treeOf(child.resource.spec);
    const exact = fieldsAt(childTree, address?.path ?? '');
    return { facts: child, fields: exact.length > 0 ? exact : fieldsEnding(childTree, address?.path ?? '') };
  });
  const inChildren = found.filter(({ fields }) => fields.length > 0);
  if (inChildren.length > 0) return inChildren;
  const ending = fieldsEnding(tree, path);
  if (ending.length > 0) return [{ facts, fields: ending }];
  const [child] = children;
  throw child && address ? unknown(child, address.path) : unknown(facts, path);
}

function unknown({ resource, children }: OriginFacts, path: string): NotFoundError {
  const known = [...Object.keys(resource.spec), ...new Set(children.map(({ name }) => name))];
  const [first = path] = /^[^.[]+/.exec(path) ?? [];
  return new NotFoundError(`${resource.kind} ${resource.name} has no field ${path}${didYouMean(first, known)}`, {
    path: ['path'],
  });
}
