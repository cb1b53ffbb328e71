import { pathToFileURL } from 'node:url';
import test from 'ava';
import { parse, validate } from 'graphql';
import { buildGraph } from '../../resolvers/build-graph.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import { defaultLimits } from '../../server/limits.js';
import { measureDocument } from '../../server/measure-document.js';

test('the samples of the explorer are valid on the graph of the built-in kinds, and within its limits', async (t) => {
  const file = pathToFileURL('server/explorer/explorer-samples.js');
  const { samples } = (await import(file.href)) as { samples: readonly { title: string; query: string }[] };
  const schema = buildGraph({ registry: builtInKinds });
  t.true(samples.length > 3);
  for (const { title, query } of samples) {
    const document = parse(query);
    t.deepEqual(validate(schema, document).map(String), [], title);
    t.true(measureDocument(document).depth <= defaultLimits.depth, title);
  }
});
