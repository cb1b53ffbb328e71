import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import type { Clock } from '../../lib/clock.js';
import type { Random } from '../../lib/random.js';
import type { KubernetesObject } from '../kubernetes/driver.js';
import { list, record } from '../kubernetes/object-fields.js';
import type { Admission } from './admission/admission.js';
import { ApiError } from './api-error.js';
import type { BehaviourCluster } from './behaviours/behaviour.js';
import { behaviours } from './behaviours/behaviours.js';
import { neighboursOf } from './behaviours/neighbours.js';
import type { ClusterStore, StoreChange } from './cluster-store.js';
import { withBirthmarks, withDefaults } from './defaults/defaults.js';
import type { Delays } from './delays.js';
import { createEventRecorder } from './event-recorder.js';
import type { Faults } from './faults.js';
import { answerScale } from './scale.js';
import { getOrMake } from './shelf.js';
import { typeIdOf } from './type-table.js';
import { createWakeQueue } from './wake-queue.js';
import { deleteObject, isoSeconds, type Writes } from './writes.js';

export interface ClusterControllersOptions {
  readonly store: ClusterStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly delays: Delays;
  readonly faults: Faults;
  readonly admission: Admission;
  readonly writes: Writes;
}

/** What makes a cluster move: a behaviour per kind, woken by changes and by time, and the removal of what lost its owner. */
export interface ClusterControllers {
  /** Looks at every object again: after a start, and when a fault comes or goes. */
  wakeAll(): void;
  close(): void;
}

export function createClusterControllers(options: ClusterControllersOptions): ClusterControllers {
  const { store, clock, random, delays, faults, admission, writes } = options;
  const events = createEventRecorder(store, clock, random);
  /** When what was asked for by hasElapsed is due: uid, then step. */
  const dueMs = new Map<string, Map<string, number>>();
  /** How often in a row a step was tried: uid, then step. */
  const tries = new Map<string, Map<string, number>>();
  const queue = createWakeQueue(clock, (uid) => {
    const object = store.byUid(uid);
    if (object) step(object);
  });
  const wake = (object: KubernetesObject, afterMs: number) => queue.wake(object.metadata.uid ?? '', afterMs);

  const cluster: BehaviourCluster = {
    store,
    delays,
    faults,
    random,
    get now() {
      return isoSeconds(clock.now());
    },
    get nowMs() {
      return clock.now();
    },
    hasElapsed(object, name, delayMs) {
      const uid = object.metadata.uid ?? '';
      const steps = getOrMake(dueMs, uid, () => new Map<string, number>());
      const due = steps.get(name) ?? clock.now() + delayMs;
      steps.set(name, due);
      if (clock.now() >= due) return true;
      queue.wake(uid, due - clock.now());
      return false;
    },
    wake,
    retry(object, name, delayMs) {
      const steps = getOrMake(tries, object.metadata.uid ?? '', () => new Map<string, number>());
      const count = steps.get(name) ?? 0;
      steps.set(name, count + 1);
      wake(object, delayMs * 2 ** Math.min(count, MOST_DOUBLINGS));
    },
    succeed: (object, name) => void tries.get(object.metadata.uid ?? '')?.delete(name),
    create(object, owner) {
      const uid = random.uuid();
      const metadata = {
        ...object.metadata,
        uid,
        creationTimestamp: isoSeconds(clock.now()),
        ...(/^(apps|batch)\//.test(object.apiVersion) ? { generation: 1 } : {}),
        ...(owner ? { ownerReferences: [controllerReference(owner)] } : {}),
      };
      const born = withBirthmarks({ ...object, metadata } as unknown as JsonObject);
      const complete = withDefaults(born, uid) as unknown as KubernetesObject;
      const type = store
        .types()
        .find(({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind);
      const { namespace = null, name } = object.metadata;
      try {
        if (type)
          admission.admit({ operation: 'CREATE', target: { type, namespace, name }, object: complete, before: null });
      } catch (error) {
        if (error instanceof ApiError) return error;
        throw error;
      }
      return store.put(complete);
    },
    tell: (object, told) => events.tell(current(object) ?? object, told),
    isTold(object, name) {
      const steps = getOrMake(tries, object.metadata.uid ?? '', () => new Map<string, number>());
      const isTold = steps.has(`told ${name}`);
      steps.set(`told ${name}`, 1);
      return isTold;
    },
    setStatus(object, status) {
      const live = current(object);
      if (live && !isSameJson(live.status ?? null, status)) store.put({ ...live, status });
    },
    setSpec(object, spec) {
      const live = current(object);
      if (!live || isSameJson(live.spec, spec)) return;
      const { generation } = live.metadata;
      const counted = generation === undefined ? {} : { generation: generation + 1 };
      store.put({ ...live, metadata: { ...live.metadata, ...counted }, spec });
    },
    setFields(object, fields) {
      const live = current(object);
      if (live && !isSameJson(live, { ...live, ...fields })) store.put({ ...live, ...fields });
    },
    scale(object, replicas, manager) {
      const type = store.types().find(({ id }) => id === typeIdOf(object));
      const { namespace = null, name } = object.metadata;
      if (!type) return;
      const change = { how: 'patch', body: { spec: { replicas } }, force: false, manager, dryRun: false } as const;
      answerScale(store, writes, { type, namespace, name }, change);
    },
    setMetadata(object, changed) {
      const live = current(object);
      const metadata = { ...live?.metadata, ...changed } as KubernetesObject['metadata'];
      if (live && !isSameJson(live.metadata, metadata)) store.put({ ...live, metadata });
    },
    delete(object) {
      const live = current(object);
      if (live) deleteObject(store, typeIdOf(live), live, isoSeconds(clock.now()));
    },
    finishDeletion(object) {
      const live = current(object);
      if (live && list(live.metadata.finalizers).length === 0) store.remove(live);
    },
  };
  const current = (object: KubernetesObject) => store.byUid(object.metadata.uid ?? '');

  const step = (object: KubernetesObject) => {
    const owners = object.metadata.ownerReferences ?? [];
    const isOrphan = owners.length > 0 && owners.every((owner) => store.byUid(owner.uid) === null);
    if (isOrphan && !object.metadata.deletionTimestamp) return cluster.delete(object);
    behaviours[typeIdOf(object)]?.(object, cluster);
  };

  store.onChange((change: StoreChange) => {
    const { object, after } = change;
    if (change.typeId === '/Event') return;
    const uid = object.metadata.uid ?? '';
    if (after) queue.wake(uid, delays.controllerMs);
    for (const owner of object.metadata.ownerReferences ?? []) queue.wake(owner.uid, delays.controllerMs);
    for (const neighbour of neighboursOf(store, object)) wake(neighbour, delays.controllerMs);
    if (after) return;
    dueMs.delete(uid);
    tries.delete(uid);
    for (const dependent of store.dependents(uid)) wake(dependent, delays.controllerMs);
  });

  return {
    wakeAll() {
      for (const object of store.all()) if (object.kind !== 'Event') wake(object, delays.controllerMs);
    },
    close() {
      queue.close();
      events.close();
    },
  };
}

/** A step that is tried again and again waits 16 times as long in the end. */
const MOST_DOUBLINGS = 4;

function controllerReference(owner: KubernetesObject) {
  const { apiVersion, kind } = owner;
  const { name, uid = '' } = record(owner.metadata) as { name: string; uid?: string };
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}
