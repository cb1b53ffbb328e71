import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { ObjectPlan } from '../schema/object-plan.js';
import { JsonScalar } from '../schema/scalars.js';
import type { GraphContext } from './context.js';

@Resolver()
export class ObjectPlanResolver {
  @Query(() => ObjectPlan, {
    description:
      'What would happen to the objects of an AppInstance or a Workload now; with `app`, an App spec: what would happen if its app were so.',
  })
  async objectPlan(
    @Arg('id', () => ID) _id: string,
    @Arg('app', () => JsonScalar, { nullable: true }) _app: unknown,
    @Ctx() _context: GraphContext,
  ): Promise<ObjectPlan> {
    return { steps: [], unavailable: ['No controller answers yet.'] };
  }
}
