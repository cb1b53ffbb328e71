import { type Health, healths } from '../lib/health.js';
import type { Finding } from './why/finding.js';
import { fixOf } from './why/fix-of.js';
import { resourceFindings, sameWords } from './why/resource-findings.js';
import { cycleFindings, rootFindings } from './why/root-findings.js';
import type { WhyGraph, WhyResource } from './why/why-graph.js';
import { createWhyView, type WhyView } from './why/why-view.js';

export interface Why {
  readonly isSettled: boolean;
  readonly health: Health;
  /** The worst first, then the deepest, then the oldest. */
  readonly causes: readonly Cause[];
  /** There may be more. */
  readonly isTruncated: boolean;
}

/** One root cause: nothing that is known explains it further. */
export interface Cause {
  /** From the resource that was asked about to the one that the cause is about. */
  readonly path: readonly WhySubject[];
  readonly resource: WhySubject;
  readonly object: Finding['object'];
  readonly health: Health;
  readonly reason: string;
  readonly message: string;
  readonly since: string;
  /** What it waits for. */
  readonly blockedBy: readonly WhySubject[];
  readonly nextRetryAt: string | null;
  /** What a person can do, in one sentence; null when there is nothing to do but to wait. */
  readonly fix: string | null;
}

export type WhySubject = Pick<WhyResource, 'id' | 'kind' | 'name' | 'project' | 'environment' | 'health'>;

/**
 * Why a resource is not as it should be. What tells of another resource is followed to that one; what several have in
 * common is told once, by the shortest way; what is independent is all told. Pure: no clock, so that it can be live.
 */
export function why(graph: WhyGraph): Why {
  const view = createWhyView(graph);
  const root = view.resource(graph.rootId);
  if (!root) return { isSettled: false, health: 'Unknown', causes: [], isTruncated: graph.isCut };
  const paths = pathsFrom(root, view);
  const found = new Map([...paths].map(([id, path]) => [id, resourceFindings(path.at(-1) ?? root, view)] as const));
  const roots = rootFindings(found, view);
  const all = once([...roots, ...cycleFindings(found, roots, view)]);
  const causes = all.map((finding) => causeOf(finding, paths.get(finding.resourceId) ?? [root], view)).sort(compare);
  return {
    isSettled: root.health === 'Healthy',
    health: root.health,
    causes: causes.slice(0, MOST_CAUSES),
    isTruncated: graph.isCut || causes.length > MOST_CAUSES,
  };
}

/** More helps nobody. */
const MOST_CAUSES = 25;

/** The shortest way from the root to each resource that has to do with it, in the order in which they are reached. */
function pathsFrom(root: WhyResource, view: WhyView): ReadonlyMap<string, readonly WhyResource[]> {
  const paths = new Map<string, readonly WhyResource[]>([[root.id, [root]]]);
  for (const [id, path] of paths) {
    for (const next of view.next(id)) if (!paths.has(next.id)) paths.set(next.id, [...path, next]);
  }
  return paths;
}

/** One that is only told again higher up, and controllers that are missing for many resources, are told once. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const kept: Finding[] = [];
  // The deepest come last in the order of the walk, and are what the others repeat.
  for (const finding of [...findings].reverse()) {
    const isRepeated = kept.some((other) => isSame(finding, other));
    if (!isRepeated) kept.push(finding);
  }
  return kept.reverse();
}

function isSame(finding: Finding, other: Finding): boolean {
  if (finding.reason === 'NoController') return other.reason === 'NoController' && other.message === finding.message;
  if (finding.resourceId === other.resourceId) return false;
  return (
    finding.object === null && other.message.length >= SHORTEST_SENTENCE && sameWords(finding.message, other.message)
  );
}

/** Shorter ones ("It runs.") say the same of different things. */
const SHORTEST_SENTENCE = 30;

function causeOf(finding: Finding, path: readonly WhyResource[], view: WhyView): Cause {
  const { object, health, reason, since, blockedBy, nextRetryAt } = finding;
  const resource = path.at(-1);
  if (!resource) throw new Error('A path has no end. This is a defect in Portolan; please report it.');
  return {
    path: path.map(subjectOf),
    resource: subjectOf(resource),
    object,
    health,
    reason,
    ...fixOf(finding, path),
    since,
    blockedBy: blockedBy.flatMap((id) => view.resource(id) ?? []).map(subjectOf),
    nextRetryAt,
  };
}

function subjectOf({ id, kind, name, project, environment, health }: WhyResource): WhySubject {
  return { id, kind, name, project, environment, health };
}

function compare(a: Cause, b: Cause): number {
  return (
    healths.indexOf(b.health) - healths.indexOf(a.health) ||
    isBland(a) - isBland(b) ||
    b.path.length - a.path.length ||
    order(a.since, b.since) ||
    order(titleOf(a), titleOf(b))
  );
}

/** What is only under way comes after what is said to be wrong. */
const isBland = ({ reason }: Cause) => (reason === 'Progressing' || reason === 'Pending' ? 1 : 0);

const order = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);

function titleOf({ resource, object, reason }: Cause): string {
  return [resource.kind, resource.name, object?.kind ?? '', object?.name ?? '', reason, resource.id].join('/');
}
