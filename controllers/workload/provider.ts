import type { HelmDriver } from '../../drivers/helm/driver.js';
import { KubernetesError } from '../../drivers/kubernetes/errors.js';
import type { SecretReference } from '../../lib/kind.js';
import type { ObjectView, ResourceView } from '../../sdk/resource.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import { checkMayWrite } from '../../sdk/runtime/steps.js';
import type { Clusters, FollowedWorkload } from '../cluster/clusters.js';
import { NotMadeError } from '../cluster/not-made-error.js';
import { ObservationError } from '../observation-error.js';
import { type AppliedMemories, createAppliedMemories } from './applied-memories.js';
import { carryOut } from './carry-out.js';
import { commitIntended } from './commit-intended.js';
import { driftEvents } from './drift/drift-events.js';
import { correctsDrift, ignoredFields, leftDrift } from './drift/drift-policy.js';
import { committedRows, intendedRows, inventoryAfter } from './inventory.js';
import { createLastLines } from './last-lines.js';
import { createLatecomers } from './latecomers.js';
import { nothingOutside } from './nothing-outside.js';
import type { WorkloadObservation } from './observation.js';
import { observeWorkload } from './observe.js';
import { planWorkload, type WorkloadAction } from './plan.js';
import { isStuck, planPrune, planRemoval, type RemovalAction } from './plan-removal.js';
import type { RenderedObject, WorkloadSpec } from './render.js';
import { removalStatus, workloadStatus } from './status.js';
import { createUnanswered } from './unanswered.js';
import { withChart } from './with-chart.js';

export interface WorkloadProviderOptions {
  readonly client: ResourceClient<WorkloadSpec>;
  readonly clusters: Clusters;
  readonly helm: HelmDriver;
  /** Left out: its own. */
  readonly memories?: AppliedMemories;
}

export type WorkloadStep = WorkloadAction | RemovalAction;
type WorkloadView = ResourceView<WorkloadSpec>;

/** Keeps the Kubernetes objects of workloads as their specs say. */
export function createWorkloadProvider(
  options: WorkloadProviderOptions,
): ResourceProvider<WorkloadSpec, WorkloadObservation, WorkloadStep> {
  const { client, clusters, helm, memories = createAppliedMemories() } = options;
  const lastLines = createLastLines();
  const unanswered = createUnanswered();
  const latecomers = createLatecomers(clusters);
  const passes = new WeakMap<ReconcileContext, Pass>();

  const letGo = (workload: WorkloadView, runtimeId: string) => {
    memories.forget(workload.id);
    clusters.unfollow(runtimeId, followed(workload));
  };

  return {
    async observe(given, context) {
      const workload = await withChart(given, helm, context.signal);
      const runtimeId = runtimeIdOf(workload);
      const { id } = workload;
      clusters.follow(runtimeId, followed(workload));
      const [cluster, rows] = await Promise.all([
        clusters.get(runtimeId, context).catch((error: unknown) => {
          if (error instanceof NotMadeError && workload.deletionRequestedAt !== null) return error;
          throw error;
        }),
        workload.objects ?? client.objects(id, context),
      ]);
      if (cluster instanceof NotMadeError) {
        // The inventory is written before anything is made. Its cluster waits for it to go, so it cannot wait for its cluster.
        if (rows.length > 0) throw cluster;
        return nothingOutside(runtimeId);
      }
      const { clock, signal } = context;
      const logs = { lastLines, clock };
      const input = { workload, runtimeId, cluster, rows, memory: memories.of(id), logs, nowMs: clock.now(), signal };
      const seen = await observeWorkload(input).catch(unreadable);
      const { inventory, unscaled, strays } = seen;
      const rendered = seen.rendered.objects;
      passes.set(context, { ...nothing(), rows: inventory, rendered, unscaled, strays });
      const open = unanswered.of(id, clock.monotonicMs(), (key) => seen.live.has(key));
      return workload.deletionRequestedAt === null ? seen : { ...seen, awaited: open };
    },

    diff(workload, observation) {
      const prunes = planPrune(workload, observation).filter((action) => !isStuck(action));
      return [...planWorkload(workload, observation).actions, ...prunes];
    },

    async prepare(workload, actions, context) {
      memories.of(workload.id).acted();
      const { rows: known, strays } = passOf(context, passes);
      const rows = [...strays, ...intendedRows(actions, known)];
      const runtimeId = runtimeIdOf(workload);
      const pass = passOf(context, passes);
      pass.taken = await commitIntended(client, workload, runtimeId, rows, context);
      pass.committed = committedRows(known, rows, pass.taken, runtimeId);
    },

    async apply(workload, action, context) {
      const cluster = await clusters.get(runtimeIdOf(workload), context);
      const pass = passOf(context, passes);
      const key = 'desired' in action ? action.desired.key : action.key;
      const input = {
        workloadId: workload.id,
        generation: workload.generation,
        driver: cluster.driver,
        checkDeadline() {
          checkMayWrite(context);
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
        memory: memories.of(workload.id),
        clock: context.clock,
        taken: pass.taken.get(key),
        event: context.event,
      };
      const isCreation = action.type === 'apply' && action.live === null;
      if (!isCreation) return carryOut(action, input);
      return unanswered.during(workload.id, action.desired, context.clock.monotonicMs(), () => carryOut(action, input));
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

    inventory(workload, observation, context) {
      memories.of(workload.id).rested();
      memories.tidy(workload.id);
      const isRemoving = workload.deletionRequestedAt !== null;
      const { objects, absent } = inventoryAfter(workload, observation, isRemoving);
      if (isRemoving) latecomers.expect(workload, observation, context);
      if (isRemoving && observation.live.size + observation.awaited.length === 0)
        letGo(workload, observation.runtimeId);
      if (objects.length === 0 && absent.length === 0) return null;
      if (!correctsDrift(workload)) driftEvents(objects, observation.inventory).forEach(context.event);
      return { runtimeId: observation.runtimeId, objects, absent };
    },

    lookAgain(workload, context) {
      if (!memories.of(workload.id).hasJustActed()) return null;
      return { ...workload, objects: passOf(context, passes).committed };
    },
  };
}

/** What one pass keeps in memory, for itself alone. */
interface Pass {
  readonly rows: ReadonlyMap<string, ObjectView>;
  readonly rendered: readonly RenderedObject[];
  readonly unscaled: ReadonlySet<string>;
  /** What the inventory does not have yet. */
  readonly strays: readonly ObjectView[];
  /** By key: objects that another resource owns, and the sentence that says so. */
  taken: ReadonlyMap<string, string>;
  /** What the inventory has since the pass was about to write. */
  committed: readonly ObjectView[];
  secrets: Promise<(reference: SecretReference) => string | null> | null;
}

function passOf(context: ReconcileContext, passes: WeakMap<ReconcileContext, Pass>): Pass {
  return passes.get(context) ?? nothing();
}

const nothing = (): Pass => ({
  rows: new Map(),
  rendered: [],
  unscaled: new Set(),
  strays: [],
  taken: new Map(),
  committed: [],
  secrets: null,
});

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

async function releaseSecrets(
  client: ResourceClient<WorkloadSpec>,
  workload: WorkloadView,
  context: ReconcileContext,
): Promise<(reference: SecretReference) => string | null> {
  const released = await client.releaseCredential(workload.id, context);
  const values = new Map(released.map(({ id, version, value }) => [`${id}/${version}`, value]));
  return ({ $secret }) => values.get(`${$secret.id}/${$secret.version}`) ?? null;
}
