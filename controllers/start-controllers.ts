import type { TransportLoad } from '../drivers/kubernetes/adaptive-transport.js';
import { createSandboxHelmDriver } from '../drivers/sandbox/helm/driver.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { secureRandom } from '../lib/node/secure-random.js';
import type { Random } from '../lib/random.js';
import { createSdk } from '../sdk/client.js';
import type { GraphClient } from '../sdk/graph-client.js';
import { createResourceClient } from '../sdk/resource-client.js';
import { createManager, type ManagerOptions, type ManagerStats } from '../sdk/runtime/manager.js';
import type { LeaseView } from '../sdk/runtime/reconciler.js';
import { createInstanceReconciler } from './app-instance/controller.js';
import type { InstanceSpec } from './app-instance/provider.js';
import { createClouds } from './cloud/clouds.js';
import { type AccountSpec, openCloud } from './cloud/open-cloud.js';
import { createSharedLooks } from './cloud/shared-looks.js';
import { cloudReconcilers } from './cloud-reconcilers.js';
import { createClusters, type RuntimeSpec } from './cluster/clusters.js';
import { openDriver } from './cluster/open-driver.js';
import { createGatewayReconciler } from './gateway/controller.js';
import { createRuntimeReconciler } from './kubernetes-runtime/controller.js';
import { createObservabilityStackReconciler } from './observability-stack/controller.js';
import type { SandboxAccess } from './sandbox-access.js';
import { createSecretReconciler } from './secret/controller.js';
import { createSupportServiceReconciler } from './support-service/controller.js';
import { createAdoptionProbe } from './workload/adoption/probe.js';
import { createAppliedMemories } from './workload/applied-memories.js';
import { createWorkloadReconciler } from './workload/controller.js';
import type { WorkloadSpec } from './workload/render.js';

export interface ControllersOptions
  extends Pick<ManagerOptions, 'holder' | 'resyncMs' | 'leaseTtlMs' | 'failpoint' | 'version'> {
  readonly client: GraphClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  /** Where the sandbox listens; null: there is none here. */
  readonly sandboxSocketPath: string | null;
  /** In the place of the socket. */
  readonly sandbox?: SandboxAccess;
  /** Chance that nobody can guess. Default: that of the machine. */
  readonly secretRandom?: Random;
  /** How often to look at each cluster, in milliseconds. Default 30,000. */
  readonly runtimeEveryMs?: number;
  /** How often to look at what is in clouds, in milliseconds, settled and while something is under way. Default 15,000 and 2,000. */
  readonly cloudEveryMs?: number;
  readonly cloudPollMs?: number;
}

export interface Controllers {
  stats(): ManagerStats;
  /** The leases under which it may write outside now. */
  leases(): readonly LeaseView[];
  /** What each cluster takes, by the id of its runtime. */
  loads(): ReadonlyMap<string, TransportLoad>;
  /** Lets passes in flight end, releases the leases, closes the clusters. The client stays open. */
  close(): Promise<void>;
}

/** The composition root of the controllers of all built-in kinds. Returns at once; a server that is away is waited for. */
export function startControllers(options: ControllersOptions): Controllers {
  const { client, clock, log, random } = options;
  const sdk = createSdk(client);
  const runtimes = createResourceClient<RuntimeSpec>(sdk, 'KubernetesRuntime');
  const workloads = createResourceClient<WorkloadSpec>(sdk, 'Workload', { withObjects: true, withIntents: false });
  const instances = createResourceClient<InstanceSpec>(sdk, 'AppInstance', { withChildren: true, withIntents: false });
  const memories = createAppliedMemories();
  const openOnce = (runtimeId: string, spec: RuntimeSpec) => openDriver(runtimeId, spec, options).driver;
  const clusters = createClusters({
    runtimes,
    workloads,
    openDriver: (runtimeId, spec, onRefused) => openDriver(runtimeId, spec, { ...options, onRefused }),
    wake: (id) => manager.wake(id),
    takesEcho: memories.takesEcho,
    clock,
    log,
    random,
  });
  const accounts = createResourceClient<AccountSpec>(sdk, 'CloudAccount');
  const clouds = createClouds({
    accounts,
    openCloud: (accountId, spec, region) => openCloud(accountId, spec, region, options),
  });
  const { runtimeEveryMs: everyMs, cloudEveryMs, cloudPollMs } = options;
  const looks = createSharedLooks({
    clouds,
    wake: (id) => manager.wake(id),
    clock,
    log,
    random,
    ...(cloudEveryMs !== undefined && { everyMs: cloudEveryMs }),
    ...(cloudPollMs !== undefined && { soonMs: cloudPollMs }),
  });
  const manager = createManager({
    ...options,
    reconcilers: [
      {
        kind: 'KubernetesRuntime',
        concurrency: RUNTIMES_AT_A_TIME,
        reconciler: createRuntimeReconciler({
          client: runtimes,
          clusters,
          openDriver: openOnce,
          probe: createAdoptionProbe({ clusters }),
          ...(everyMs !== undefined && { everyMs }),
        }),
      },
      {
        kind: 'AppInstance',
        gatherMs: PARTS_GATHER_MS,
        reconciler: createInstanceReconciler({ client: instances }),
        alsoWatches: ['App'],
      },
      {
        kind: 'Gateway',
        wakesOwner: true,
        reconciler: createGatewayReconciler(createResourceClient(sdk, 'Gateway', { withChildren: true })),
      },
      {
        kind: 'SupportService',
        reconciler: createSupportServiceReconciler(createResourceClient(sdk, 'SupportService', { withChildren: true })),
      },
      {
        kind: 'ObservabilityStack',
        wakesOwner: true,
        reconciler: createObservabilityStackReconciler(
          createResourceClient(sdk, 'ObservabilityStack', { withChildren: true }),
        ),
      },
      {
        kind: 'Secret',
        wakesOwner: true,
        reconciler: createSecretReconciler(createResourceClient(sdk, 'Secret'), options.secretRandom ?? secureRandom),
      },
      {
        kind: 'Workload',
        reconciler: createWorkloadReconciler({
          client: workloads,
          clusters,
          helm: createSandboxHelmDriver(),
          memories,
        }),
        wakesOwner: true,
        concurrency: WORKLOADS_AT_A_TIME,
        perLease: WORKLOADS_OF_A_CLUSTER,
      },
      ...cloudReconcilers({
        sdk,
        accounts,
        clouds,
        looks,
        random,
        ...(cloudEveryMs !== undefined && { everyMs: cloudEveryMs }),
        ...(cloudPollMs !== undefined && { pollMs: cloudPollMs }),
      }),
    ],
  });
  manager.start();
  return {
    stats: () => manager.stats(),
    leases: () => manager.leases(),
    loads: () => clusters.loads(),
    async close() {
      await manager.close();
      await clusters.close();
      looks.close();
      await clouds.close();
    },
  };
}

/** More than one cluster takes at a time in the beginning: how much is asked of each is for its driver to find. */
const WORKLOADS_OF_A_CLUSTER = 48;
/** A cluster or two may be slow to fail, and the others must not notice. */
const WORKLOADS_AT_A_TIME = 128;

/** What its parts say of one change comes within some tens of milliseconds, of several that end together within some hundred; nobody acts upon the sum of it. */
const PARTS_GATHER_MS = 250;

/** A look is some small questions, and may wait for an answer that never comes. */
const RUNTIMES_AT_A_TIME = 64;
