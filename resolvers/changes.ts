import type { Commit, MatchView, Revision } from '../db/contract.js';
import type { ResourceFilter } from '../db/read/filters.js';
import { NotFoundError } from '../lib/errors.js';
import type { ResourceFilter as ResourceFilterInput } from '../schema/filters.js';
import type { ChangeMessage } from '../schema/watch.js';
import type { GraphContext } from './context.js';
import { resourceFilter } from './filter.js';
import { placeIds } from './place-ids.js';

export interface ChangesArguments {
  readonly after?: string | null;
  readonly filter?: ResourceFilterInput | null;
}

/**
 * The log after a cursor, or from now on. Commits without a revision that matches are left out, and of the others
 * those revisions. Throws CursorExpiredError before anything is sent, BadInputError, and NotFoundError for a project
 * or environment that does not exist.
 */
export async function openChanges(
  { after, filter }: ChangesArguments,
  context: GraphContext,
): Promise<AsyncIterableIterator<ChangeMessage>> {
  const matches = await createMatcher(resourceFilter(filter, context.registry), context);
  if (after) await context.feed.check(after);
  const cursor = after ?? (await context.feed.head());
  const commits = context.feed.changes(cursor);
  let isFirst = !after;
  const messages: AsyncIterableIterator<ChangeMessage> = {
    async next() {
      if (isFirst) {
        isFirst = false;
        return { value: { type: 'SYNC', cursor, revisions: [] }, done: false };
      }
      for (;;) {
        const result = await commits.next();
        if (result.done) return { value: undefined, done: true };
        const message = messageOf(result.value, matches);
        if (message.revisions.length > 0) return { value: message, done: false };
      }
    },
    async return() {
      await commits.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return messages;
    },
  };
  return messages;
}

type Matches = (revision: Revision) => boolean;

function messageOf({ cursor, revisions }: Commit, matches: Matches): ChangeMessage {
  return { type: 'CHANGED', cursor, revisions: revisions.filter(matches).map((revision) => ({ ...revision, cursor })) };
}

/** What changes in a resource matches by its state before or after, so that one that leaves a filter is told too. */
async function createMatcher(filter: ResourceFilter, context: GraphContext): Promise<Matches> {
  const projects = filter.project === undefined ? null : await idsOf('Project', filter.project, {}, context);
  const within = filter.project === undefined ? {} : { project: filter.project };
  const environments =
    filter.environment === undefined ? null : await idsOf('Environment', filter.environment, within, context);
  return (revision) =>
    (filter.kinds?.includes(revision.kind) ?? true) &&
    (filter.ids?.includes(revision.resourceId) ?? true) &&
    (filter.names?.includes(revision.name) ?? true) &&
    revision.name.includes(filter.nameContains ?? '') &&
    (projects === null || projects.has(revision.projectId ?? '')) &&
    (environments === null || environments.has(revision.environmentId ?? '')) &&
    (filter.ownerId === undefined || filter.ownerId === revision.ownerId) &&
    (viewMatches(filter, revision.before) || viewMatches(filter, revision.after));
}

function viewMatches({ health, labels, isDeleting }: ResourceFilter, view: MatchView | null): boolean {
  // Revisions of events and objects may carry no view; they are told to whoever asks for no state.
  if (!view) return health === undefined && labels === undefined && isDeleting === undefined;
  return (
    (health?.includes(view.health) ?? true) &&
    (isDeleting === undefined || isDeleting === view.isDeleting) &&
    Object.entries(labels ?? {}).every(([key, value]) => view.labels[key] === value)
  );
}

/** Environments of several projects may have one name. null: so many that whatever is in any is told. */
async function idsOf(
  kind: 'Project' | 'Environment',
  name: string,
  within: { readonly project?: string },
  { reads }: GraphContext,
): Promise<ReadonlySet<string> | null> {
  const ids = await placeIds(reads, kind, name, within);
  if (ids?.length !== 0) return ids && new Set(ids);
  const path = ['filter', kind.toLowerCase()];
  throw new NotFoundError(`There is no ${kind.toLowerCase()} ${name} whose changes could be told.`, { path });
}
