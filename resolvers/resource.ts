import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Int, Resolver, Root } from 'type-graphql';
import type { BatchPage, Relation } from '../db/read/read-models.js';
import { statedSpec } from '../model/stated-spec.js';
import { Attempt } from '../schema/attempt.js';
import { EventConnection } from '../schema/event.js';
import { Intent } from '../schema/intents.js';
import { ObjectConnection } from '../schema/owned-object.js';
import { environmentType, projectType, Reference, Resource, ResourceConnection } from '../schema/resource.js';
import { RevisionConnection } from '../schema/revision.js';
import { JsonScalar } from '../schema/scalars.js';
import { batchedConnection } from './batched-connection.js';
import { nodesOf } from './connection.js';
import type { GraphContext } from './context.js';
import { eventColumnsOf } from './event-columns.js';
import { below } from './moment.js';
import type { ReferenceView } from './reference.js';
import { resourceColumnsOf } from './resource-columns.js';
import { loadResource } from './resource-reads.js';
import { type ResourceView, resourceView } from './resource-view.js';
import { selectionOf } from './selection.js';

/** Relations of every kind, each loaded for all resources of a place of the document at once. */
@Resolver(() => Resource)
export class ResourceRelations {
  @FieldResolver(() => projectType(), { nullable: true })
  project(@Root() root: ResourceView, @Ctx() context: GraphContext, @Info() info: GraphQLResolveInfo) {
    return root.projectId ? loadResource(root.projectId, below(root, context), info) : null;
  }

  @FieldResolver(() => environmentType(), { nullable: true })
  environment(@Root() root: ResourceView, @Ctx() context: GraphContext, @Info() info: GraphQLResolveInfo) {
    return root.environmentId ? loadResource(root.environmentId, below(root, context), info) : null;
  }

  @FieldResolver(() => Resource, { nullable: true, description: 'Lives and dies with it.' })
  owner(@Root() root: ResourceView, @Ctx() context: GraphContext, @Info() info: GraphQLResolveInfo) {
    return root.ownerId ? loadResource(root.ownerId, below(root, context), info) : null;
  }

  @FieldResolver(() => JsonScalar, {
    description:
      'What people, files and CI stated of the spec, without what layers filled in: what a file of it would have.',
  })
  stated(@Root() { document, managers }: ResourceView) {
    return statedSpec({ spec: document ?? {}, managers: managers ?? {} });
  }

  @FieldResolver(() => [Reference])
  async references(@Root() root: ResourceView, @Ctx() given: GraphContext, @Info() info: GraphQLResolveInfo) {
    const context = below(root, given);
    context.readSet?.ids([root.id]);
    const wanted = selectionOf(info).at('target');
    // A live read looks at each target by itself, and may have been told of it.
    const targets = wanted.names.length > 0 && !context.readSet ? resourceColumnsOf(wanted) : undefined;
    const found = await context.loaders.at(info, (ids) => context.reads.references(ids, targets)).load(root.id);
    return (found ?? []).map((row): ReferenceView => ({ ...row, moment: root.moment }));
  }

  @FieldResolver(() => ResourceConnection, { description: 'Those that refer to it.' })
  referrers(
    @Root() root: ResourceView,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() given: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const context = below(root, given);
    context.readSet?.predicate({ kinds: referrerKinds(root.kind, context) });
    return relatives('referrers', root, { first: first ?? 50, after: after ?? null }, context, info);
  }

  @FieldResolver(() => ResourceConnection, { description: 'Those that it owns.' })
  children(
    @Root() root: ResourceView,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() given: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const context = below(root, given);
    context.readSet?.predicate({ ownerIds: [root.id] });
    return relatives('children', root, { first: first ?? 50, after: after ?? null }, context, info);
  }

