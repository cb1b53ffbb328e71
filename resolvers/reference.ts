import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import type { ReferenceRow } from '../db/read/read-models.js';
import type { Moment } from '../lib/moment.js';
import { Reference, Resource } from '../schema/resource.js';
import type { GraphContext } from './context.js';
import { below } from './moment.js';
import { loadResource } from './resource-reads.js';

/** An edge, and the moment at which it was read. */
export interface ReferenceView extends ReferenceRow {
  readonly moment?: Moment | undefined;
}

@Resolver(() => Reference)
export class ReferenceTarget {
  @FieldResolver(() => Resource)
  target(@Root() root: ReferenceView, @Ctx() context: GraphContext, @Info() info: GraphQLResolveInfo) {
    return loadResource(root.toId, below(root, context), info);
  }
}
