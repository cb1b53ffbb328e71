import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Plan as Planned } from '../model/plan.js';
import { Plan, PlanInput } from '../schema/plan.js';
import type { GraphContext } from './context.js';
import { changesetOf, editsOf } from './edit.js';

@Resolver(() => Plan)
export class PlanResolver {
  @Query(() => Plan, {
    description: 'What `apply` would do with the same input now. Takes no locks and writes nothing.',
  })
  plan(@Arg('input', () => PlanInput) input: PlanInput, @Ctx() context: GraphContext): Promise<Planned> {
    const edits = editsOf(input.edits, context.registry);
    return context.store.plan(changesetOf(edits, input, context), context.actor);
  }
}
