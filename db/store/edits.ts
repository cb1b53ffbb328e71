import type { Json, JsonObject } from '../../lib/canonical.js';
import { BadInputError, ConflictError, NotFoundError } from '../../lib/errors.js';
import type { KindDefinition, KindScope } from '../../lib/kind.js';
import { withArticle } from '../../lib/names.js';
import type { Edit } from '../../model/changeset.js';
import { movedPath } from '../../model/fields/moved-path.js';
import type { FilledSpec } from '../../model/layers/fill-layers.js';
import { type Merged, mergeApply, restate, stateAll } from '../../model/managers.js';
import { planeScopeId, type Yielded } from '../../model/resource.js';
import { checkDefining } from './check-defining.js';
import { checkImmutable } from './check-immutable.js';
import { checkKindRights, checkProjectRights } from './check-rights.js';
import { type Contested, settleContested } from './contested.js';
import type { Draft } from './draft.js';
import { loadExpected } from './expected-places.js';
import { fillSpecs, type Statement } from './fill-specs.js';
import { completeInstances, type InstanceCompletion } from './instance-layers.js';
import { placeOfEnvironment, placeOfProject } from './places.js';
import { makeReleases } from './releases.js';
import type { Place } from './rows.js';
import { SecretTaker } from './secrets.js';
import { statedOf } from './stated-of.js';
import { within } from './within.js';
import type { World } from './world.js';

export interface StatedEdit {
  readonly edit: Edit;
  readonly index: number;
  readonly draft: Draft;
}

/**
 * Turns edits into drafts, from the outer scopes to the inner ones, so that an edit may name what another edit of the
 * same changeset makes. Deletions are only marked here. Returned in the order of the edits.
 */
export async function stateEdits(world: World): Promise<readonly StatedEdit[]> {
  const stated: StatedEdit[] = [];
  for (const [index, edit] of world.changeset.edits.entries()) checkKindRights(world, edit, index);
  for (const level of levels) stated.push(...(await stateLevel(world, level.scope, level.has)));
  return stated.sort((a, b) => a.index - b.index);
}

/** What has definitions comes after them, and after all else that fills it. */
const levels: readonly { readonly scope: KindScope; has(kind: KindDefinition): boolean }[] = [
  { scope: 'plane', has: () => true },
  { scope: 'project', has: (kind) => kind.definedBy === undefined },
  { scope: 'project', has: (kind) => kind.definedBy !== undefined },
  { scope: 'environment', has: () => true },
];

async function stateLevel(
  world: World,
  scope: KindScope,
  has: (kind: KindDefinition) => boolean,
): Promise<readonly StatedEdit[]> {
  const edits = world.changeset.edits
    .map((edit, index) => ({ edit, index, kind: world.context.registry.find(edit.kind) }))
    .filter((item) => item.kind?.scope === scope && has(item.kind));
  if (edits.length === 0) return [];
  await loadExpected(world, scope, edits);
  const places = await placesOf(world, scope, edits);
  const isDelete = (item: { readonly edit: Edit }) => item.edit.op === 'delete';
  await world.load(
    places.filter(isDelete).map((item) => item.place),
    'remove',
  );
  await world.load(
    places.filter((item) => !isDelete(item)).map((item) => item.place),
    'edit',
  );

  const stated = places.map(({ edit, index, place, parents }): StatedEdit => {
    const kind = world.context.registry.find(edit.kind);
    if (!kind) throw new Error(`The kind ${edit.kind} went away.`);
    const found = within(['edits', index], () => checkPresence(edit, world.find(place)));
    return {
      edit,
      index,
      draft: found ?? world.add({ kind, name: edit.name, ownerId: null, scopeId: place.scopeId, ...parents }),
    };
  });
  const taker = await SecretTaker.open(world, stated);
  const complete = scope === 'environment' ? await completeInstances(world, stated) : null;
  const merged: MergedEdit[] = [];
  for (const item of stated) {
    world.attempt(item.draft, () => {
      const edit = within(['edits', item.index], () => merge(world, item, taker, complete));
      if (edit) merged.push(edit);
    });
  }
  await settleContested(world, merged);
  await complement(world, merged, taker);
  if (scope === 'project')
    await makeReleases(
      world,
      stated.map((item) => item.draft),
    );
  return stated;
}

