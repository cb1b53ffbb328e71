import type { Wake } from '../db/contract.js';
import { BadInputError, NotFoundError } from '../lib/errors.js';
import type { WatchFilter } from '../schema/watch.js';
import { checkId, checkKind, checkText } from './checks.js';
import type { GraphContext } from './context.js';

export interface WatchArguments {
  readonly kinds: readonly string[];
  readonly filter?: WatchFilter | null;
}

/** Throws BadInputError for what is no kind or id, NotFoundError for a project or environment that does not exist. */
export async function openWatch(
  { kinds, filter }: WatchArguments,
  context: GraphContext,
): Promise<AsyncIterableIterator<Wake>> {
  if (kinds.length === 0) throw new BadInputError('kinds is empty: say which kinds to watch.', { path: ['kinds'] });
  kinds.forEach((kind, index) => {
    checkKind(context.registry, kind, ['kinds', index]);
  });
  const { project, environment, ownerId } = filter ?? {};
  const projectId = project ? await idOf({ kind: 'Project', name: project }, context) : null;
  const environmentId = environment
    ? await idOf({ kind: 'Environment', name: environment, ...(project ? { project } : {}) }, context)
    : null;
  return context.feed.watch({
    kinds,
    ...(projectId !== null && { projectId }),
    ...(environmentId !== null && { environmentId }),
    ...(ownerId && { ownerId: checkId(ownerId, ['filter', 'ownerId']) }),
  });
}

async function idOf(
  address: { readonly kind: 'Project' | 'Environment'; readonly name: string; readonly project?: string },
  { reads }: GraphContext,
): Promise<string> {
  const path = ['filter', address.kind.toLowerCase()];
  checkText(address.name, path);
  const found = await reads.findResource(address, new Set());
  if (found) return found.id;
  const where = address.kind === 'Environment' ? ` in the project ${address.project ?? 'default'}` : '';
  throw new NotFoundError(`There is no ${address.kind.toLowerCase()} ${address.name}${where} to watch.`, { path });
}
