import type { HelmDriver } from '../../drivers/helm/driver.js';
import { KubernetesError } from '../../drivers/kubernetes/errors.js';
import type { SecretReference } from '../../lib/kind.js';
import type { ObjectView, ResourceView } from '../../sdk/resource.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import type { Clusters, FollowedWorkload } from '../cluster/clusters.js';
import { ObservationError } from '../observation-error.js';
import { type AppliedMemory, createAppliedMemory } from './applied-memory.js';
import { carryOut } from './carry-out.js';
import { commitIntended } from './commit-intended.js';
import { driftEvents } from './drift/drift-events.js';
import { correctsDrift, ignoredFields, leftDrift } from './drift/drift-policy.js';
import { intendedRows, inventoryAfter } from './inventory.js';
import { createLastLines } from './last-lines.js';
import type { WorkloadObservation } from './observation.js';
import { observeWorkload } from './observe.js';
import { planWorkload, type WorkloadAction } from './plan.js';
import { isStuck, planPrune, planRemoval, type RemovalAction } from './plan-removal.js';
import type { RenderedObject, WorkloadSpec } from './render.js';
import { removalStatus, workloadStatus } from './status.js';
import { withChart } from './with-chart.js';

export interface WorkloadProviderOptions {
  readonly client: ResourceClient<WorkloadSpec>;
  readonly clusters: Clusters;
  readonly helm: HelmDriver;
}

export type WorkloadStep = WorkloadAction | RemovalAction;
type WorkloadView = ResourceView<WorkloadSpec>;

/** Keeps the Kubernetes objects of workloads as their specs say. */
export function createWorkloadProvider(
  options: WorkloadProviderOptions,
): ResourceProvider<WorkloadSpec, WorkloadObservation, WorkloadStep> {
  const { client, clusters, helm } = options;
  const memories = new Map<string, AppliedMemory>();
  const lastLines = createLastLines();
  const passes = new WeakMap<ReconcileContext, Pass>();
  const memoryOf = (id: string): AppliedMemory => {
    const memory = memories.get(id) ?? createAppliedMemory();
    memories.set(id, memory);
    return memory;
  };

  const letGo = (workload: WorkloadView, runtimeId: string) => {
    memories.delete(workload.id);
    clusters.unfollow(runtimeId, followed(workload));
  };

  return {
    async observe(given, context) {
      const workload = await withChart(given, helm, context.signal);
      const runtimeId = runtimeIdOf(workload);
      const { id } = workload;
      clusters.follow(runtimeId, followed(workload));
      const [cluster, rows] = await Promise.all([clusters.get(runtimeId, context), client.objects(id, context)]);
      const { clock, signal } = context;
      const logs = { lastLines, clock };
      const input = { workload, runtimeId, cluster, rows, memory: memoryOf(id), logs, nowMs: clock.now(), signal };
      const seen = await observeWorkload(input).catch(unreadable);
      const { inventory, unscaled } = seen;
      const rendered = seen.rendered.objects;
      passes.set(context, { rows: inventory, rendered, unscaled, taken: new Map(), secrets: null });
      return seen;
    },

    diff(workload, observation) {
      const prunes = planPrune(workload, observation).filter((action) => !isStuck(action));
      return [...planWorkload(workload, observation).actions, ...prunes];
    },

    async prepare(workload, actions, context) {
      const rows = intendedRows(actions, passOf(context, passes).rows);
      const taken = await commitIntended(client, workload.id, runtimeIdOf(workload), rows, context);
      passOf(context, passes).taken = taken;
    },

    async apply(workload, action, context) {
      const cluster = await clusters.get(runtimeIdOf(workload), context);
      const pass = passOf(context, passes);
      const key = 'desired' in action ? action.desired.key : action.key;
      await carryOut(action, {
        workloadId: workload.id,
        generation: workload.generation,
        driver: cluster.driver,
        checkDeadline() {
          checkDeadline(context);
          // Not awaited: nothing else may come between the check and the write.
          void context.failpoint?.('beforeWrite', workload.id);
        },
        releaseSecrets: () => {
          pass.secrets ??= releaseSecrets(client, workload, context);
          return pass.secrets;
        },
        row: pass.rows.get(key) ?? null,
        kept: action.type === 'apply' ? ignoredFields(workload, action.desired.name) : [],
        policy: workload.spec.policy,
        isUnscaled: pass.unscaled.has(key),
        scalers: pass.rendered.map(({ object }) => object),
        signal: context.signal,
        instance: workload.spec.instance,
        memory: memoryOf(workload.id),
        clock: context.clock,
        taken: pass.taken.get(key),
        event: context.event,
      });
    },

    removal: planRemoval,

    forget: async (workload) => letGo(workload, runtimeIdOf(workload)),

    status(workload, observation, pending) {
      if (workload.deletionRequestedAt !== null) return removalStatus(observation, pending);
      const blocked = planPrune(workload, observation).filter(isStuck);
      const obstacles = [
        ...planWorkload(workload, observation).obstacles,
        ...blocked.map(({ key, title, message }) => ({ key, title, message, type: 'kept' as const })),
      ];
      return workloadStatus(observation, obstacles, pending, leftDrift(workload, observation));
    },

    async record(workload, observation, context) {
      const isRemoving = workload.deletionRequestedAt !== null;
      const { objects, absent } = inventoryAfter(workload, observation, isRemoving);
      if (isRemoving && observation.live.size === 0) letGo(workload, observation.runtimeId);
      if (objects.length === 0 && absent.length === 0) return;
      if (!correctsDrift(workload)) driftEvents(objects, observation.inventory).forEach(context.event);
      await client.reportObjects(workload.id, { runtimeId: observation.runtimeId, objects, absent }, context);
    },
  };
}

