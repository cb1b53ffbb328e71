import type { Finding } from './finding.js';
import { blandReasons, objectFindings, shortTitleOf, wordsOfHealth } from './object-findings.js';
import type { WhyCondition, WhyObject, WhyResource } from './why-graph.js';
import { isCalm, type WhyView } from './why-view.js';

/** All that is said to be wrong with one resource, by the plane, its controller, its objects and its conditions. */
export function resourceFindings(resource: WhyResource, view: WhyView): readonly Finding[] {
  const of = (found: Pick<Finding, 'reason' | 'message' | 'since'> & Partial<Finding>): Finding => ({
    resourceId: resource.id,
    object: null,
    health: resource.health,
    blockedBy: [],
    nextRetryAt: resource.attempt?.nextRetryAt ?? null,
    isSymptom: false,
    ...found,
  });
  const vanished = vanishedFinding(resource, of);
  // One that is asked about itself is well without them: they are missed by those that used them.
  if (isCalm(resource)) return resource.id === view.graph.rootId ? [] : vanished;
  const objects = resource.deletionRequestedAt === null ? ill(resource, view.objects(resource.id)) : [];
  const events = view.graph.events.filter(({ resourceId }) => resourceId === resource.id);
  const ofObjects = objectFindings(objects, events).map((finding) => ({
    ...finding,
    nextRetryAt: resource.attempt?.nextRetryAt ?? null,
  }));
  const conditions = withConditions(resource, ofObjects, objects, view, of);
  const said = [...vanished, ...conditions.map((finding) => withOperation(finding, view))];
  const ofAttempt = attemptFinding(resource, said, view, of);
  return [
    ...absentFinding(resource, of),
    ...(ofAttempt.length > 0 ? said.filter((finding) => !isUnderWay(finding)) : said),
    ...ofAttempt,
    ...unseenFinding(resource, of),
    ...staleFinding(resource, view, of),
  ];
}

type Make = (found: Pick<Finding, 'reason' | 'message' | 'since'> & Partial<Finding>) => Finding;

/** Says no more than that it is not ready: where a pass fails, that is why. */
function isUnderWay({ object, health, reason, message }: Finding): boolean {
  const saysNothing = object === null || message === wordsOfHealth(health);
  return saysNothing && health === 'Progressing' && blandReasons.has(reason);
}

/** What is under way may wait for the outside: a call that was begun, and whose end nobody has seen. */
function withOperation(finding: Finding, view: WhyView): Finding {
  const begun = view.graph.operations.find(({ resourceId }) => resourceId === finding.resourceId);
  if (!begun || !isUnderWay(finding) || finding.object !== null) return finding;
  const { action, begunAt } = begun;
  return {
    ...finding,
    message: `${finding.message} The call "${action}" was begun at ${begunAt}, and its end was not seen yet.`,
  };
}

/** What is suspended is a cause only where the whole is. */
function ill({ health }: WhyResource, objects: readonly WhyObject[]): readonly WhyObject[] {
  return health === 'Suspended' ? objects : objects.filter((object) => object.health !== 'Suspended');
}

function absentFinding(resource: WhyResource, of: Make): readonly Finding[] {
  const { controller, kind } = resource;
  if (controller.type !== 'absent') return [];
  const message = controller.isRegistered
    ? `No controller of the kind ${kind} acts on it: ${controller.since === null ? 'none has taken it up yet' : 'the one that did has gone'}.`
    : `No controller of the kind ${kind} has ever reported to this plane.`;
  const since = controller.since ?? resource.changedAt;
  return [of({ reason: 'NoController', message, since, health: 'Unknown', nextRetryAt: null })];
}

/** Those of an object that says little are completed by the condition that tells why. */
function withConditions(
  resource: WhyResource,
  ofObjects: readonly Finding[],
  objects: readonly WhyObject[],
  view: WhyView,
  of: Make,
): readonly Finding[] {
  const ready = resource.conditions.find(({ type }) => type === 'Ready');
  const telling = resource.conditions.filter((condition) => {
    if (condition.status === 'True') return false;
    if (condition === ready) return true;
    return (
      !passing.has(condition.reason) &&
      (ready?.status === 'True' || !sameWords(ready?.message ?? '', condition.message))
    );
  });
  let findings = [...ofObjects];
  for (const condition of telling) {
    const about = objects.find((object) => isAbout(condition, object));
    if (!about) findings.push(conditionFinding(resource, condition, view, of));
    else if (!blandReasons.has(condition.reason)) {
      findings = findings.map((finding) => (isVague(finding, about) ? explained(finding, condition) : finding));
    }
  }
  return findings;
}

function isAbout({ message }: WhyCondition, object: WhyObject): boolean {
  return message.includes(`${shortTitleOf(object)}: `) || message.includes(titleOf(object));
}

function isVague({ object, health, reason }: Finding, about: WhyObject): boolean {
  const isSame = object?.kind === about.kind && object.namespace === about.namespace && object.name === about.name;
  return isSame && health === 'Progressing' && blandReasons.has(reason);
}

function explained(finding: Finding, { reason, message }: WhyCondition): Finding {
  return { ...finding, reason, message: withoutTitle(message) };
}

