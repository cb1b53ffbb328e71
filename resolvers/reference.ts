import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import type { ReferenceRow } from '../db/read/read-models.js';
import { Reference, Resource } from '../schema/resource.js';
import type { GraphContext } from './context.js';
import { loadResource } from './resource-reads.js';

@Resolver(() => Reference)
export class ReferenceTarget {
  @FieldResolver(() => Resource)
  target(@Root() root: ReferenceRow, @Ctx() context: GraphContext, @Info() info: GraphQLResolveInfo) {
    return loadResource(root.toId, context, info);
  }
}
