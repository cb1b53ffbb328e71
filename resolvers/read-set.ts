import type { Commit, Revision } from '../db/contract.js';
import type { ReadPredicate, ReadSetRecorder } from '../db/read/read-set.js';

/** What one run of a live read looked at. */
export interface ReadSet extends ReadSetRecorder {
  /** Whether the run might answer otherwise after this commit. */
  isConcernedBy(commit: Commit): boolean;
  /** When to run again though nothing concerns it. null: no need to. */
  againInMs(): number | null;
}

export function createReadSet(): ReadSet {
  const known = new Set<string>();
  const predicates = new Map<string, ReadPredicate>();
  let shortestMs: number | null = null;
  return {
    ids(ids) {
      for (const id of ids) known.add(id);
    },
    predicate(predicate) {
      predicates.set(JSON.stringify(predicate), predicate);
    },
    again(inMs) {
      shortestMs = Math.min(inMs, shortestMs ?? inMs);
    },
    againInMs: () => shortestMs,
    isConcernedBy: ({ revisions }) =>
      revisions.some(
        (revision) =>
          known.has(revision.resourceId) ||
          // A resource is looked at with what it owns: a new child was in no answer before.
          (revision.ownerId !== null && known.has(revision.ownerId)) ||
          [...predicates.values()].some((predicate) => matches(predicate, revision)),
      ),
  };
}

/**
 * Kind, project, environment and owner of a resource never change, so a revision has them as they were before and as
 * they are after. Health and labels do change; predicates leave them out, so that both sides match.
 */
function matches(predicate: ReadPredicate, revision: Revision): boolean {
  return (
    (predicate.kinds === undefined || predicate.kinds.includes(revision.kind)) &&
    (predicate.projectId === undefined || predicate.projectId === revision.projectId) &&
    (predicate.environmentId === undefined || predicate.environmentId === revision.environmentId) &&
    (predicate.ownerId === undefined || predicate.ownerId === revision.ownerId) &&
    (predicate.isDesired === undefined || desiredOps.has(revision.op))
  );
}

const desiredOps: ReadonlySet<Revision['op']> = new Set(['created', 'updated', 'deletionRequested', 'removed']);