interface PlacedEdit {
  readonly edit: Edit;
  readonly index: number;
  readonly place: Place;
  readonly parents: { readonly projectId: string | null; readonly environmentId: string | null };
}

async function placesOf(
  world: World,
  scope: KindScope,
  edits: readonly { readonly edit: Edit; readonly index: number }[],
): Promise<readonly PlacedEdit[]> {
  if (scope === 'plane') {
    return edits.map(({ edit, index }) => ({
      edit,
      index,
      place: { kind: edit.kind, scopeId: planeScopeId, name: edit.name },
      parents: { projectId: null, environmentId: null },
    }));
  }
  const projectPlace = (edit: Edit) => placeOfProject(edit.project ?? 'default');
  await world.load(
    edits.map(({ edit }) => projectPlace(edit)),
    'refer',
  );
  const inProject = edits.map(({ edit, index }) => {
    const project = parentAt(world, projectPlace(edit), edit, [`edits`, index, 'project'], '');
    checkProjectRights(world, project, index);
    return { edit, index, project };
  });
  const environmentPlace = (edit: Edit, project: Draft) => placeOfEnvironment(project.id, edit.environment ?? '');
  if (scope === 'environment') {
    await world.load(
      inProject.map(({ edit, project }) => environmentPlace(edit, project)),
      'read',
    );
  }
  return inProject.map(({ edit, index, project }) => {
    const environment =
      scope === 'environment'
        ? parentAt(
            world,
            environmentPlace(edit, project),
            edit,
            ['edits', index, 'environment'],
            ` in project ${project.name}`,
          )
        : null;
    return {
      edit,
      index,
      place: { kind: edit.kind, scopeId: environment?.id ?? project.id, name: edit.name },
      parents: { projectId: project.id, environmentId: environment?.id ?? null },
    };
  });
}

function parentAt(world: World, place: Place, edit: Edit, path: readonly (string | number)[], where: string): Draft {
  const parent = world.find(place);
  if (!parent) throw new NotFoundError(`There is no ${place.kind} called ${place.name}${where}.`, { path });
  if (parent.isDeleting && edit.op !== 'delete') {
    throw new ConflictError(`${place.kind} ${place.name} is being deleted, so nothing can be put there.`, { path });
  }
  return parent;
}

/** The draft that the edit is about, or null when it makes a new one. */
function checkPresence(edit: Edit, found: Draft | null): Draft | null {
  const title = `${edit.kind} ${edit.name}`;
  if (!found) {
    if (edit.op === 'update' || edit.op === 'delete' || edit.op === 'refresh')
      throw new NotFoundError(`There is no ${title}.`, { path: ['name'] });
    if (edit.expectedVersion !== undefined) {
      throw new ConflictError(`${title} was expected at version ${edit.expectedVersion} and is not there any more.`);
    }
    return null;
  }
  if (edit.op === 'create') {
    throw new ConflictError(
      `There is ${withArticle(title)} already (${found.id}). Choose another name, or apply to change it.`,
    );
  }
  if (edit.expectedVersion !== undefined && found.before?.version !== edit.expectedVersion) {
    throw new ConflictError(
      `${title} is at version ${found.before?.version} and was expected at ${edit.expectedVersion}: somebody else changed it. Read it again, then decide again.`,
      { expected: edit.expectedVersion, actual: found.before?.version },
    );
  }
  if (found.isDeleting && edit.op !== 'delete') {
    throw new ConflictError(`${title} is being deleted. Wait until it is gone, then create it again.`);
  }
  return found;
}

interface MergedEdit extends StatedEdit, Contested {
  /** As the edit states it. */
  readonly given: JsonObject;
  readonly stated: FilledSpec;
  readonly yielded: Yielded;
}

