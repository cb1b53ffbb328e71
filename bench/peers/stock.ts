import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { defineEntity, p } from '@mikro-orm/core';
import { MikroORM } from '@mikro-orm/postgresql';
import { GraphQLScalarType } from 'graphql';
import {
  Arg,
  buildSchema,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  InterfaceType,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { config, isOperator, ready } from './peer.ts';

/*
 * The same frameworks used naively: type-graphql classes as they come, every row an entity that MikroORM hydrates, every
 * relation asked for where it is needed. Node strips types but knows no decorators, so they are called as functions.
 */

const StatusEntity = defineEntity({
  name: 'StatusEntity',
  tableName: 'resource_status',
  properties: {
    resourceId: p.uuid().primary(),
    observedGeneration: p.integer(),
    version: p.integer(),
    health: p.string(),
    isStale: p.boolean(),
    conditions: p.json(),
  },
});
const ResourceEntity = defineEntity({
  name: 'ResourceEntity',
  tableName: 'resource',
  properties: {
    id: p.uuid().primary(),
    kind: p.string(),
    ownerId: p.uuid().nullable(),
    name: p.string(),
    generation: p.integer(),
    version: p.integer(),
    labels: p.json(),
    spec: p.json(),
    managers: p.json(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});
const ReferenceEntity = defineEntity({
  name: 'ReferenceEntity',
  tableName: 'reference',
  properties: { fromId: p.uuid().primary(), path: p.string().primary(), toId: p.uuid() },
});
const EventEntity = defineEntity({
  name: 'EventEntity',
  tableName: 'event',
  properties: {
    id: p.bigint().primary(),
    resourceId: p.uuid(),
    type: p.string(),
    reason: p.string(),
    message: p.string(),
    lastAt: p.datetime(),
  },
});

const { host, port, user, database } = config;
const orm = await MikroORM.init({
  host,
  port,
  user,
  dbName: database,
  pool: { min: 1, max: 16 },
  entities: [StatusEntity, ResourceEntity, ReferenceEntity, EventEntity],
});

interface Context {
  readonly em: typeof orm.em;
}
interface Row {
  readonly id: string;
  readonly createdAt: Date;
  readonly generation: number;
}

const Json = new GraphQLScalarType({ name: 'JSON', serialize: (value) => value });
class Node {}
class Spec {}
class Status {}
class AppInstance extends Node {}
class Event {}
class EventConnection {}
class Resource {}
class ResourceConnection {}
class App {}
class AppConnection {}

const fields = (type: abstract new () => object, named: Readonly<Record<string, () => unknown>>) => {
  for (const [name, of] of Object.entries(named))
    Field(of as never, { nullable: name === 'release' })(type.prototype, name);
};
fields(Node, { id: () => ID });
InterfaceType({ resolveType: () => 'AppInstance' })(Node as never);
fields(Spec, { app: () => String, release: () => Int, parameters: () => Json });
ObjectType()(Spec);
fields(Status, { health: () => String, observedGeneration: () => Int });
ObjectType()(Status);
fields(AppInstance, {
  name: () => String,
  generation: () => Int,
  version: () => Int,
  labels: () => Json,
  spec: () => Spec,
});
ObjectType({ implements: Node as never })(AppInstance);
fields(Event, { type: () => String, reason: () => String, message: () => String });
ObjectType()(Event);
fields(EventConnection, { nodes: () => [Event] });
ObjectType()(EventConnection);
fields(Resource, { id: () => ID, name: () => String });
ObjectType()(Resource);
fields(ResourceConnection, { nodes: () => [Resource] });
ObjectType()(ResourceConnection);
fields(App, { id: () => ID, name: () => String });
ObjectType()(App);
fields(AppConnection, { nodes: () => [App] });
ObjectType()(AppConnection);

class Queries {
  node(id: string, { em }: Context) {
    return em.findOne(ResourceEntity, { id });
  }
  async apps(first: number, { em }: Context) {
    return {
      nodes: await em.find(ResourceEntity, { kind: 'App' }, { orderBy: { name: 'asc', id: 'asc' }, limit: first }),
    };
  }
}
method(
  Queries,
  'node',
  Query(() => Node, { nullable: true }),
  [['id', () => ID]],
);
method(
  Queries,
  'apps',
  Query(() => AppConnection),
  [['first', () => Int]],
);
Resolver()(Queries);

class InstanceFields {
  createdAt(root: Row) {
    return root.createdAt.toISOString();
  }
  status(root: Row, { em }: Context) {
    return em.findOneOrFail(StatusEntity, { resourceId: root.id });
  }
}
method(
  InstanceFields,
  'createdAt',
  FieldResolver(() => String),
  [],
  true,
);
method(
  InstanceFields,
  'status',
  FieldResolver(() => Status),
  [],
  true,
);
Resolver(() => AppInstance)(InstanceFields);

class AppFields {
  async referrers(root: Row, first: number, { em }: Context) {
    const references = await em.find(ReferenceEntity, { toId: root.id });
    const ids = references.map(({ fromId }) => fromId);
    const nodes = await em.find(ResourceEntity, { id: ids }, { orderBy: { name: 'asc', id: 'asc' }, limit: first });
    return { nodes };
  }
}
method(
  AppFields,
  'referrers',
  FieldResolver(() => ResourceConnection),
  [['first', () => Int]],
  true,
);
Resolver(() => App)(AppFields);

class ResourceFields {
  async children(root: Row, first: number, { em }: Context) {
    const nodes = await em.find(
      ResourceEntity,
      { ownerId: root.id },
      { orderBy: { name: 'asc', id: 'asc' }, limit: first },
    );
    return { nodes };
  }
  async events(root: Row, first: number, { em }: Context) {
    const orderBy = { lastAt: 'desc', id: 'desc' } as const;
    return { nodes: await em.find(EventEntity, { resourceId: root.id }, { orderBy, limit: first }) };
  }
}
method(
  ResourceFields,
  'children',
  FieldResolver(() => ResourceConnection),
  [['first', () => Int]],
  true,
);
method(
  ResourceFields,
  'events',
  FieldResolver(() => EventConnection),
  [['first', () => Int]],
  true,
);
Resolver(() => Resource)(ResourceFields);

function method(
  type: new () => object,
  name: string,
  kind: MethodDecorator,
  args: readonly (readonly [string, () => unknown])[],
  hasRoot = false,
): void {
  const shift = hasRoot ? 1 : 0;
  kind(type.prototype, name, {});
  if (hasRoot) Root()(type.prototype, name, 0);
  args.forEach(([argument, of], index) => {
    Arg(argument, of as never)(type.prototype, name, index + shift);
  });
  const count = args.length + shift;
  if (type.prototype && name !== 'createdAt') Ctx()(type.prototype, name, count);
}

const schema = await buildSchema({
  resolvers: [Queries, InstanceFields, AppFields, ResourceFields],
  validate: false,
  orphanedTypes: [AppInstance],
});
const server = new ApolloServer<Context>({ schema });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({ req }) => {
    if (!isOperator(req.headers.authorization)) throw new Error('Nobody asks.');
    return { em: orm.em.fork() };
  },
});
ready(url);
