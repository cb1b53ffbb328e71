import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import { createCompile } from './compile.js';

export interface Execution {
  /** Prepared: parsed, validated, within limits. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Checked, not yet coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: object;
  readonly rootValue?: unknown;
}

/**
 * Runs operations: interpreted the first time, compiled from the second on. What is compiled lives as long as its
 * document, and the cache of documents is bounded. Mutations are always interpreted: their time is that of the transaction.
 */
export type Executor = (execution: Execution) => Promise<ExecutionResult>;

export function createExecutor(schema: GraphQLSchema): Executor {
  const compile = createCompile(schema);
  const compiled = new WeakMap<OperationDefinitionNode, CompiledQuery | null>();
  const seen = new WeakSet<OperationDefinitionNode>();

  /** null: not yet, or not possible. */
  const compiledFormOf = (document: DocumentNode, operation: OperationDefinitionNode): CompiledQuery | null => {
    const known = compiled.get(operation);
    if (known !== undefined) return known;
    if (operation.operation === OperationTypeNode.MUTATION) return null;
    if (!seen.has(operation)) {
      seen.add(operation);
      return null;
    }
    const form = compile(document, operation);
    compiled.set(operation, form);
    return form;
  };

  return async ({ document, operation, variables, context, rootValue }) => {
    const form = compiledFormOf(document, operation);
    if (form) return withPlainErrors(await form.query(rootValue, context, variables));
    const operationName = operation.name?.value ?? null;
    return execute({
      schema,
      document,
      operationName,
      variableValues: variables,
      contextValue: context,
      rootValue,
    });
  };
}

/** Errors of graphql-jit lack `extensions`, which Apollo looks into. */
function withPlainErrors(result: ExecutionResult): ExecutionResult {
  if (!result.errors) return result;
  const errors = result.errors.map(({ message, path, locations, originalError }) =>
    Object.assign(new GraphQLError(message, { path, originalError }), { locations }),
  );
  return { ...result, errors };
}
