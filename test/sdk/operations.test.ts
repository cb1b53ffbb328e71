import test from 'ava';
import { type DocumentNode, Kind, print, validate } from 'graphql';
import { buildGraph } from '../../resolvers/build-graph.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import * as generated from '../../sdk/generated/operations.js';
import { defaultLimits } from '../../server/limits.js';
import { measureDocument } from '../../server/measure-document.js';

/** Documents of fragments alone are generated too; they are parts of the others. */
const documents: readonly DocumentNode[] = Object.values(generated).flatMap((value) =>
  typeof value === 'object' && value.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION) ? [value] : [],
);

test('every operation of the SDK is one that the server can answer', (t) => {
  const schema = buildGraph({ registry: builtInKinds });
  t.true(documents.length > 30, `${documents.length} documents`);
  for (const document of documents) {
    t.deepEqual(
      validate(schema, document).map((error) => error.message),
      [],
      print(document).slice(0, 100),
    );
  }
});

test('every operation of the SDK stays within the limits of a server', (t) => {
  for (const document of documents) {
    const size = measureDocument(document);
    const title = print(document).slice(0, 100);
    t.true(size.depth <= defaultLimits.depth, `${size.depth} levels: ${title}`);
    t.true(size.fields <= defaultLimits.fields, `${size.fields} fields: ${title}`);
    t.true(print(document).length <= defaultLimits.documentCharacters, title);
  }
});
