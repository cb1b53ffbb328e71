import type { ResourceAddress } from '../db/read/filters.js';
import { BadInputError } from '../lib/errors.js';
import type { KindRegistry } from '../lib/kind.js';
import { checkId, checkKind, checkText } from './checks.js';

interface AddressArguments {
  readonly kind: string;
  readonly name: string;
  readonly project?: string | null | undefined;
  readonly environment?: string | null | undefined;
  readonly ownerId?: string | null | undefined;
}

/** The names that lead to one resource. Throws BadInputError when the scope of its kind needs more of them. */
export function address(given: AddressArguments, registry: KindRegistry): ResourceAddress {
  const kind = checkKind(registry, given.kind, ['kind']);
  if (kind.scope === 'environment' && !given.environment) {
    throw new BadInputError(`${article(kind.name)} is in an environment: say in which.`, { path: ['environment'] });
  }
  if (kind.scope === 'owner' && !given.ownerId) {
    throw new BadInputError(
      `${article(kind.name)} is named within its owner: give ownerId, or ask for its node by id.`,
      {
        path: ['ownerId'],
      },
    );
  }
  return {
    kind: kind.name,
    name: checkText(given.name, ['name']),
    ...(given.project ? { project: checkText(given.project, ['project']) } : {}),
    ...(given.environment ? { environment: checkText(given.environment, ['environment']) } : {}),
    ...(given.ownerId ? { ownerId: checkId(given.ownerId, ['ownerId']) } : {}),
  };
}

const article = (kind: string) => (/^[AEIO]/.test(kind) ? `An ${kind}` : `A ${kind}`);
