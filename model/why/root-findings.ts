import { healths } from '../../lib/health.js';
import type { Finding } from './finding.js';
import type { WhyResource } from './why-graph.js';
import { isCalm, type WhyView } from './why-view.js';

export type Found = ReadonlyMap<string, readonly Finding[]>;

/**
 * The findings that nothing deeper explains. One that tells of others is left out where anything is wrong with those;
 * where nothing is (it is fine by now, or gone), what is said is all that is known, and stays. Only a wait that calls
 * another one ill that is well by now would contradict itself: it is over, and says so.
 */
export function rootFindings(found: Found, view: WhyView): readonly Finding[] {
  return [...found].flatMap(([id, findings]) => {
    const own = findings.filter(({ isSymptom }) => !isSymptom);
    const isEnd = view.next(id).every((next) => !found.has(next.id));
    if (!isEnd || own.length > 0) return own;
    if (findings.length > 0) return findings.map((finding) => (isOver(finding, view) ? over(finding, view) : finding));
    const resource = view.resource(id);
    return resource && resource.health !== 'Healthy' ? [silent(resource)] : [];
  });
}

/** Those that wait for each other in a ring, and for nothing that has a cause of its own. */
export function cycleFindings(found: Found, roots: readonly Finding[], view: WhyView): readonly Finding[] {
  const explained = explainedBy(new Set(roots.map(({ resourceId }) => resourceId)), found, view);
  const findings: Finding[] = [];
  for (const id of found.keys()) {
    if (explained.has(id)) continue;
    const ring = ringFrom(id, explained, view);
    for (const member of ring) explained.add(member.id);
    const [first] = ring;
    if (first) findings.push(cycle(first, ring));
  }
  return findings;
}

/** `roots` and all that lead to them. */
function explainedBy(roots: ReadonlySet<string>, found: Found, view: WhyView): Set<string> {
  const before = new Map<string, string[]>();
  for (const id of found.keys()) {
    for (const next of view.next(id)) before.set(next.id, [...(before.get(next.id) ?? []), id]);
  }
  const explained = new Set(roots);
  for (const id of explained) for (const earlier of before.get(id) ?? []) explained.add(earlier);
  return explained;
}

/** Follows the first way that is not explained until it comes to where it was; empty when it ends. */
function ringFrom(id: string, explained: ReadonlySet<string>, view: WhyView): readonly WhyResource[] {
  const way: WhyResource[] = [];
  let at = view.resource(id);
  while (at && !way.includes(at)) {
    way.push(at);
    at = view.next(at.id).find((next) => !explained.has(next.id)) ?? null;
  }
  return at ? way.slice(way.indexOf(at)) : [];
}

function cycle(first: WhyResource, ring: readonly WhyResource[]): Finding {
  const names = [...ring, first].map(({ kind, name }) => `${kind} ${name}`);
  return {
    ...silent(first),
    health: 'Degraded',
    reason: 'Cycle',
    message: `They wait for each other: ${names.join(' -> ')}.`,
    blockedBy: ring.slice(1).map(({ id }) => id),
  };
}

/** Its controller wrote how ill those are that it waits for, and each is well now. */
function isOver({ reason, message, blockedBy }: Finding, view: WhyView): boolean {
  if (reason !== 'WaitingForDependency' || blockedBy.length === 0) return false;
  return blockedBy.every((id) => {
    const awaited = view.resource(id);
    return awaited !== null && isCalm(awaited) && saysAnotherHealth(message, awaited);
  });
}

function saysAnotherHealth(message: string, { kind, name, health }: WhyResource): boolean {
  return healths.some((other) => other !== health && message.includes(`${kind} ${name} (${other})`));
}

function over(finding: Finding, view: WhyView): Finding {
  const names = finding.blockedBy.flatMap((id) => view.resource(id) ?? []).map(({ kind, name }) => `${kind} ${name}`);
  const message = `What it waited for is well by now, and its controller goes on: ${names.join(', ')}.`;
  return { ...finding, reason: 'Progressing', message, blockedBy: [], isSymptom: false };
}

function silent(resource: WhyResource): Finding {
  const ready = resource.conditions.find(({ type }) => type === 'Ready');
  return {
    resourceId: resource.id,
    object: null,
    health: resource.health,
    reason: resource.deletionRequestedAt === null ? 'Progressing' : 'Terminating',
    message:
      resource.deletionRequestedAt === null ? 'It is under way; nothing is said to be wrong.' : 'It is being deleted.',
    since: ready?.since ?? resource.changedAt,
    blockedBy: [],
    nextRetryAt: resource.attempt?.nextRetryAt ?? null,
    isSymptom: false,
  };
}
