import anyTest, { type TestFn } from 'ava';
import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { guardedReads, permissions } from '../../resolvers/permissions.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  t.context = { plane, graph: createTestGraph(plane) };
});
test.after.always((t) => t.context.plane?.drop());

test('the table of permissions has every mutation of the schema, and nothing else', (t) => {
  const mutations = t.context.graph.schema.getMutationType()?.getFields() ?? {};
  t.deepEqual([...permissions(builtInKinds).keys()].sort(), Object.keys(mutations).sort());
});

test('every mutation is FORBIDDEN to the other roles, whatever its input, and nothing is written', async (t) => {
  const { graph, plane } = t.context;
  const before = await plane.rows('select count(*) as rows, max(seq) as seq from revision');
  const developer = { principalId: crypto.randomUUID(), name: 'ann', role: 'developer', projectIds: [] } as const;
  for (const [mutation, { roles }] of permissions(builtInKinds)) {
    const field = graph.schema.getMutationType()?.getFields()[mutation];
    const [input] = field?.args ?? [];
    if (!field || !input) throw new Error(`${mutation} has no input.`);
    for (const actor of [plane.operator, plane.controller, developer].filter((each) => !roles.includes(each.role))) {
      const { errors } = await graph.run(
        `mutation ($input: ${input.type}) { ${mutation}(input: $input) { __typename } }`,
        { variables: { input: sample(input.type) }, actor },
      );
      t.is(Object(errors[0]?.original).code, 'FORBIDDEN', `${mutation} of ${actor.name}: ${errors[0]?.message}`);
    }
  }
  t.deepEqual(await plane.rows('select count(*) as rows, max(seq) as seq from revision'), before);
});

test('reads of the outside are FORBIDDEN to other roles, by query and by subscription', async (t) => {
  const { graph, plane } = t.context;
  t.deepEqual(Object.keys(guardedReads).sort(), [
    'Object.live',
    'Query.adoption',
    'Query.logs',
    'Query.objectPlan',
    'Query.plan',
    'Query.tokens',
    'Subscription.logs',
    'Subscription.probes',
  ]);
  for (const [place, { roles }] of Object.entries(guardedReads)) {
    const actor = roles.includes('operator') ? plane.controller : plane.operator;
    const [typeName = '', name = ''] = place.split('.');
    const type = graph.schema.getType(typeName);
    if (!isObjectType(type)) throw new Error(`${typeName} is no type.`);
    const field = type.getFields()[name];
    const call = field?.subscribe ?? field?.resolve;
    if (!call) throw new Error(`${place} has no resolver.`);
    const error = t.throws(() => call({}, {}, { actor }, {} as never), undefined, place);
    t.is(Object(error).code, 'FORBIDDEN', `${place}: ${error?.message}`);
    if (typeName !== 'Query') continue;
    const documents: Readonly<Record<string, string>> = {
      plan: 'plan(input: { edits: [] }) { hash }',
      tokens: 'tokens { id }',
      adoption: 'adoption(input: { runtime: "x", namespace: "x", app: "x", environment: "x" }) { digest }',
    };
    const asked = documents[name] ?? `${name}(id: "x") { unavailable }`;
    const { errors } = await graph.run(`{ ${asked} }`, { actor });
    t.is(Object(errors[0]?.original).code, 'FORBIDDEN', place);
  }
});

test('a credential that is refused for the role is recorded all the same', async (t) => {
  const { graph, plane } = t.context;
  const resourceId = crypto.randomUUID();
  await graph.run(
    `mutation ($input: ReleaseCredentialInput!) { releaseCredential(input: $input) { secrets { value } } }`,
    { variables: { input: { resourceId, fence: { holder: 'somebody', epoch: 1 } } } },
  );
  t.like(await plane.rows('select actor, action, is_allowed from audit where resource_id = $1', [resourceId]), [
    { actor: 'operator', action: 'releaseCredential', is_allowed: false },
  ]);
});

/** The least that a type accepts. */
function sample(type: GraphQLInputType): unknown {
  if (!isNonNullType(type)) return null;
  const inner = type.ofType;
  if (isListType(inner)) return [];
  if (isEnumType(inner)) return inner.getValues()[0]?.name;
  if (isInputObjectType(inner)) {
    return Object.fromEntries(Object.values(inner.getFields()).map((field) => [field.name, sample(field.type)]));
  }
  if (!isScalarType(inner)) throw new Error(`${inner} is not an input.`);
  return { Int: 1, Float: 1, Boolean: false, JSON: {}, ID: crypto.randomUUID() }[inner.name] ?? 'text';
}
