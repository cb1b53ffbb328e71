import type { Json, JsonObject } from '../lib/canonical.js';
import { objectTitle } from '../model/manifests.js';
import type { PlannedWorkload } from '../model/plan.js';
import type { ObjectPlan, ObjectStep } from '../schema/object-plan.js';
import { type AskedWorkload, askAll, questionTo } from './asked-workloads.js';
import type { GraphContext } from './context.js';
import { removalSteps } from './future-workloads.js';
import { groupSentences } from './group-sentences.js';
import { readObjectSteps } from './probe-answers.js';

/**
 * What a plan means for the objects in the clusters. Whose controller has it already is asked about; of what comes first
 * it is said why it cannot be asked about yet. Takes as long as a probe at most.
 */
export async function plannedObjects(planned: readonly PlannedWorkload[], context: GraphContext): Promise<ObjectPlan> {
  const workloads = planned.slice(0, MAX_WORKLOADS);
  const steps = new Map(workloads.map((workload) => [workload, [] as ObjectStep[]]));
  const byId = new Map(workloads.map((workload) => [workload.resourceId, workload]));
  const add = (workload: PlannedWorkload | undefined, more: readonly Omit<ObjectStep, 'instance'>[]) => {
    if (!workload) return;
    steps.get(workload)?.push(...more.map((step) => ({ ...step, instance: workload.instance })));
  };
  for (const workload of workloads) if (workload.action === 'create') add(workload, newObjects(workload));
  for (const workload of workloads.filter(({ action }) => action === 'delete')) {
    add(workload, await removalSteps(askedOf(workload), context));
  }
  const changed = workloads.filter(({ action }) => action === 'update').flatMap(askedOf);
  const unanswered = await askAll(changed, async (asked) => {
    const workload = byId.get(asked.id);
    const question = questionTo(asked, 'plan', inputOf(workload), context);
    for await (const chunk of context.probes.ask(question)) add(workload, readObjectSteps(chunk, asked.component));
  });
  const unavailable = groupSentences(unanswered, changed.length);
  const left = planned.length - workloads.length;
  const bound = `${left} more workloads were not asked about: at most ${MAX_WORKLOADS} are, for one plan.`;
  return { steps: [...steps.values()].flat(), unavailable: left > 0 ? [...unavailable, bound] : unavailable };
}

/** Each is a question to a controller, all at once, and takes a dry run for each object. */
const MAX_WORKLOADS = 200;

function askedOf({ resourceId, component, leaseKey }: PlannedWorkload): readonly AskedWorkload[] {
  return resourceId === null ? [] : [{ id: resourceId, component, leaseKey }];
}

function inputOf(workload: PlannedWorkload | undefined): Json {
  if (!workload) return {};
  const { objects, policy } = workload.spec as unknown as JsonObject;
  return { objects: objects ?? [], policy: policy ?? null };
}

function newObjects({ component, spec, isRuntimeNew }: PlannedWorkload): readonly Omit<ObjectStep, 'instance'>[] {
  const what = isRuntimeNew
    ? `The runtime ${spec.runtime} comes in an earlier wave`
    : `The component ${component} does not exist yet`;
  return spec.objects.map((object) => ({
    component,
    object: objectTitle(object as unknown as JsonObject),
    action: 'CREATE',
    why: `The component ${component} is new.`,
    differences: [],
    uncheckable: `${what}, so the cluster cannot be asked about its objects.`,
  }));
}
