import { isSameJson } from '../../lib/canonical.js';
import type { Clock } from '../../lib/clock.js';
import type { Random } from '../../lib/random.js';
import type { KubernetesObject } from '../kubernetes/driver.js';
import { list, record } from '../kubernetes/object-fields.js';
import { autoscaler, budget } from './behaviours/autoscaler-and-budget.js';
import type { Behaviour, BehaviourCluster } from './behaviours/behaviour.js';
import { customResourceDefinition, namespace } from './behaviours/cluster-kinds.js';
import { daemonSet } from './behaviours/daemon-set.js';
import { deployment } from './behaviours/deployment.js';
import { job } from './behaviours/job.js';
import { pod } from './behaviours/pod.js';
import { replicaSet } from './behaviours/replica-set.js';
import { statefulSet } from './behaviours/stateful-set.js';
import { persistentVolumeClaim, service } from './behaviours/storage-and-network.js';
import type { ClusterStore, StoreChange } from './cluster-store.js';
import type { Delays } from './delays.js';
import type { Faults } from './faults.js';
import { typeIdOf } from './type-table.js';
import { createWakeQueue } from './wake-queue.js';
import { deleteObject, isoSeconds } from './writes.js';

export interface ClusterControllersOptions {
  readonly store: ClusterStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly delays: Delays;
  readonly faults: Faults;
}

/** What makes a cluster move: a behaviour per kind, woken by changes and by time, and the removal of what lost its owner. */
export interface ClusterControllers {
  /** Looks at every object again: after a start, and when a fault comes or goes. */
  wakeAll(): void;
  close(): void;
}

export function createClusterControllers(options: ClusterControllersOptions): ClusterControllers {
  const { store, clock, random, delays, faults } = options;
  /** When what was asked for by hasElapsed is due: uid, then step. */
  const dueMs = new Map<string, Map<string, number>>();
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
    hasElapsed(object, name, delayMs) {
      const uid = object.metadata.uid ?? '';
      const steps = dueMs.get(uid) ?? new Map<string, number>();
      dueMs.set(uid, steps);
      const due = steps.get(name) ?? clock.now() + delayMs;
      steps.set(name, due);
      if (clock.now() >= due) return true;
      queue.wake(uid, due - clock.now());
      return false;
    },
    wake,
    create(object, owner) {
      const metadata = {
        ...object.metadata,
        uid: random.uuid(),
        creationTimestamp: isoSeconds(clock.now()),
        ...(object.apiVersion.startsWith('apps/') ? { generation: 1 } : {}),
        ...(owner ? { ownerReferences: [controllerReference(owner)] } : {}),
      };
      return store.put({ ...object, metadata });
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
    const uid = object.metadata.uid ?? '';
    if (after) queue.wake(uid, delays.controllerMs);
    for (const owner of object.metadata.ownerReferences ?? []) queue.wake(owner.uid, delays.controllerMs);
    if (after) return;
    dueMs.delete(uid);
    for (const dependent of store.dependents(uid)) wake(dependent, delays.controllerMs);
  });

  return {
    wakeAll() {
      for (const object of store.all()) wake(object, delays.controllerMs);
    },
    close: () => queue.close(),
  };
}

const behaviours: Readonly<Record<string, Behaviour>> = {
  '/Namespace': namespace,
  '/Pod': pod,
  '/PersistentVolumeClaim': persistentVolumeClaim,
  '/Service': service,
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'batch/Job': job,
  'autoscaling/HorizontalPodAutoscaler': autoscaler,
  'policy/PodDisruptionBudget': budget,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
};

function controllerReference(owner: KubernetesObject) {
  const { apiVersion, kind } = owner;
  const { name, uid = '' } = record(owner.metadata) as { name: string; uid?: string };
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}
