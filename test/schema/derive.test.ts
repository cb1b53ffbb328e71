import test from 'ava';
import { type GraphQLSchema, isInputObjectType, isObjectType } from 'graphql';
import { Type } from 'typebox';
import { createKindRegistry, defineKind, mark } from '../../lib/kind.js';
import { camelCase } from '../../lib/names.js';
import { buildGraph, ownFields } from '../../resolvers/build-graph.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import { closed, nothing } from '../../schema/kinds/shapes.js';

const queueKind = defineKind({
  name: 'Queue',
  plural: 'Queues',
  docs: 'Holds messages.',
  scope: 'environment',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    size: Type.Union([Type.Literal('small'), Type.Literal('large')]),
    messages: Type.Optional(Type.Integer({ description: 'At most.' })),
    ratio: Type.Optional(Type.Number()),
    tags: Type.Array(Type.String()),
    password: Type.String({ ...mark.secret }),
    dead: Type.Optional(closed({ after: Type.Integer(), reasons: Type.Array(closed({ text: Type.String() })) })),
    anything: Type.Object({}, { additionalProperties: true }),
    exact: Type.Literal('always'),
    strange: Type.Union([Type.Literal('with-dash'), Type.Literal('x')]),
  }),
  observed: closed({ depth: Type.Integer() }),
  outputs: nothing,
  references: [],
  immutable: [],
  lease: { per: 'shard' },
  madeBy: 'user',
  columns: [],
  fixtures: {},
});
const withQueue = createKindRegistry([...builtInKinds.kinds, queueKind]);

test('a kind becomes a type of the graph, with typed fields for all that GraphQL can say', (t) => {
  const schema = buildGraph({ registry: withQueue });
  t.like(fieldsOf(schema, 'Queue'), { spec: 'QueueSpec!', observed: 'QueueObserved', id: 'ID!', project: 'Project' });
  t.is(fieldsOf(schema, 'Queue').outputs, undefined);
  t.deepEqual(fieldsOf(schema, 'QueueSpec'), {
    size: 'QueueSpecSize!',
    messages: 'Int',
    ratio: 'Float',
    tags: '[String!]!',
    password: 'SecretReference!',
    dead: 'QueueSpecDead',
    anything: 'JSON!',
    exact: 'String!',
    strange: 'String!',
  });
  t.deepEqual(fieldsOf(schema, 'QueueSpecDead'), { after: 'Int!', reasons: '[QueueSpecDeadReasons!]!' });
  // What an older controller reported may lack what is new.
  t.deepEqual(fieldsOf(schema, 'QueueObserved'), { depth: 'Int' });
});

test('inputs of a kind mirror its spec, and a secret may be a text or a reference', (t) => {
  const schema = buildGraph({ registry: withQueue });
  t.like(fieldsOf(schema, 'QueueSpecInput'), { size: 'QueueSpecSize!', dead: 'QueueSpecDeadInput', password: 'JSON!' });
  t.deepEqual(fieldsOf(schema, 'CreateQueueInput'), {
    name: 'String!',
    project: 'String',
    environment: 'String!',
    labels: 'JSON',
    spec: 'QueueSpecInput!',
    manager: 'String',
    idempotencyKey: 'String',
  });
  t.deepEqual(fieldsOf(schema, 'QueueSpecFilter'), {
    size: 'QueueSpecSize',
    messages: 'Int',
    ratio: 'Float',
    exact: 'String',
    strange: 'String',
  });
});

test('two registries in one process have graphs of their own, and each is built once', (t) => {
  const own = buildGraph({ registry: builtInKinds });
  t.is(buildGraph({ registry: builtInKinds }), own);
  t.is(own.getType('Queue'), undefined);
  t.truthy(buildGraph({ registry: withQueue }).getType('Queue'));
  t.deepEqual(fieldsOf(own, 'App'), fieldsOf(buildGraph({ registry: withQueue }), 'App'));
});

test('every kind has its queries, and those that people make their mutations', (t) => {
  const schema = buildGraph({ registry: builtInKinds });
  const queries = Object.keys(schema.getQueryType()?.getFields() ?? {});
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
  for (const { name, plural, madeBy } of builtInKinds.kinds) {
    t.true(queries.includes(camelCase(name)) && queries.includes(camelCase(plural)), name);
    for (const verb of ['create', 'update', 'delete']) {
      t.is(mutations.includes(`${verb}${name}`), madeBy === 'user', `${verb}${name}`);
    }
  }
});

test('a kind cannot take the place of a field of the graph', (t) => {
  const named = (name: string, plural: string) =>
    createKindRegistry([...builtInKinds.kinds, { ...queueKind, name, plural }]);
  t.throws(() => buildGraph({ registry: named('Me', 'Mes') }), { message: /A kind cannot be called Me: / });
  t.throws(() => buildGraph({ registry: named('Thing', 'Changes') }), { message: /A kind cannot be called Changes: / });
  const schema = buildGraph({ registry: builtInKinds });
  const derived = builtInKinds.kinds.flatMap(({ name, plural }) => [camelCase(name), camelCase(plural)]);
  const fields = [schema.getQueryType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  );
  t.deepEqual([...new Set(fields)].filter((name) => !derived.includes(name)).toSorted(), [...ownFields].toSorted());
});

function fieldsOf(schema: GraphQLSchema, name: string): Record<string, string> {
  const type = schema.getType(name);
  if (!isObjectType(type) && !isInputObjectType(type)) throw new Error(`${name} is not there.`);
  return Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, String(field.type)]));
}
