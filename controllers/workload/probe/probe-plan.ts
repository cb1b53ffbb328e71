import type { KubernetesDriver, KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { ImmutableFieldError, KubernetesError, NotFoundError } from '../../../drivers/kubernetes/errors.js';
import { isJsonObject, type Json } from '../../../lib/canonical.js';
import { errorText } from '../../../lib/errors.js';
import type { FieldDifference } from '../../../lib/field-difference.js';
import type { ObjectView } from '../../../sdk/resource.js';
import type { Cluster } from '../../cluster/cluster.js';
import { createAppliedMemory } from '../applied-memory.js';
import { applyObject, takeOver } from '../apply.js';
import { findDifferences } from '../drift/differences.js';
import { correctsDrift, driftOf, ignoredFields } from '../drift/drift-policy.js';
import { isDeletion, managersText } from '../drift/drift-words.js';
import { storedDifferences } from '../drift/stored-differences.js';
import { keyOfObject } from '../object-name.js';
import type { WorkloadObservation } from '../observation.js';
import { observeWorkload } from '../observe.js';
import { type Obstacle, planWorkload, type WorkloadAction } from '../plan.js';
import { planPrune } from '../plan-removal.js';
import type { RenderedObject, Workload, WorkloadSpec } from '../render.js';
import { replacementOf } from '../replacement.js';
import { changedSecrets, standInSecrets } from './dry-run-secrets.js';

/** What would happen to one object, as the graph's ObjectStep has it. */
export interface PlannedStep {
  /** `Kind/namespace/name`. */
  readonly object: string;
  readonly action: 'CREATE' | 'UPDATE' | 'REPLACE' | 'DELETE' | 'NONE' | 'BLOCKED';
  /** A sentence. */
  readonly why: string;
  readonly differences: readonly FieldDifference[];
  /** Why the cluster could not be asked about it yet; null when it was, or need not be. */
  readonly uncheckable: string | null;
}

export interface PlanContext {
  readonly workload: Workload;
  readonly rows: readonly ObjectView[];
  readonly runtimeId: string;
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
}

/** The workload as the question `plan` wants it to be; as it is where the question says nothing. */
export function plannedWorkload(workload: Workload, input: Json): Workload {
  const { objects, policy } = isJsonObject(input) ? input : {};
  if (!Array.isArray(objects)) return workload;
  const { policy: _policy, ...spec } = workload.spec;
  return {
    ...workload,
    generation: workload.generation + 1,
    spec: {
      ...spec,
      objects: objects as unknown as WorkloadSpec['objects'],
      ...(isJsonObject(policy) && { policy: policy as NonNullable<WorkloadSpec['policy']> }),
    },
  };
}

/**
 * What the next pass would do if the workload were `planned`, object by object, with what the API server says to it: each
 * write is tried by a dry run, as the real one would be done. Writes nothing. Throws when the cluster cannot be read.
 */
export async function probePlan(planned: Workload, context: PlanContext): Promise<readonly PlannedStep[]> {
  const { rows, runtimeId, signal } = context;
  const cluster = beside(context);
  const memory = createAppliedMemory();
  const observation = await observeWorkload({
    workload: planned,
    runtimeId,
    cluster,
    rows,
    memory,
    logs: null,
    isThorough: true,
    nowMs: 0,
    signal,
  });
  const { actions, obstacles } = planWorkload(planned, observation);
  const checked = new Map(obstacles.map((obstacle) => [obstacle.key, blockedStep(obstacle)] as const));
  const left = [...actions];
  const work = async () => {
    for (let action = left.shift(); action; action = left.shift()) {
      signal.throwIfAborted();
      checked.set(action.desired.key, await stepOf(action, planned, observation, context));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const wanted = observation.rendered.objects.map(
    (desired) => checked.get(desired.key) ?? untouchedStep(desired, planned, observation),
  );
  const unserved = obstacles.filter(({ type }) => type === 'unserved').map(blockedStep);
  return [...wanted, ...unserved, ...prunes(planned, observation)];
}

/** Dry runs at the same time: they cost the API server what writes do. */
const AT_ONCE = 6;

/** The cluster for one look: views that are open anyway are used, and none is opened for a question. */
function beside({ cluster, workload }: PlanContext): Cluster {
  const open = new Set(workload.spec.objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  return {
    ...cluster,
    need() {},
    own() {},
    pods: async () => [],
    view: async (type, signal) =>
      open.has(`${type.apiVersion} ${type.kind}`)
        ? cluster.view(type, signal)
        : { get: () => null, list: () => [], version: '' },
  };
}

async function stepOf(
  action: WorkloadAction,
  planned: Workload,
  observation: WorkloadObservation,
  context: PlanContext,
): Promise<PlannedStep> {
  const { desired } = action;
  const step = { object: desired.title, differences: [], uncheckable: null };
  if (action.type === 'adopt') return adoptStep(action, context);
  if (action.type === 'replace') return { ...step, action: 'REPLACE', why: action.message };
  const before = context.workload.spec.objects.find((object) => isSameObject(object as KubernetesObject, desired));
  const changed = changedSecrets(desired.object, (before as KubernetesObject | undefined) ?? null);
  try {
    const after = await dryRun(action, planned, observation, context);
    if (!action.live) return { ...step, action: 'CREATE', why: whyOf(action) };
    const stored = storedDifferences(after, action.live);
    const surplus = action.differences.filter((difference) => difference.desired === null);
    const more = [...changed, ...surplus].filter(({ path }) => !stored.some((each) => each.path === path));
    const differences = [...stored, ...more];
    if (differences.length > 0) return { ...step, action: 'UPDATE', why: whyOf(action), differences };
    return { ...step, action: 'NONE', why: 'It is as desired; only our marks on it are renewed.' };
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    return refusedStep(error, action, planned);
  }
}

/** What the API server makes of our marks, and what of the object is not as it is stated: the next pass would put that back. */
async function adoptStep(
  { desired, live, generation }: Extract<WorkloadAction, { type: 'adopt' }>,
  { cluster, signal }: PlanContext,
): Promise<PlannedStep> {
  const step = { object: desired.title, differences: [], uncheckable: null };
  if (generation === null) return { ...step, action: 'NONE', why: 'It was there before, and is used as it is.' };
  try {
    const checkDeadline = () => signal.throwIfAborted();
    const action = { desired, live, generation };
    const seen = await takeOver(action, { driver: cluster.driver, signal, checkDeadline, dryRun: true });
    const marked = storedDifferences(seen.after, seen.before).filter(({ path }) => !isMark(path));
    const differences = [...marked, ...findDifferences(desired.bare, seen.before)];
    if (differences.length > 0) return { ...step, action: 'UPDATE', why: 'It is not as it is stated.', differences };
    return { ...step, action: 'NONE', why: 'It is taken over as it is: only our labels are added to it.' };
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    return { ...step, action: 'BLOCKED', why: errorText(error) };
  }
}

const isMark = (path: string) => /^metadata\.(labels|annotations)\.portolan\.dev\//.test(path);

function dryRun(
  action: Extract<WorkloadAction, { type: 'apply' }>,
  planned: Workload,
  { rendered, inventory, unscaled }: WorkloadObservation,
  { cluster, signal }: PlanContext,
): Promise<KubernetesObject> {
  const { desired, live } = action;
  const driver: KubernetesDriver = {
    ...cluster.driver,
    apply: (object, options) => cluster.driver.apply(object, { ...options, dryRun: true }),
    // What it would take out is in the differences that the plan has anyway.
    merge: async () => live ?? desired.object,
  };
  return applyObject(action, {
    workloadId: planned.id,
    generation: planned.generation,
    driver,
    checkDeadline: () => signal.throwIfAborted(),
    releaseSecrets: async () => standInSecrets(desired.object, live),
    row: inventory.get(desired.key) ?? null,
    kept: ignoredFields(planned, desired.name),
    policy: planned.spec.policy,
    isUnscaled: unscaled.has(desired.key),
    scalers: rendered.objects.map(({ object }) => object),
    signal,
  });
}

function refusedStep(
  error: KubernetesError,
  { desired, live }: Extract<WorkloadAction, { type: 'apply' }>,
  planned: Workload,
): PlannedStep {
  const step = { object: desired.title, differences: [], uncheckable: null };
  const message = errorText(error);
  if (!live && error instanceof NotFoundError) {
    const { namespace } = desired.object.metadata;
    const what = namespace === undefined ? 'What it needs' : `Its namespace ${namespace}`;
    const uncheckable = `${what} is not there yet: it comes in an earlier step, so the cluster cannot be asked.`;
    return { ...step, action: 'CREATE', why: notThere, uncheckable };
  }
  if (/does not support dry run/i.test(message)) {
    return { ...step, action: live ? 'UPDATE' : 'CREATE', why: anotherState, uncheckable: message };
  }
  if (!live || !(error instanceof ImmutableFieldError)) return { ...step, action: 'BLOCKED', why: message };
  const replacement = replacementOf(planned.spec.policy, desired.object, live, error.fields);
  const differences = findDifferences(desired.object, live, { ignored: ignoredFields(planned, desired.name) });
  const action = replacement.isAllowed ? 'REPLACE' : 'BLOCKED';
  return { ...step, action, why: replacement.message, differences };
}

const notThere = 'It is not there yet.';
const anotherState = 'It is to be another than it was applied.';

function whyOf({ why, differences }: Extract<WorkloadAction, { type: 'apply' }>): string {
  switch (why) {
    case 'create':
      return notThere;
    case 'recreate':
      return 'It was deleted by somebody else.';
    case 'render':
      return anotherState;
    case 'drift':
      return `It was changed by ${managersText(differences)}, and is put back.`;
  }
}

/** Nothing would be done about it. */
function untouchedStep(desired: RenderedObject, planned: Workload, observation: WorkloadObservation): PlannedStep {
  const differences = driftOf(planned, observation).get(desired.key) ?? [];
  const step = { object: desired.title, action: 'NONE', differences, uncheckable: null } as const;
  if (differences.length === 0 || correctsDrift(planned)) return { ...step, why: 'It is as desired.' };
  const what = isDeletion(differences) ? 'deleted by somebody else' : `changed by ${managersText(differences)}`;
  return { ...step, why: `It was ${what}, and is left so by policy.` };
}

/** Not yet is no refusal: what defines the kind of an object comes first. */
function blockedStep({ title, type, message }: Obstacle): PlannedStep {
  const isLater = type === 'unserved' || type === 'undefined';
  const step = { object: title, differences: [] };
  if (isLater) return { ...step, action: 'CREATE', why: notThere, uncheckable: message };
  return { ...step, action: 'BLOCKED', why: message, uncheckable: null };
}

const removalActions = {
  delete: 'DELETE',
  await: 'DELETE',
  release: 'NONE',
  disown: 'NONE',
  blocked: 'BLOCKED',
} as const;

/** All that would go, in the order in which it goes. */
function prunes(planned: Workload, observation: WorkloadObservation): readonly PlannedStep[] {
  const live = new Map(observation.live);
  const steps: PlannedStep[] = [];
  for (;;) {
    const removals = planPrune(planned, { ...observation, live });
    if (removals.length === 0) return steps;
    for (const { key, title, type, message } of removals) {
      live.delete(key);
      const step = { object: title, differences: [], uncheckable: null };
      const why = message || 'It is not desired any more.';
      steps.push({ ...step, action: removalActions[type], why });
    }
  }
}

function isSameObject(given: KubernetesObject, { key, name }: RenderedObject): boolean {
  const { metadata } = given;
  const namespace = metadata.namespace ?? name.namespace;
  return keyOfObject({ ...given, metadata: { ...metadata, namespace } }) === key;
}
