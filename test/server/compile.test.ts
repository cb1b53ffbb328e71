import test from 'ava';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { buildGraph } from '../../resolvers/build-graph.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import * as operations from '../../sdk/generated/operations.js';
import { createCompile } from '../../server/compile.js';

const compile = createCompile(buildGraph({ registry: builtInKinds }));
const operationOf = (document: ReturnType<typeof parse>) =>
  document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode | undefined;
const compiles = (text: string) => {
  const document = parse(text);
  const operation = operationOf(document);
  return operation !== undefined && compile(document, operation) !== null;
};

test('every document of the SDK that reads is compiled, however deep it goes', (t) => {
  const documents = Object.values(operations).filter((value) => typeof value === 'object' && 'definitions' in value);
  t.true(documents.length > 30);
  for (const document of documents) {
    const operation = operationOf(document);
    // A fragment by itself is none.
    if (operation && operation.operation !== 'mutation')
      t.not(compile(document, operation), null, operation.name?.value);
  }
});

const references = (depth: number, leaf: string): string =>
  depth === 0 ? leaf : `name references { target { ${references(depth - 1, leaf)} } }`;

test('a document that makes a difference between kinds is compiled while that is small', (t) => {
  t.true(compiles('{ resources(first: 1) { nodes { name ... on App { spec { description } } } } }'));
  t.false(compiles(`{ resources(first: 1) { nodes { ${references(4, '... on App { spec { description } }')} } } }`));
  t.true(compiles(`{ resources(first: 1) { nodes { ${references(4, 'name')} } } }`));
});

test('a document that asks for the name of a type is not taken for one that does not', (t) => {
  t.false(compiles(`{ resources(first: 1) { nodes { ${references(4, '__typename')} } } }`));
});
