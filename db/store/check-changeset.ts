import { BadInputError, LimitExceededError } from '../../lib/errors.js';
import { withArticle } from '../../lib/names.js';
import type { Changeset, Edit } from '../../model/changeset.js';
import { isLayer, layerPrefix } from '../../model/layer-name.js';
import { checkResourceName } from '../../model/validate.js';
import { kindOf, type StoreContext } from './context.js';
import { within } from './within.js';

/** What can be refused without looking at the database. Throws BadInputError or LimitExceededError. */
export function checkChangeset(context: StoreContext, changeset: Changeset): void {
  const { edits, manager, idempotencyKey } = changeset;
  if (edits.length === 0) throw new BadInputError('A changeset needs at least one edit.', { path: ['edits'] });
  if (edits.length > MAX_EDITS) {
    throw new LimitExceededError(`A changeset may hold ${MAX_EDITS} edits; this one has ${edits.length}. Split it.`);
  }
  if (!/^[\w.:@/-]{1,100}$/.test(manager)) {
    throw new BadInputError(`"${manager}" cannot be the name of a manager: 1 to 100 letters, digits and . : @ / _ -`, {
      path: ['manager'],
    });
  }
  if (isLayer(manager)) {
    throw new BadInputError(
      `"${manager}" cannot be the name of a manager: ${layerPrefix} is for layers. Use another.`,
      {
        path: ['manager'],
      },
    );
  }
  if (idempotencyKey !== null && (idempotencyKey.length === 0 || idempotencyKey.length > MAX_KEY)) {
    throw new BadInputError(`An idempotency key has 1 to ${MAX_KEY} characters.`, { path: ['idempotencyKey'] });
  }
  const seen = new Map<string, number>();
  for (const [index, edit] of edits.entries()) {
    within(['edits', index], () => checkEdit(context, edit));
    const key = [edit.kind, edit.project ?? 'default', edit.environment ?? '', edit.name].join(' ');
    const first = seen.get(key);
    if (first !== undefined) {
      throw new BadInputError(`${edit.kind} ${edit.name} is edited twice in this changeset. Keep one of the edits.`, {
        path: ['edits', index],
        first: ['edits', first],
      });
    }
    seen.set(key, index);
  }
}

/** A changeset is one transaction, and its revisions are delivered as one. */
const MAX_EDITS = 5000;
const MAX_KEY = 200;
/** As Kubernetes bounds them: they end up there. */
const LABEL = /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;

function checkEdit(context: StoreContext, edit: Edit): void {
  const kind = within(['kind'], () => kindOf(context, edit.kind));
  if (kind.madeBy !== 'user') {
    throw new BadInputError(`A ${kind.name} is made by Portolan alone. Edit what owns it.`, { path: ['kind'] });
  }
  checkResourceName(kind.name, edit.name);
  const needsEnvironment = kind.scope === 'environment';
  if (needsEnvironment && edit.environment === null) {
    throw new BadInputError(`${kind.name} ${edit.name} needs an environment.`, { path: ['environment'] });
  }
  if (!needsEnvironment && edit.environment !== null) {
    throw new BadInputError(`A ${kind.name} is in no environment. Leave it out.`, { path: ['environment'] });
  }
  if (kind.scope === 'plane' && edit.project !== null) {
    throw new BadInputError(`A ${kind.name} is in no project. Leave it out.`, { path: ['project'] });
  }
  if (edit.op === 'deploy' && kind.name !== 'AppInstance') {
    throw new BadInputError(`Only an AppInstance can be deployed, and this is ${withArticle(kind.name)}. Use apply.`, {
      path: ['op'],
    });
  }
  if ((edit.op === 'delete' || edit.op === 'refresh') && edit.spec !== undefined) {
    throw new BadInputError(`A ${edit.op === 'delete' ? 'deletion' : 'refresh'} takes no spec.`, { path: ['spec'] });
  }
  if (edit.isPartial && edit.op !== 'apply') {
    throw new BadInputError(`Only an apply can be partial, and this would ${edit.op} ${withArticle(kind.name)}.`, {
      path: ['isPartial'],
    });
  }
  if (edit.force && (edit.op !== 'delete' || kind.lease === null)) {
    throw new BadInputError(
      `Only the deletion of what has something outside can be forced, and this would ${edit.op} ${withArticle(kind.name)}.`,
      { path: ['force'] },
    );
  }
  for (const [key, value] of Object.entries(edit.labels ?? {})) {
    if (LABEL_KEY.test(key) && typeof value === 'string' && LABEL.test(value)) continue;
    throw new BadInputError(
      `"${key}: ${value}" cannot be a label: keys and values have at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends; a key may have a prefix such as example.com/.`,
      { path: ['labels', key] },
    );
  }
}