/** What one pass keeps in memory, for itself alone. */
interface Pass {
  readonly rows: ReadonlyMap<string, ObjectView>;
  readonly rendered: readonly RenderedObject[];
  readonly unscaled: ReadonlySet<string>;
  /** By key: objects that another resource owns, and the sentence that says so. */
  taken: ReadonlyMap<string, string>;
  secrets: Promise<(reference: SecretReference) => string | null> | null;
}

function passOf(context: ReconcileContext, passes: WeakMap<ReconcileContext, Pass>): Pass {
  return passes.get(context) ?? { rows: new Map(), rendered: [], unscaled: new Set(), taken: new Map(), secrets: null };
}

function followed({ id, ownerId, spec }: WorkloadView): FollowedWorkload {
  return { id, instanceId: ownerId ?? id, component: spec.component };
}

/** The KubernetesRuntime that the spec refers to. */
export function runtimeIdOf(workload: Pick<WorkloadView, 'name' | 'references'>): string {
  const reference = workload.references.find(({ path }) => path === 'runtime');
  if (reference) return reference.id;
  throw new Error(
    `The workload ${workload.name} refers to no runtime. This is a defect in Portolan; please report it.`,
  );
}

/** Whatever the cluster answered to a question but an answer: nothing is known then. */
function unreadable(error: unknown): never {
  if (!(error instanceof KubernetesError)) throw error;
  throw new ObservationError('The objects in the cluster could not be read', { cause: error });
}

function checkDeadline({ clock, lease, signal }: ReconcileContext): void {
  signal.throwIfAborted();
  if (clock.now() < lease.deadlineMs) return;
  throw new Error(
    `The lease ${lease.key} was not renewed in time, so nothing more is written. It is tried again once it is.`,
  );
}

async function releaseSecrets(
  client: ResourceClient<WorkloadSpec>,
  workload: WorkloadView,
  context: ReconcileContext,
): Promise<(reference: SecretReference) => string | null> {
  const released = await client.releaseCredential(workload.id, context);
  const values = new Map(released.map(({ id, version, value }) => [`${id}/${version}`, value]));
  return ({ $secret }) => values.get(`${$secret.id}/${$secret.version}`) ?? null;
}