/** Of conditions other than Ready: they say that a pass is under way, or what Ready says as well. */
const passing: ReadonlySet<string> = new Set([
  'InSync',
  'Applying',
  'Deleting',
  'Pending',
  'WaitingForDependency',
  'WaitingForChildren',
]);

function conditionFinding(resource: WhyResource, condition: WhyCondition, view: WhyView, of: Make): Finding {
  const { reason, since } = condition;
  const relatives = view.next(resource.id);
  const message = condition.message || wordsOfHealth(resource.health);
  const isWaiting = symptoms.has(reason) || (reason === 'Terminating' && relatives.length > 0);
  const isOfRelative = [...view.children(resource.id), ...relatives].some(
    ({ kind, name }) => message.startsWith(`${name}: `) || message.startsWith(`${kind} ${name}: `),
  );
  return of({
    object: isWaiting || isOfRelative ? null : objectIn(message),
    reason,
    message: isWaiting || isOfRelative ? message : withoutTitle(message),
    since,
    blockedBy: isWaiting ? awaited(resource, message, view) : [],
    isSymptom: isWaiting || isOfRelative,
  });
}

/** An object that is not in the inventory, because somebody else has it, or its kind is not there. */
function objectIn(message: string): Finding['object'] {
  const [, kind, namespace = '', name] = TITLE.exec(message) ?? [];
  return kind === undefined || name === undefined ? null : { kind, namespace, name };
}

function withoutTitle(message: string): string {
  return TITLE.exec(message)?.[4] ?? message;
}

/** `Kind/name: ` or `Kind/namespace/name: `, and the sentence about it. */
const TITLE = /^([A-Z]\w*)\/(?:([^\s/:]+)\/)?([^\s/:]+): (.+)$/s;

function awaited({ id }: WhyResource, message: string, view: WhyView): readonly string[] {
  const relatives = view.next(id);
  const named = view.targets(id).filter(({ kind, name }) => message.includes(`${kind} ${name}`));
  return (relatives.length > 0 ? relatives : named).map((relative) => relative.id);
}

/** They name others. */
const symptoms: ReadonlySet<string> = new Set([
  'WaitingForDependency',
  'WaitingForChildren',
  'ChildNotHealthy',
  'OutputVanished',
  'OutputMissing',
]);

function attemptFinding(resource: WhyResource, said: readonly Finding[], view: WhyView, of: Make): readonly Finding[] {
  const { attempt, conditions } = resource;
  if (!attempt || attempt.count === 0) return [];
  const isTold = [...said, ...conditions].some(({ message }) => sameWords(message, attempt.lastError));
  if (isTold) return [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  return [
    of({
      reason: attempt.nextRetryAt === null ? 'Invalid' : 'ReconcileFailed',
      message: attempt.lastError,
      since: ready && ready.status !== 'True' ? ready.since : resource.changedAt,
      // Who waits for others fails because of them, as a rule.
      isSymptom: view.next(resource.id).length > 0 && said.some(({ reason }) => symptoms.has(reason)),
    }),
  ];
}

function unseenFinding(resource: WhyResource, of: Make): readonly Finding[] {
  const { controller, generation, observedGeneration, changedAt } = resource;
  if (controller.type !== 'acting' || observedGeneration >= generation) return [];
  if (resource.attempt && resource.attempt.count > 0) return [];
  const message =
    observedGeneration === 0
      ? 'Its controller has not looked at it yet.'
      : `Its controller has not looked at generation ${generation} yet; what is said is of generation ${observedGeneration}.`;
  return [of({ reason: 'NotObserved', message, since: changedAt, health: 'Progressing' })];
}

function staleFinding(resource: WhyResource, view: WhyView, of: Make): readonly Finding[] {
  const newer = Object.entries(resource.consumed).flatMap(([id, version]) => {
    const producer = view.resource(id);
    return producer && producer.newestOutput > version ? [producer] : [];
  });
  if (newer.length === 0) return [];
  const names = newer.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  const message = `It has not taken the newest outputs of ${names} yet.`;
  const blockedBy = newer.map(({ id }) => id);
  return [of({ reason: 'OutputsStale', message, since: resource.changedAt, health: 'Progressing', blockedBy })];
}

function vanishedFinding(resource: WhyResource, of: Make): readonly Finding[] {
  const { vanished, conditions, changedAt } = resource;
  if (vanished.length === 0) return [];
  const outputs = `${vanished.length === 1 ? 'the output' : 'the outputs'} ${vanished.join(', ')}`;
  const message = `It does not give ${outputs} any more; who uses it keeps the last value.`;
  const since = conditions.find(({ type }) => type === 'Ready')?.since ?? changedAt;
  return [of({ reason: 'OutputVanished', message, since, health: 'Degraded' })];
}

/** Whether one sentence holds the other: the same thing told in two places. */
export function sameWords(a: string, b: string): boolean {
  const [one, other] = [plain(a), plain(b)];
  return one !== '' && other !== '' && (one.includes(other) || other.includes(one));
}

const plain = (text: string) => text.replace(/\s+/g, ' ').replace(/[.\s]+$/, '');

function titleOf({ kind, namespace, name }: WhyObject): string {
  return [kind, namespace, name].filter((part) => part !== '').join('/');
}
