import { execute, type GraphQLSchema, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import { createExpanders, type Expanders } from '../model/expand/expanders.js';
import { buildGraph } from '../resolvers/build-graph.js';
import { builtInKinds } from '../schema/kinds/built-in.js';
import { createCompile } from '../server/compile.js';
import { createDocuments, type Documents } from '../server/documents.js';
import type { Executor } from '../server/executor.js';
import { defaultLimits } from '../server/limits.js';

/** What servers of all runs in this process share, for it depends on nothing that happens. */
export interface SharedGraph {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly executor: Executor;
  readonly expanders: Expanders;
}

/** Made once: building the schema takes longer than some runs. */
export function sharedGraph(): SharedGraph {
  shared ??= makeGraph();
  return shared;
}

let shared: SharedGraph | null = null;

function makeGraph(): SharedGraph {
  const schema = buildGraph({ registry: builtInKinds });
  return {
    schema,
    documents: createDocuments(schema, defaultLimits),
    executor: createEagerExecutor(schema),
    expanders: createExpanders(builtInKinds),
  };
}

/**
 * As the server's, but compiles at the first use: what a run does must not depend on which documents the runs before it
 * in this process have used.
 */
function createEagerExecutor(schema: GraphQLSchema): Executor {
  const compile = createCompile(schema);
  const compiled = new WeakMap<OperationDefinitionNode, { readonly form: CompiledQuery | null }>();
  return async ({ document, operation, variables, context, rootValue }) => {
    const known = compiled.get(operation) ?? {
      form: operation.operation === OperationTypeNode.MUTATION ? null : compile(document, operation),
    };
    compiled.set(operation, known);
    if (known.form) return known.form.query(rootValue, context, variables);
    const operationName = operation.name?.value ?? null;
    return execute({ schema, document, operationName, variableValues: variables, contextValue: context, rootValue });
  };
}
