import type { Clock } from '../../lib/clock.js';
import type { Random } from '../../lib/random.js';
import type { KubernetesObject } from '../kubernetes/driver.js';
import { record, text } from '../kubernetes/object-fields.js';
import type { ClusterStore } from './cluster-store.js';
import { isoSeconds } from './writes.js';

/** What a component of the cluster has to tell of an object. */
export interface Told {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Who tells it: `replicaset-controller`, `kubelet`, `default-scheduler`. */
  readonly by: string;
  /** What was tried. The scheduler alone says it, and writes the newer form of events with it. */
  readonly action?: string;
}

/**
 * Writes Events as the clients of a cluster do (client-go's record.EventCorrelator): what is told again counts up, the
 * tenth and later of many that differ in their message only become one, and who tells too much of an object is not
 * heard for a while. They are kept for an hour, and MOST of them at a time.
 */
export interface EventRecorder {
  tell(object: KubernetesObject, told: Told): void;
  close(): void;
}

/** How long API servers keep them (--event-ttl). */
const KEPT_MS = 3_600_000;
const MOST = 5_000;
/** So many messages of one reason and object stand alone within the window. */
const SIMILAR = 10;
const SIMILAR_WINDOW_MS = 600_000;
/** Events of one component about one object: so many at once, then one more in each refill. */
const BURST = 25;
const REFILL_MS = 300_000;

interface Similar {
  readonly messages: Set<string>;
  lastMs: number;
}

interface Budget {
  left: number;
  sinceMs: number;
}

export function createEventRecorder(store: ClusterStore, clock: Clock, random: Random): EventRecorder {
  /** Uid of the Event that says it, by what is said. */
  let said: Map<string, string> | null = null;
  /** When each was told last, the longest ago first. */
  const toldMs = new Map<string, number>();
  const similar = new Map<string, Similar>();
  const budgets = new Map<string, Budget>();
  let cancel: (() => void) | null = null;
  // One draw for all of them: a uid of its own for each would cost more than the rest of the event.
  const prefix = random.uuid().slice(0, 24);
  let serial = 0;
  const nextUid = () => `${prefix}${(++serial).toString(16).padStart(12, '0')}`;

  const known = (): Map<string, string> => {
    if (said) return said;
    said = new Map();
    for (const event of store.list('/Event', null)) {
      said.set(keyOf(event), event.metadata.uid ?? '');
      toldMs.set(event.metadata.uid ?? '', clock.now());
    }
    return said;
  };
  const forget = () => {
    for (const [uid, atMs] of toldMs) {
      if (toldMs.size <= MOST && atMs + KEPT_MS > clock.now()) break;
      toldMs.delete(uid);
      const event = store.byUid(uid);
      if (!event) continue;
      said?.delete(keyOf(event));
      store.remove(event);
    }
    for (const map of [similar, budgets]) if (map.size > MOST) map.clear();
    const [oldestMs] = toldMs.values();
    if (oldestMs === undefined || cancel) return;
    cancel = clock.after(oldestMs + KEPT_MS - clock.now(), () => {
      cancel = null;
      forget();
    });
  };
  const isHeard = (key: string): boolean => {
    const nowMs = clock.now();
    const budget = budgets.get(key) ?? { left: BURST, sinceMs: nowMs };
    const refilled = Math.floor((nowMs - budget.sinceMs) / REFILL_MS);
    budget.left = Math.min(BURST, budget.left + refilled);
    budget.sinceMs += refilled * REFILL_MS;
    budgets.set(key, budget);
    budget.left -= 1;
    return budget.left >= 0;
  };
  const isCombined = (key: string, message: string): boolean => {
    const nowMs = clock.now();
    const before = similar.get(key);
    const entry =
      before && nowMs - before.lastMs < SIMILAR_WINDOW_MS ? before : { messages: new Set<string>(), lastMs: 0 };
    entry.lastMs = nowMs;
    similar.set(key, entry);
    if (entry.messages.size < SIMILAR) entry.messages.add(message);
    return entry.messages.size >= SIMILAR;
  };

  return {
    tell(object, told) {
      const namespace = object.metadata.namespace ?? 'default';
      const within = store.get('/Namespace', null, namespace);
      if (!within || within.metadata.deletionTimestamp) return;
      const about = [object.metadata.uid, told.by, told.type, told.reason].join('\n');
      if (!isHeard(`${object.metadata.uid}\n${told.by}`)) return;
      const combined = isCombined(about, told.message);
      const message = combined ? `(combined from similar events): ${told.message}` : told.message;
      const key = `${about}\n${combined ? '' : message}`;
      const before = store.byUid(known().get(key) ?? '');
      const event = before
        ? again(before, message, clock.now())
        : first(object, { ...told, message }, namespace, nextUid(), clock.now());
      const { uid = '' } = store.put(event).metadata;
      known().set(key, uid);
      toldMs.delete(uid);
      toldMs.set(uid, clock.now());
      forget();
    },
    close: () => cancel?.(),
  };
}

function first(object: KubernetesObject, told: Told, namespace: string, uid: string, nowMs: number): KubernetesObject {
  const { apiVersion, kind, metadata } = object;
  const { type, reason, message, by, action } = told;
  const now = isoSeconds(nowMs);
  const seen =
    action === undefined
      ? { source: { component: by }, firstTimestamp: now, lastTimestamp: now, count: 1, eventTime: null }
      : { source: {}, firstTimestamp: null, lastTimestamp: null, eventTime: isoMicros(nowMs), action };
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${metadata.name}.${uid.slice(0, 8)}${uid.slice(-8)}`,
      namespace,
      uid,
      creationTimestamp: now,
    },
    involvedObject: {
      kind,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      name: metadata.name,
      uid: metadata.uid,
      apiVersion,
      resourceVersion: metadata.resourceVersion,
    },
    reason,
    message,
    type,
    ...seen,
    reportingComponent: by,
    reportingInstance: action === undefined ? '' : `${by}-sandbox`,
  };
}

function again(event: KubernetesObject, message: string, nowMs: number): KubernetesObject {
  if (event.eventTime === null) {
    return { ...event, message, count: Number(event.count ?? 1) + 1, lastTimestamp: isoSeconds(nowMs) };
  }
  const count = Number(record(event.series).count ?? 1) + 1;
  return { ...event, message, series: { count, lastObservedTime: isoMicros(nowMs) } };
}

function keyOf(event: KubernetesObject): string {
  const message = text(event.message);
  const about = [record(event.involvedObject).uid, event.reportingComponent, event.type, event.reason].join('\n');
  return `${about}\n${message.startsWith('(combined from similar events)') ? '' : message}`;
}

function isoMicros(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
