import { type Cluster, createCluster } from '../../../controllers/cluster/cluster.js';
import type { Clusters } from '../../../controllers/cluster/clusters.js';
import { NotMadeError } from '../../../controllers/cluster/not-made-error.js';
import { marksOf } from '../../../controllers/marks.js';
import { createWorkloadReconciler } from '../../../controllers/workload/controller.js';
import type { WorkloadSpec } from '../../../controllers/workload/render.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { fastDelays } from '../../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../../drivers/sandbox/driver.js';
import { createSandboxHelmDriver } from '../../../drivers/sandbox/helm/driver.js';
import { createSandboxWorld, type SandboxWorld } from '../../../drivers/sandbox/world.js';
import { type Clock, systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { createSeededRandom } from '../../../lib/random.js';
import type { Outcome, ReconcileContext } from '../../../sdk/runtime/reconciler.js';
import { eventually } from '../../helpers/eventually.js';
import { createMemoryResourceClient } from '../../helpers/memory-resource-client.js';
import { runtimeId, workloadId } from '../make.js';

/** A workload controller on a simulated cluster, without a queue: each pass is asked for. `clock`: that of the passes; `deadlineMs`: of their lease. */
export function createRig(clock: Clock = systemClock, deadlineMs = Number.POSITIVE_INFINITY) {
  const ended = new AbortController();
  const context = (failpoint?: ReconcileContext['failpoint']): ReconcileContext => ({
    clock,
    log: silentLog,
    signal: ended.signal,
    lease: { key: 'k', holder: 'h', epoch: 1, deadlineMs },
    event: () => {},
    ...(failpoint && { failpoint }),
  });
  const random = createSeededRandom(1);
  const world = createSandboxWorld({ clock: systemClock, random, delays: fastDelays });
  const client = createMemoryResourceClient<WorkloadSpec>('Workload');
  const driver = createInMemoryDriver(world, runtimeId);
  const open = () =>
    createCluster({
      driver,
      clock: systemClock,
      log: silentLog,
      random,
      onChange() {},
      onLookAgain() {},
      recordEvents: async () => {},
    });
  const opened: Cluster[] = [];
  let absence: Error | null = null;
  const start = () => {
    const cluster = open();
    opened.push(cluster);
    const clusters: Clusters = {
      async get() {
        if (absence) throw absence;
        return cluster;
      },
      refresh: async () => cluster,
      setAway() {},
      tokenLifetime: () => null,
      drop: async () => {},
      renew() {},
      follow() {},
      unfollow() {},
      loads: () => new Map(),
      wakeFollowers() {},
      close: async () => {},
    };
    return createWorkloadReconciler({ client, clusters, helm: createSandboxHelmDriver() });
  };
  let controller = start();
  return {
    world,
    client,
    driver,
    pass: (failpoint?: ReconcileContext['failpoint']): Promise<Outcome> =>
      controller.reconcile(workloadId, context(failpoint)),
    /** As a process that was killed: what it had in memory is gone. */
    restart() {
      controller = start();
    },
    /** From now on its cloud does not say where the cluster is. */
    unmake() {
      absence = new NotMadeError('The runtime prod cannot be reached yet.');
    },
    ours: () => objectsOf(world),
    async settle() {
      await eventually(
        async () => {
          await controller.reconcile(workloadId, context()).catch(() => {});
          const { health } = client.peek(workloadId)?.status ?? { health: 'gone' };
          if (health !== 'Healthy') throw new Error(`It is ${health}.`);
        },
        { timeoutMs: 10_000 },
      );
    },
    async vanish() {
      await eventually(
        async () => {
          await controller.reconcile(workloadId, context());
          if (client.peek(workloadId)) throw new Error(JSON.stringify(client.peek(workloadId)?.status.conditions));
        },
        { timeoutMs: 10_000 },
      );
    },
    async close() {
      ended.abort();
      await Promise.all(opened.map((cluster) => cluster.close()));
      world.close();
    },
  };
}

/** Objects that carry our mark, as `Kind/name`. */
function objectsOf(world: SandboxWorld): readonly KubernetesObject[] {
  return world
    .clusters()
    .flatMap((cluster) => [...cluster.store.all()])
    .filter((object) => marksOf(object).resourceId === workloadId);
}
