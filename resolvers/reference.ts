import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import type { ReferenceRow } from '../db/read/read-models.js';
import { ConflictError } from '../lib/errors.js';
import type { Moment } from '../lib/moment.js';
import { Reference, Resource } from '../schema/resource.js';
import type { GraphContext } from './context.js';
import { below } from './moment.js';
import { loadResource } from './resource-reads.js';
import { resourceView } from './resource-view.js';

/** An edge, and the moment at which it was read. */
export interface ReferenceView extends ReferenceRow {
  readonly moment?: Moment | undefined;
}

@Resolver(() => Reference)
export class ReferenceTarget {
  @FieldResolver(() => Resource)
  async target(@Root() root: ReferenceView, @Ctx() context: GraphContext, @Info() info: GraphQLResolveInfo) {
    if (root.target) return resourceView(root.target, below(root, context));
    const target = await loadResource(root.toId, below(root, context), info);
    if (target) return target;
    // Edge and target may be two statements, and a commit in between took both away.
    throw new ConflictError(`What is at ${root.path} went while it was read. Read it again.`);
  }
}