  @FieldResolver(() => Int, { description: 'How many resources refer to it or are owned by it.' })
  async dependents(@Root() root: ResourceView, @Ctx() given: GraphContext, @Info() info: GraphQLResolveInfo) {
    const context = below(root, given);
    context.readSet?.predicate({ ownerIds: [root.id] });
    context.readSet?.predicate({ kinds: referrerKinds(root.kind, context) });
    return (await context.loaders.at(info, (ids) => context.reads.dependents(ids)).load(root.id)) ?? 0;
  }

  @FieldResolver(() => ObjectConnection, {
    description: 'What it owns outside. None at a moment: the log does not tell.',
  })
  objects(
    @Root() root: ResourceView,
    @Arg('first', () => Int, { nullable: true, defaultValue: 100 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() given: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const context = below(root, given);
    const { reads, readSet } = context;
    readSet?.ids([root.id]);
    return batchedConnection(
      root.id,
      { first: first ?? 100, after: after ?? null },
      context,
      info,
      {
        page: (ids, page) => reads.objects(ids, page),
        count: (ids) => reads.countObjects(ids),
        countByHealth: (ids) => reads.countObjectsByHealth(ids),
      },
      (row) => row,
    );
  }

  @FieldResolver(() => EventConnection, { description: 'Newest first. None at a moment: the log does not tell.' })
  events(
    @Root() root: ResourceView,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() given: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const context = below(root, given);
    const { reads, readSet } = context;
    readSet?.ids([root.id]);
    return batchedConnection(
      root.id,
      { first: first ?? 20, after: after ?? null },
      context,
      info,
      {
        page: (ids, page) => reads.eventsOf(ids, { ...page, columns: eventColumnsOf(selectionOf(info)) }),
        count: (ids) => reads.countEventsOf(ids),
      },
      (row) => row,
    );
  }

  @FieldResolver(() => RevisionConnection, { description: 'Newest first. At a moment: those up to it.' })
  revisions(
    @Root() root: ResourceView,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() given: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const context = below(root, given);
    const { reads, readSet } = context;
    readSet?.ids([root.id]);
    return batchedConnection(
      root.id,
      { first: first ?? 20, after: after ?? null },
      context,
      info,
      { page: (ids, page) => reads.revisionsOf(ids, page), count: (ids) => reads.countRevisionsOf(ids) },
      (row) => row,
    );
  }

  @FieldResolver(() => Attempt, {
    nullable: true,
    description: 'null while the last run of its reconciler did well, and at a moment.',
  })
  attempt(@Root() root: ResourceView, @Ctx() given: GraphContext, @Info() info: GraphQLResolveInfo) {
    const context = below(root, given);
    return context.loaders.at(info, (ids) => context.reads.attempts(ids)).load(root.id);
  }

  @FieldResolver(() => [Intent], {
    description: 'What is about to be created outside, or may have been. None at a moment: the log does not tell.',
  })
  async openIntents(@Root() root: ResourceView, @Ctx() given: GraphContext, @Info() info: GraphQLResolveInfo) {
    const context = below(root, given);
    return (await context.loaders.at(info, (ids) => context.reads.openIntents(ids)).load(root.id)) ?? [];
  }
}

function relatives(
  relation: Relation,
  root: ResourceView,
  page: BatchPage,
  context: GraphContext,
  info: GraphQLResolveInfo,
) {
  const { reads } = context;
  return batchedConnection(
    root.id,
    page,
    context,
    info,
    {
      page: (ids, asked) => reads.relatives(relation, ids, asked, resourceColumnsOf(nodesOf(selectionOf(info)))),
      count: (ids) => reads.countRelatives(relation, ids),
      countByHealth: (ids) => reads.countRelativesByHealth(relation, ids),
    },
    (row) => resourceView(row, context),
  );
}

/** Kinds with a reference that may point to this one. */
function referrerKinds(kind: string, { registry }: GraphContext): readonly string[] {
  return registry.kinds
    .filter((other) => other.references.some((reference) => reference.kind === kind || reference.kind === '*'))
    .map((other) => other.name);
}
