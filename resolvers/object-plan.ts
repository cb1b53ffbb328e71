import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Json, JsonObject } from '../lib/canonical.js';
import { BadInputError } from '../lib/errors.js';
import { ObjectPlan, type ObjectStep } from '../schema/object-plan.js';
import { JsonScalar } from '../schema/scalars.js';
import { type AskedWorkload, askAll, askedWorkloads, questionTo } from './asked-workloads.js';
import type { GraphContext } from './context.js';
import { futureWorkloads, newSteps, removalSteps } from './future-workloads.js';
import { groupSentences } from './group-sentences.js';
import { readObjectSteps } from './probe-answers.js';

@Resolver()
export class ObjectPlanResolver {
  @Query(() => ObjectPlan, {
    description:
      'What would happen to the objects of an AppInstance or a Workload now; with `app`, the spec of an App: what would happen if its app were so. Secret values that are stated go to the controller of the cluster, and to nobody else.',
  })
  async objectPlan(
    @Arg('id', () => ID) id: string,
    @Arg('app', () => JsonScalar, { nullable: true }) app: unknown,
    @Ctx() context: GraphContext,
  ): Promise<ObjectPlan> {
    const { resource, workloads } = await askedWorkloads(id, context);
    const instance = textAt(resource.spec, 'instance') ?? resource.name;
    const ofInstance = (plan: PlanOfInstance): ObjectPlan => ({
      ...plan,
      steps: plan.steps.map((step) => ({ ...step, instance })),
    });
    if (app === null || app === undefined) return ofInstance(await planOf(workloads, () => ({}), context));
    if (resource.kind !== 'AppInstance') {
      throw new BadInputError(`A Workload has no app of its own. Give the id of the AppInstance that it belongs to.`, {
        path: ['id'],
      });
    }
    const future = futureWorkloads(resource, app, context.registry);
    const staying = workloads.filter(({ component }) => future.has(component));
    const asked = await planOf(staying, (component) => inputOf(future.get(component)), context);
    const leaving = workloads.filter(({ component }) => !future.has(component));
    const coming = [...future].filter(([name]) => !workloads.some(({ component }) => component === name));
    const steps = [
      ...asked.steps,
      ...coming.flatMap(([component, spec]) => newSteps(component, spec)),
      ...(await removalSteps(leaving, context)),
    ];
    return ofInstance({ steps, unavailable: asked.unavailable });
  }
}

/** Empty: as its own spec is. */
function inputOf(spec: FutureSpec | undefined): Json {
  if (!spec) return {};
  return { objects: spec.objects as unknown as Json, policy: (spec.policy as unknown as Json) ?? null };
}

interface PlanOfInstance {
  readonly steps: readonly Omit<ObjectStep, 'instance'>[];
  readonly unavailable: readonly string[];
}

function textAt(spec: JsonObject, key: string): string | null {
  return typeof spec[key] === 'string' ? spec[key] : null;
}

type FutureSpec = ReturnType<typeof futureWorkloads> extends ReadonlyMap<string, infer Spec> ? Spec : never;

async function planOf(
  workloads: readonly AskedWorkload[],
  inputFor: (component: string) => Json,
  context: GraphContext,
): Promise<PlanOfInstance> {
  const steps = new Map(workloads.map(({ id }) => [id, [] as PlanOfInstance['steps'][number][]]));
  const unanswered = await askAll(workloads, async (workload) => {
    const question = questionTo(workload, 'plan', inputFor(workload.component), context);
    // What came before an answer broke off is kept.
    for await (const chunk of context.probes.ask(question)) {
      steps.get(workload.id)?.push(...readObjectSteps(chunk, workload.component));
    }
  });
  return { steps: [...steps.values()].flat(), unavailable: groupSentences(unanswered, workloads.length) };
}
