import { type DocumentNode, type GraphQLSchema, type OperationDefinitionNode, validate, visit } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { compiledSize } from './compiled-size.js';
import { genericSchema } from './generic-schema.js';

/** Compiles an operation; null when it is better left interpreted. */
export type Compile = (document: DocumentNode, operation: OperationDefinitionNode) => CompiledQuery | null;

/**
 * Compiles what a document asks for. One that asks no kind for its own fields is compiled once for all of them. Others
 * are compiled for each kind that they may meet, which multiplies with each level of resources below resources: up to a
 * bound, above which they stay interpreted.
 */
export function createCompile(schema: GraphQLSchema): Compile {
  let generic: GraphQLSchema | null = null;
  return (document, operation) => {
    generic ??= genericSchema(schema);
    const isGeneric = !asksForTypes(document) && validate(generic, document, undefined, { maxErrors: 1 }).length === 0;
    const chosen = isGeneric ? generic : schema;
    if (compiledSize(chosen, document, operation, MOST_FIELDS) > MOST_FIELDS) return null;
    const result = compileQuery(chosen, document, operation.name?.value);
    return isCompiledQuery(result) ? result : null;
  };
}

/** Compiling costs some 100 microseconds and some kilobytes a field. */
const MOST_FIELDS = 5_000;

/** The name of the one type would not be the answer. */
function asksForTypes(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field({ name }) {
      if (name.value.startsWith('__')) found = true;
    },
  });
  return found;
}
