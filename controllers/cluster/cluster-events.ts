import type { KubernetesDriver, KubernetesObject, ResourceType } from '../../drivers/kubernetes/driver.js';
import type { ObjectWarning, WarnedObject } from '../../drivers/kubernetes/health/related-objects.js';
import { createReflector, type Reflector } from '../../drivers/kubernetes/reflector.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import type { EventReport } from '../../sdk/resource.js';
import { type ClusterEvent, readClusterEvent } from './cluster-event.js';
import { createEventOwners, type Place } from './event-owner.js';
import { createEventQueue } from './event-queue.js';
import { createEventWarnings } from './event-warnings.js';

/**
 * The Events of one cluster, by one list and one watch, from when the first workload says what it owns. Those about objects
 * of workloads, and about what these made, are recorded with their workload; of the others nothing is kept. Those that
 * explain why something does not come to be are kept as warnings, and wake the workloads of their namespace.
 */
export interface ClusterEvents {
  /** From now on these are the objects of the workload, as `Kind/namespace/name`, in these namespaces. None: it left. */
  own(workloadId: string, objects: OwnedObjects): void;
  warningsOf(about: WarnedObject): readonly ObjectWarning[];
  close(): Promise<void>;
}

export interface OwnedObjects {
  readonly titles: readonly string[];
  readonly namespaces: readonly string[];
}

export interface ClusterEventsOptions {
  readonly driver: KubernetesDriver;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  /** An object as the views know it already, or null. */
  peek(place: Place): KubernetesObject | null;
  /** Records events with a workload. Rejects when it could not; idempotent. */
  record(workloadId: string, events: readonly EventReport[]): Promise<void>;
  /** What is told of objects in its namespaces is another thing now. */
  onWarning(workloadId: string): void;
}

/** Opens nothing before the first `own`. */
export function createClusterEvents(options: ClusterEventsOptions): ClusterEvents {
  const { driver, clock, log } = options;
  const closed = new AbortController();
  const owners = createEventOwners(options);
  const warnings = createEventWarnings();
  const queue = createEventQueue({ ...options, owners, signal: closed.signal });
  const owned = new Map<string, OwnedObjects>();
  /** Workloads by namespace. */
  const followers = new Map<string, readonly string[]>();
  /** Namespaces that somebody follows now and whose events were passed over before. */
  const missed = new Set<string>();
  /** Namespaces that nobody follows and that had events. */
  let passedOver = new Set<string>();
  let forgotPassedOver = false;
  let catchUpAfterMs = CATCH_UP_MS;
  let reflector: Reflector | null = null;
  let cancelCatchUp: (() => void) | null = null;

  const take = (object: KubernetesObject, isForgotten: boolean) => {
    const event = readClusterEvent(object);
    if (!event) return;
    if (!isOfInterest(event)) return passOver(event.about.namespace);
    const isNews = isForgotten ? warnings.forget(event) : warnings.take(event);
    if (isNews) for (const id of followers.get(event.about.namespace) ?? []) options.onWarning(id);
    if (!isForgotten) queue.add(event);
  };
  const passOver = (namespace: string) => {
    if (passedOver.size >= MOST_PASSED_OVER) {
      passedOver = new Set();
      forgotPassedOver = true;
    }
    passedOver.add(namespace);
  };
  const isOfInterest = ({ about }: ClusterEvent): boolean =>
    followers.has(about.namespace) || owners.direct(about.title) !== null;

  /** What happened in a namespace before anybody asked for it was passed over. */
  const catchUp = async () => {
    const namespaces = [...missed];
    missed.clear();
    // After a start there are more and more of them: each round costs a list of all, so they come ever more seldom.
    const isMany = namespaces.length > MOST_LISTS;
    catchUpAfterMs = isMany ? Math.min(catchUpAfterMs * 2, LONGEST_CATCH_UP_MS) : CATCH_UP_MS;
    try {
      const { signal } = closed;
      const places = isMany ? [{}] : namespaces.map((namespace) => ({ namespace }));
      for (const place of places) {
        const { objects } = await driver.list(eventType, { ...place, selector: '', signal });
        for (const object of objects) take(object, false);
      }
    } catch (error) {
      if (closed.signal.aborted) return;
      log.debug('The events of a namespace could not be read; it is tried again', { error: String(error) });
      for (const namespace of namespaces) if (followers.has(namespace)) missed.add(namespace);
      catchUpAfterMs = RETRY_MS;
    }
    cancelCatchUp = null;
    if (missed.size > 0) catchUpSoon();
  };
  const catchUpSoon = () => {
    if (!closed.signal.aborted) cancelCatchUp ??= clock.after(catchUpAfterMs, () => void catchUp());
  };

  const follow = (workloadId: string, namespace: string) => {
    const known = followers.get(namespace) ?? [];
    if (known.includes(workloadId)) return;
    // By concat: a list that is spread keeps room for more than it has.
    followers.set(namespace, known.concat(workloadId));
    if (known.length > 0) return;
    // A namespace that is made now has no past.
    if (!passedOver.delete(namespace) && !forgotPassedOver) return;
    missed.add(namespace);
    catchUpSoon();
  };
  const unfollow = (workloadId: string, namespace: string) => {
    const left = (followers.get(namespace) ?? []).filter((id) => id !== workloadId);
    if (left.length > 0) return void followers.set(namespace, left);
    followers.delete(namespace);
    warnings.drop(namespace);
  };

  return {
    own(workloadId, objects) {
      const before = owned.get(workloadId);
      if (closed.signal.aborted || isSame(before, objects)) return;
      owners.own(workloadId, objects.titles);
      for (const namespace of objects.namespaces) follow(workloadId, namespace);
      for (const namespace of before?.namespaces ?? []) {
        if (!objects.namespaces.includes(namespace)) unfollow(workloadId, namespace);
      }
      if (objects.titles.length === 0 && objects.namespaces.length === 0) owned.delete(workloadId);
      else owned.set(workloadId, { titles: objects.titles, namespaces: objects.namespaces.slice() });
      if (owned.size === 0) return;
      reflector ??= createReflector({
        ...options,
        type: eventType,
        selector: '',
        keep: withoutContent,
        onChange: ({ object, deleted }) => take(object, deleted),
      });
    },
    warningsOf: (about) => warnings.of(about),
    async close() {
      closed.abort();
      cancelCatchUp?.();
      await Promise.all([reflector?.close(), queue.close()]);
    },
  };
}

const eventType: ResourceType = { apiVersion: 'v1', kind: 'Event', plural: 'events', isNamespaced: true };

/** More new namespaces at once than these are seen by one list of all. */
const MOST_LISTS = 10;
const CATCH_UP_MS = 200;
const LONGEST_CATCH_UP_MS = 30_000;
const RETRY_MS = 5_000;
/** A megabyte or two of names. */
const MOST_PASSED_OVER = 20_000;

/** Enough to know it again, and what it was about when it is forgotten. */
function withoutContent({ apiVersion, kind, metadata, involvedObject }: KubernetesObject): KubernetesObject {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
    },
    involvedObject,
  };
}

function isSame(a: OwnedObjects | undefined, b: OwnedObjects): boolean {
  if (!a) return b.titles.length === 0 && b.namespaces.length === 0;
  return isSameList(a.titles, b.titles) && isSameList(a.namespaces, b.namespaces);
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