/** What is stated after the edit, by all managers. null: the edit says nothing of the spec. */
function merge(
  world: World,
  item: StatedEdit,
  taker: SecretTaker,
  complete: InstanceCompletion | null,
): MergedEdit | null {
  const { edit, draft } = item;
  if (edit.op === 'delete') {
    draft.isDeleting = true;
    if (edit.force) draft.isForced = true;
    return null;
  }
  if (edit.labels !== undefined) draft.labels = edit.labels;
  if (edit.op === 'refresh') draft.isRefreshed = true;
  const saysNothing = edit.spec === undefined && draft.before !== null && edit.op !== 'deploy' && edit.op !== 'refresh';
  return saysNothing ? null : within(['spec'], () => mergeSpec(world, item, taker, complete));
}

function mergeSpec(
  world: World,
  item: StatedEdit,
  taker: SecretTaker,
  complete: InstanceCompletion | null,
): MergedEdit {
  const { edit, draft } = item;
  const { manager, takeOver } = world.changeset;
  const given = complete ? complete.before(edit, draft, edit.spec ?? {}) : (edit.spec ?? {});
  const stated = taker.take(draft, world.context.validator.normalize(draft.kind, given));
  const current = { spec: draft.spec, managers: draft.managers, yielded: draft.yielded };
  const fingerprint = (value: Json) => taker.fingerprint(draft, value);
  const sticky = complete?.sticky ?? [];
  const merged = (): Omit<Merged, 'conflicts' | 'kept'> & Partial<Merged> => {
    if (!draft.before) return stateAll(stated, manager);
    if (edit.op === 'refresh') return current;
    if (edit.op === 'update') return restate(current, stated, manager, fingerprint);
    const below = { ...current, ...statedOf(draft, current, sticky) };
    // A deployment says what is to be different: parameters that an earlier one gave stay.
    const isPartial = edit.isPartial ?? edit.op === 'deploy';
    return mergeApply(below, stated, manager, { takeOver, isPartial, fingerprint });
  };
  const { conflicts = [], kept = [], yielded, ...after } = merged();
  const completed = complete && conflicts.length === 0 ? complete.after(edit, draft, after) : after;
  return { ...item, given, stated: statedOf(draft, completed, sticky), yielded, conflicts, kept };
}

/** What is stated, with what layers say of the rest, checked. What others contest is left as it is. */
async function complement(world: World, all: readonly MergedEdit[], taker: SecretTaker): Promise<void> {
  const merged = all.filter(({ conflicts }) => conflicts.length === 0);
  const statements = merged.map(({ draft, index, stated }): Statement => {
    return { draft, stated, pathOf: (field) => ['edits', index, 'spec', ...field.split('.').filter(Boolean)] };
  });
  const filled = await fillSpecs(world, statements);
  for (const { draft, edit, index, given, stated, yielded, kept } of merged.filter((item) => !item.draft.isRefused)) {
    const { spec, managers } = filled.get(draft) ?? stated;
    // Stated references were looked at when the edit was merged; what came since is of layers.
    taker.trust(draft, spec);
    world.attempt(draft, () => {
      within(['edits', index, 'spec'], () => {
        draft.spec = taker.take(draft, validated(world, draft, edit.op === 'refresh' ? spec : given, spec));
      });
      checkImmutable(world, draft, (field) => ['edits', index, 'spec', ...field.split('.')]);
      draft.managers = managers;
      draft.yielded = yielded;
      if (kept.length > 0) taker.dropUnused(draft);
      within(['edits', index], () => checkDefining(world, draft));
    });
  }
}

/** Items may stand elsewhere in what was merged than where they are stated, and an error is about what was stated. */
function validated(world: World, draft: Draft, stated: JsonObject, merged: JsonObject): JsonObject {
  try {
    return world.context.validator.validate(draft.kind, merged);
  } catch (error) {
    if (!(error instanceof BadInputError) || !draft.before) throw error;
    const path = movedPath(error.details.path ?? [], merged, stated);
    throw new BadInputError(error.message, { ...error.details, path }, { cause: error.cause });
  }
}
