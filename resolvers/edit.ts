import { BadInputError, LimitExceededError } from '../lib/errors.js';
import type { KindRegistry } from '../lib/kind.js';
import type { Changeset, Edit } from '../model/changeset.js';
import type { EditInput } from '../schema/apply.js';
import { checkAtLeast, checkKind, checkLabels, checkObject, checkText, type InputPath } from './checks.js';
import type { GraphContext } from './context.js';

/** An edit as it came in, checked; `path` is where it stands in the input. Throws BadInputError. */
export function editOf(input: EditInput, registry: KindRegistry, path: InputPath): Edit {
  const { op, kind, project, environment, name, spec, labels, expectedVersion, force, isPartial } = input;
  checkKind(registry, kind, [...path, 'kind']);
  const needsSpec = op === 'create' || op === 'deploy';
  if (needsSpec && (spec === undefined || spec === null)) {
    throw new BadInputError(`To ${op} ${kind} ${name}, give its spec.`, { path: [...path, 'spec'] });
  }
  return {
    op,
    kind,
    project: optionalText(project, [...path, 'project']),
    environment: optionalText(environment, [...path, 'environment']),
    name: checkText(name, [...path, 'name']),
    ...(spec === undefined || spec === null ? {} : { spec: checkObject(spec, [...path, 'spec']) }),
    ...(labels === undefined || labels === null ? {} : { labels: checkLabels(labels, [...path, 'labels']) }),
    ...(expectedVersion === undefined || expectedVersion === null
      ? {}
      : { expectedVersion: checkAtLeast(expectedVersion, 1, [...path, 'expectedVersion']) }),
    ...(force ? { force } : {}),
    ...(isPartial ? { isPartial } : {}),
  };
}

/** The edits of a changeset as it came in. Throws LimitExceededError and BadInputError. */
export function editsOf(inputs: readonly EditInput[], registry: KindRegistry): readonly Edit[] {
  if (inputs.length > MAX_EDITS) {
    throw new LimitExceededError(
      `A changeset has at most ${MAX_EDITS} edits, and this one has ${inputs.length}. Split it.`,
      { path: ['edits'], limit: MAX_EDITS },
    );
  }
  return inputs.map((edit, index) => editOf(edit, registry, ['edits', index]));
}

/** One transaction holds the locks of all of them. */
const MAX_EDITS = 1000;

/** What mutations that edit desired state have in common. */
export interface ChangesetInput {
  readonly manager?: string | null;
  readonly takeOver?: boolean | null;
  readonly idempotencyKey?: string | null;
  readonly planHash?: string | null;
  readonly planCursor?: string | null;
}

export function changesetOf(edits: readonly Edit[], input: ChangesetInput, { actor }: GraphContext): Changeset {
  return {
    edits,
    manager: optionalText(input.manager, ['manager']) ?? actor.name,
    takeOver: input.takeOver ?? false,
    idempotencyKey: optionalText(input.idempotencyKey, ['idempotencyKey']),
    ...(input.planHash ? { plan: { hash: input.planHash, cursor: input.planCursor ?? null } } : {}),
  };
}

function optionalText(value: string | null | undefined, path: InputPath): string | null {
  return value ? checkText(value, path) : null;
}
