import test from 'ava';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { startTestServer } from '../helpers/server.js';

test('a document answers the same when it is interpreted, the first time, and when it is compiled, from the second on', async (t) => {
  const server = await startTestServer(t);
  await server.store.commit(
    makeChangeset([
      makeEdit.runtime('local', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.tier('dev', { spec: { order: 7 } }),
      makeEdit.app('shop'),
      makeEdit.instance('shop', 'dev'),
    ]),
    { principalId: crypto.randomUUID(), name: 'operator', role: 'operator' },
  );
  const cases: readonly { readonly document: string; readonly variables?: object }[] = [
    { document: '{ me { name } kinds { name columns { header } } }' },
    {
      document: `query Tree($name: String!, $withOwner: Boolean = true) {
        a: appInstance(name: $name, environment: "dev") { ...Part spec { app release } children { nodes { ...Part owner @include(if: $withOwner) { name } } } }
        b: appInstance(name: "nobody", environment: "dev") { ...Part }
      }
      fragment Part on Resource { __typename id name status { health } references { path target { kind name } } }`,
      variables: { name: 'shop' },
    },
    { document: '{ resources(first: 1000) { totalCount } plane { version } }' },
    { document: '{ node(id: "no-id") { id } }' },
    {
      document: 'query ($filter: ResourceFilter) { resources(filter: $filter) { totalCount } }',
      variables: { filter: { kinds: ['Ap'] } },
    },
    { document: 'query ($first: Int!) { resources(first: $first) { totalCount } }', variables: { first: 'many' } },
    {
      document: `mutation Again($input: ApplyInput!) { apply(input: $input) {
        __typename edits { ...Of result kept { path } resource { __typename name version ... on Tier { spec { order } } } } } }
      fragment Of on AppliedEdit { op kind name resourceId }`,
      variables: { input: { edits: [{ op: 'APPLY', kind: 'Tier', name: 'dev', spec: { order: 7 } }] } },
    },
    {
      document: `mutation ($input: UpdateTierInput!) {
        first: updateTier(input: $input) { name version labels } second: updateTier(input: $input) { name version } }`,
      variables: { input: { name: 'dev', labels: { team: 'a' } } },
    },
    {
      document: 'mutation ($input: UpdateTierInput!) { updateTier(input: $input) { name } }',
      variables: { input: { name: 'dev', expectedVersion: 99, spec: { order: 8 } } },
    },
    {
      document: 'mutation ($input: UpdateTierInput!) { updateTier(input: $input) { name } }',
      variables: { input: { name: 'dev', spec: { order: 'first' } } },
    },
    { document: 'mutation { deleteTier(input: { name: "nobody" }) { changesetId } }' },
  ];
  for (const { document, variables } of cases) {
    const first = await server.query(document, variables);
    t.deepEqual(await server.query(document, variables), first, document);
    t.deepEqual(await server.query(document, variables), first, document);
  }
});
