import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Plan as Planned } from '../model/plan.js';
import { ObjectPlan } from '../schema/object-plan.js';
import { Plan, PlanInput } from '../schema/plan.js';
import type { GraphContext } from './context.js';
import { changesetOf, editsOf } from './edit.js';
import { plannedObjects } from './planned-objects.js';

@Resolver(() => Plan)
export class PlanResolver {
  @Query(() => Plan, {
    description: 'What `apply` would do with the same input now. Takes no locks and writes nothing.',
  })
  plan(@Arg('input', () => PlanInput) input: PlanInput, @Ctx() context: GraphContext): Promise<Planned> {
    const edits = editsOf(input.edits, context.registry);
    return context.store.plan(changesetOf(edits, input, context), context.actor);
  }

  @FieldResolver(() => ObjectPlan, {
    description:
      'What it means for the objects in the clusters, as their controllers answer. The rest of the answer waits for it, so ask for it in a query of its own.',
  })
  objects(@Root() { workloads }: Planned, @Ctx() context: GraphContext): Promise<ObjectPlan> {
    return plannedObjects(workloads, context);
  }
}
