import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import type { Compile } from './compile.js';

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
 * document, and the cache of documents is bounded.
 */
export type Executor = (execution: Execution) => Promise<ExecutionResult>;

export function createExecutor(schema: GraphQLSchema): Executor {
  let loading: Promise<Compile> | null = null;
  const compiled = new WeakMap<OperationDefinitionNode, CompiledQuery | null>();
  const seen = new WeakSet<OperationDefinitionNode>();

  /** null: not possible. What compiles is loaded when it is needed first, which the first answer of a server is not. */
  const compile = async (document: DocumentNode, operation: OperationDefinitionNode): Promise<CompiledQuery | null> => {
    loading ??= import('./compile.js').then(({ createCompile }) => createCompile(schema));
    const compileNow = await loading;
    const known = compiled.get(operation);
    if (known !== undefined) return known;
    const form = compileNow(document, operation);
    compiled.set(operation, form);
    return form;
  };

  const isHot = (operation: OperationDefinitionNode): boolean => {
    if (seen.has(operation)) return true;
    seen.add(operation);
    return false;
  };

  return async ({ document, operation, variables, context, rootValue }) => {
    let form = compiled.get(operation);
    if (form === undefined && isHot(operation)) form = await compile(document, operation);
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
