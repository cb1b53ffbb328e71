import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import type { AppliedEdit as Applied, Committed } from '../model/changeset.js';
import { AppliedEdit, ApplyInput, ApplyPayload } from '../schema/apply.js';
import { Resource } from '../schema/resource.js';
import type { GraphContext } from './context.js';
import { changesetOf, editsOf } from './edit.js';
import { loadResource } from './resource-reads.js';

@Resolver(() => AppliedEdit)
export class ApplyResolver {
  @Mutation(() => ApplyPayload, { description: 'Commits edits of any kinds in one transaction: all of them, or none.' })
  apply(@Arg('input', () => ApplyInput) input: ApplyInput, @Ctx() context: GraphContext): Promise<Committed> {
    const edits = editsOf(input.edits, context.registry);
    return context.store.commit(changesetOf(edits, input, context), context.actor);
  }

  @FieldResolver(() => Resource, { nullable: true, description: 'null when it is gone.' })
  resource(@Root() root: Applied, @Ctx() context: GraphContext, @Info() info: GraphQLResolveInfo) {
    return loadResource(root.resourceId, context, info);
  }
}
