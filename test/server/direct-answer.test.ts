import test from 'ava';
import { startTestServer } from '../helpers/server.js';

/** What both ways have to answer alike: right, refused by a rule, by the graph's types, by rights, by the document. */
const bodies: Readonly<Record<string, object>> = {
  'a read': { query: '{ resources { nodes { kind name createdAt status { health } } totalCount } }' },
  'a read with variables': {
    query: 'query Of($kinds: [String!]) { resources(filter: { kinds: $kinds }) { nodes { name } } }',
    variables: { kinds: ['Project'] },
    operationName: 'Of',
  },
  'one of several operations': { query: 'query A { me { name } } query B { me { role } }', operationName: 'B' },
  'no variables': { query: '{ me { name } }', variables: null, operationName: null },
  introspection: { query: '{ __schema { queryType { name } } }' },
  'an error of a nullable field': { query: '{ node(id: "x") { id } me { name } }' },
  'an error that leaves no data': { query: '{ resources(first: 501) { totalCount } }' },
  'a mutation that is refused': { query: 'mutation { apply(input: { edits: [] }) { cursor } }' },
  'a mutation without the right': {
    query: 'mutation { registerController(input: { holder: "x", kinds: [], version: "1" }) { holder } }',
  },
};

for (const [title, body] of Object.entries(bodies)) {
  test(`${title} has the same answer with and without Apollo`, async (t) => {
    const server = await startTestServer(t);
    const ask = async (accept: string, sent: object) => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${server.operatorToken}` },
        body: JSON.stringify(sent),
      });
      const { date: _, ...headers } = Object.fromEntries(response.headers);
      return { status: response.status, headers, text: await response.text() };
    };
    for (const accept of ['*/*', 'application/json', 'application/graphql-response+json']) {
      // Twice: interpreted, then compiled. A body with extensions is Apollo's.
      for (let count = 0; count < 2; count += 1) {
        const direct = await ask(accept, body);
        t.deepEqual(direct, await ask(accept, { ...body, extensions: {} }), accept);
      }
    }
  });
}
