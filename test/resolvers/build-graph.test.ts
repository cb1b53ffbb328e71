import test from 'ava';
import { GraphQLSchema, validateSchema } from 'graphql';
import { buildGraph } from '../../resolvers/build-graph.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';

test('the graph of the kinds that come with Portolan is valid, which no start checks again', (t) => {
  const { assumeValid, ...config } = buildGraph({ registry: builtInKinds }).toConfig();
  t.true(assumeValid);
  t.deepEqual(validateSchema(new GraphQLSchema(config)), []);
});
