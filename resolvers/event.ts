import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import type { EventRow } from '../db/read/read-models.js';
import { ResourceEvent } from '../schema/event.js';
import { Resource } from '../schema/resource.js';
import type { GraphContext } from './context.js';
import { loadResource } from './resource-reads.js';

@Resolver(() => ResourceEvent)
export class EventResource {
  @FieldResolver(() => Resource, { nullable: true, description: 'The resource, or null when it is gone.' })
  resource(@Root() root: EventRow, @Ctx() context: GraphContext, @Info() info: GraphQLResolveInfo) {
    return loadResource(root.resourceId, context, info);
  }
}
