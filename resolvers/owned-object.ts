import type { GraphQLResolveInfo } from 'graphql';
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql';
import type { OwnedObjectRow } from '../db/read/read-models.js';
import { OwnedObject } from '../schema/owned-object.js';
import { Resource } from '../schema/resource.js';
import type { GraphContext } from './context.js';
import { loadResource } from './resource-reads.js';

@Resolver(() => OwnedObject)
export class ObjectResource {
  @FieldResolver(() => Resource, { nullable: true, description: 'The resource that owns it.' })
  resource(@Root() root: OwnedObjectRow, @Ctx() context: GraphContext, @Info() info: GraphQLResolveInfo) {
    return loadResource(root.resourceId, context, info);
  }
}
