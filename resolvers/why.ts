import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { NotFoundError } from '../lib/errors.js';
import { why } from '../model/why.js';
import { Why } from '../schema/why.js';
import { checkId } from './checks.js';
import type { GraphContext } from './context.js';

@Resolver()
export class WhyResolver {
  @Query(() => Why, {
    description: 'The root causes of a resource that is not as it should be, across all that it owns and refers to.',
  })
  async why(@Arg('resourceId', () => ID) resourceId: string, @Ctx() context: GraphContext): Promise<Why> {
    const id = checkId(resourceId, ['resourceId']);
    context.readSet?.ids([id]);
    const graph = await context.reads.whyGraph(id);
    if (!graph) throw new NotFoundError(`There is no resource ${id}.`, { path: ['resourceId'] });
    // Those that are well are among them, for they may come to be the cause; so may what they will own.
    const looked = graph.resources.map((resource) => resource.id);
    context.readSet?.ids(looked);
    context.readSet?.predicate({ ownerIds: looked, ops: ['created'] });
    // Leases run out and passes are tried again without a commit.
    if (graph.validForMs !== null) context.readSet?.again(graph.validForMs);
    const { causes, ...answer } = why(graph);
    return {
      ...answer,
      causes: causes.map((cause) => ({ ...cause, path: cause.path.map((resource) => ({ resource })) })),
    };
  }
}
