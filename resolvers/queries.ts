import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Int, Query, Resolver } from 'type-graphql';
import type { ResourceOrder } from '../db/read/filters.js';
import type { AskedMoment } from '../lib/moment.js';
import { ResourceOrderEnum } from '../schema/enums.js';
import { EventConnection } from '../schema/event.js';
import { EventFilter, ObjectFilter, ResourceFilter } from '../schema/filters.js';
import { MomentScalar } from '../schema/moment.js';
import { Node } from '../schema/node.js';
import { ObjectConnection } from '../schema/owned-object.js';
import { Plane } from '../schema/plane.js';
import { Principal } from '../schema/principal.js';
import { Resource, ResourceConnection } from '../schema/resource.js';
import { address } from './address.js';
import { checkId } from './checks.js';
import type { GraphContext } from './context.js';
import { listEvents } from './event-reads.js';
import { resourceFilter } from './filter.js';
import { atAsked } from './moment.js';
import { listObjects } from './object-reads.js';
import { planeView } from './plane.js';
import { DEFAULT_PAGE_SIZE, findResource, listResources, loadResource } from './resource-reads.js';

const AS_OF = 'asOf: what was at that moment, and at the same one in all that is asked below.';

/** Reads that know no kind. Their live forms are subscriptions of the same names. */
@Resolver()
export class Queries {
  @Query(() => Node, { nullable: true })
  async node(
    @Arg('id', () => ID) id: string,
    @Arg('asOf', () => MomentScalar, { nullable: true }) asOf: AskedMoment | null,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return loadResource(checkId(id, ['id']), await atAsked(asOf, context), info);
  }

  @Query(() => Resource, {
    nullable: true,
    description: `project left out: default. ownerId for kinds that are owned. ${AS_OF}`,
  })
  async resource(
    @Arg('kind', () => String) kind: string,
    @Arg('name', () => String) name: string,
    @Arg('project', () => String, { nullable: true }) project: string | null,
    @Arg('environment', () => String, { nullable: true }) environment: string | null,
    @Arg('ownerId', () => ID, { nullable: true }) ownerId: string | null,
    @Arg('asOf', () => MomentScalar, { nullable: true }) asOf: AskedMoment | null,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const found = address({ kind, name, project, environment, ownerId }, context.registry);
    return findResource(found, await atAsked(asOf, context), info);
  }

  @Query(() => ResourceConnection, { description: AS_OF })
  async resources(
    @Arg('filter', () => ResourceFilter, { nullable: true }) filter: ResourceFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('orderBy', () => ResourceOrderEnum, { nullable: true, defaultValue: 'NAME' }) orderBy: ResourceOrder | null,
    @Arg('asOf', () => MomentScalar, { nullable: true }) asOf: AskedMoment | null,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const checked = resourceFilter(filter, context.registry);
    return listResources(checked, { first, after, orderBy }, await atAsked(asOf, context), info);
  }

  @Query(() => EventConnection)
  events(
    @Arg('filter', () => EventFilter, { nullable: true }) filter: EventFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return listEvents(filter, { first, after }, context, info);
  }

  @Query(() => ObjectConnection, { description: 'Outside objects of all resources, those of one resource together.' })
  objects(
    @Arg('filter', () => ObjectFilter, { nullable: true }) filter: ObjectFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: DEFAULT_PAGE_SIZE }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    return listObjects(filter, { first, after }, context, info);
  }

  @Query(() => Plane)
  plane(@Ctx() context: GraphContext) {
    return planeView(context);
  }

  @Query(() => Principal)
  async me(@Ctx() { actor, reads }: GraphContext) {
    const { principalId, name, role, projectIds = [] } = actor;
    const projects = projectIds.length === 0 ? [] : await reads.resourcesByIds(projectIds, new Set(['name']));
    return { id: principalId, name, role, projects: projects.flatMap((project) => project?.name ?? []) };
  }
}
