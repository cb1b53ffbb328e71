import type { JsonObject } from '../../lib/canonical.js';
import type { Clock, ManualClock } from '../../lib/clock.js';
import type { ObjectKey } from '../kubernetes/driver.js';
import { record, text } from '../kubernetes/object-fields.js';
import { ApiError } from './api-error.js';
import { createCloudControl } from './cloud/cloud-control.js';
import type { SandboxControl } from './control.js';
import type { SandboxCluster } from './sandbox-cluster.js';
import { answerScale } from './scale.js';
import type { SandboxWorld } from './world.js';
import { notFound, type Target } from './write-target.js';

/** The control of a world in this process. */
export function createWorldControl(world: SandboxWorld): SandboxControl {
  return {
    async setFault(fault) {
      const id = world.faults.set(fault);
      world.faultsChanged();
      return id;
    },
    async clearFaults(id) {
      world.faults.clear(id);
      world.faultsChanged();
    },
    faults: async () => world.faults.list(),
    async step(byMs) {
      if (!isManual(world.clock))
        throw new Error("its clock is the machine's. Start it with --manual-clock to step it.");
      world.clock.step(byMs);
    },
    async objects(query = {}) {
      const labels = Object.entries(query.labels ?? {});
      return world
        .clusters()
        .filter((cluster) => (query.cluster ?? cluster.store.name) === cluster.store.name)
        .flatMap((cluster) => [...cluster.store.all()].map((object) => ({ cluster: cluster.store.name, object })))
        .filter(({ object }) => (query.kind ?? object.kind) === object.kind)
        .filter(({ object }) => query.namespace === undefined || query.namespace === object.metadata.namespace)
        .filter(({ object }) => labels.every(([name, value]) => object.metadata.labels?.[name] === value));
    },
    async deleteByHand(name, key) {
      const cluster = world.cluster(name);
      try {
        cluster.writes.delete(targetOf(cluster, key), {}, false);
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return false;
        throw error;
      }
    },
    async editByHand(name, key, patch: JsonObject, manager = 'kubectl-edit') {
      const cluster = world.cluster(name);
      return cluster.writes.patch(targetOf(cluster, key), patch, { manager, dryRun: false, part: 'any' });
    },
    async autoscale(name, key, replicas) {
      const cluster = world.cluster(name);
      const { type, namespace } = targetOf(cluster, key);
      const autoscaler = cluster.store.get(type.id, namespace, key.name);
      const { apiVersion, kind, name: of } = record(record(autoscaler?.spec).scaleTargetRef);
      const scaled = { apiVersion: text(apiVersion), kind: text(kind), namespace, name: text(of) };
      const target = targetOf(cluster, scaled);
      answerScale(cluster.store, cluster.writes, target, {
        how: 'patch',
        body: { spec: { replicas } },
        force: false,
        manager: 'kube-controller-manager',
        dryRun: false,
      });
    },
    async compact(name) {
      const { store } = world.cluster(name);
      // The version of the last change itself is not too old to go on from.
      store.history.forgetBefore(store.version);
    },
    ...createCloudControl(world.cloud.store),
    watches: async () => Object.fromEntries(world.clusters().map(({ store, watchers }) => [store.name, watchers.size])),
    async close() {},
  };
}

function targetOf(cluster: SandboxCluster, key: ObjectKey): Target {
  const { apiVersion, kind, namespace, name } = key;
  const type = cluster.store.types().find((each) => each.apiVersion === apiVersion && each.kind === kind);
  if (!type) throw new ApiError(404, 'NotFound', `the sandbox does not serve ${kind} of ${apiVersion}`);
  const target = { type, namespace, name };
  if (!cluster.store.get(type.id, namespace, name)) throw notFound(target);
  return target;
}

function isManual(clock: Clock): clock is ManualClock {
  return 'step' in clock;
}
