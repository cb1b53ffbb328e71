import type { Health } from '../../lib/health.js';
import type { Finding } from './finding.js';
import type { WhyEvent, WhyObject } from './why-graph.js';

/**
 * What the objects of one resource say is wrong. An object that only tells of another one that is ill as well (a
 * Deployment whose claim has no volume) is left out, and one that says little is completed by the newest warning about it.
 */
export function objectFindings(objects: readonly WhyObject[], events: readonly WhyEvent[]): readonly Finding[] {
  return objects
    .filter((object) => !objects.some((other) => other !== object && tellsOf(object, other)))
    .filter((object) => !isCountedOnly(object, objects))
    .map((object) => {
      const { kind, namespace, name, health, since } = object;
      const { reason, message } = completed(object, events);
      return {
        resourceId: object.resourceId,
        object: { kind, namespace, name },
        health,
        reason,
        message,
        since,
        blockedBy: [],
        nextRetryAt: null,
        isSymptom: false,
      };
    });
}

/** `Kind/name`, as messages of conditions begin. */
export function shortTitleOf({ kind, name }: Pick<WhyObject, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}

/** Whether the sentence of an object names `other` by its kind and name: then that one is why. */
function tellsOf({ message, kind }: WhyObject, other: WhyObject): boolean {
  if (kind === other.kind) return false;
  const words = message.toLowerCase();
  const names = [other.kind.toLowerCase(), ...(shortNames[other.kind] ?? [])];
  return names.some((word) => {
    const at = words.indexOf(word);
    return at >= 0 && hasWord(words.slice(at + word.length), other.name.toLowerCase());
  });
}

/** How clusters and our own sentences call a kind beside its name. */
const shortNames: Readonly<Record<string, readonly string[]>> = {
  PersistentVolumeClaim: ['claim'],
  CustomResourceDefinition: ['crd'],
};

function hasWord(text: string, word: string): boolean {
  const at = text.indexOf(word);
  if (at < 0) return false;
  const isEdge = (letter: string | undefined) => letter === undefined || !/[a-z0-9-]/.test(letter);
  return isEdge(text[at - 1]) && isEdge(text[at + word.length]);
}

/** A budget counts the pods of others: while one of those is ill, it says nothing of its own. */
function isCountedOnly({ kind, health }: WhyObject, objects: readonly WhyObject[]): boolean {
  if (kind !== 'PodDisruptionBudget' || health !== 'Progressing') return false;
  return objects.some((other) => runsPods.has(other.kind));
}

const runsPods: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Pod', 'Job']);

/** Reasons that say no more than that it is not ready. */
export const blandReasons: ReadonlySet<string> = new Set(['Progressing', 'Pending', 'ObjectFailed']);

function completed(object: WhyObject, events: readonly WhyEvent[]): Pick<Finding, 'reason' | 'message'> {
  const reason = object.reason ?? reasonOfHealth(object);
  const message = object.message || wordsOfHealth(object.health);
  const title = [object.kind, object.namespace, object.name].filter((part) => part !== '').join('/');
  const recent = events.filter((event) => event.object === title && isRecent(event, object.since));
  if (reason === 'CrashLoop') {
    const killer = recent.find((event) => event.reason === 'Unhealthy' && /^(Liveness|Startup)/.test(event.message));
    return { reason, message: killer ? `${message}. ${killer.message}` : message };
  }
  if (object.health !== 'Progressing' || !blandReasons.has(reason)) return { reason, message };
  const [told] = recent;
  if (!told || message.includes(told.message)) return { reason, message };
  return { reason: told.reason, message: `${message} ${told.message}` };
}

/** What is said of one that says nothing. */
export function wordsOfHealth(health: Health): string {
  return `It is ${health.toLowerCase()}.`;
}

function reasonOfHealth({ health }: WhyObject): string {
  return health === 'Missing' ? 'ObjectMissing' : 'Progressing';
}

/** A warning from before it became ill is about something else, but for the moments between the two. */
function isRecent({ lastAt }: WhyEvent, since: string): boolean {
  return Date.parse(lastAt) >= Date.parse(since) - SLACK_MS;
}

const SLACK_MS = 60_000;
