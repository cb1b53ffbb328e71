import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Actor } from '../db/contract.js';
import type { ReadSetRecorder } from '../db/read/read-set.js';
import { errorText } from '../lib/errors.js';
import { isLiveField } from '../resolvers/live-fields.js';
import type { LiveReads } from '../resolvers/live-reads.js';
import type { Executor } from './executor.js';

/** One operation of one client, parsed and validated. */
export interface Operation {
  readonly actor: Actor;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
}

export interface ContextOptions {
  readonly signal: AbortSignal;
  readonly readSet?: ReadSetRecorder;
}

/** A fresh context for every execution: what a context remembers must not outlive the state that it was read from. */
export type CreateContext = (actor: Actor, options: ContextOptions) => object;

/** Runs the operations of sockets. Neither verb rejects: what fails is in the result. */
export interface Operations {
  execute(operation: Operation): Promise<ExecutionResult>;
  /** The iterator's return() detaches at once, also while next() waits. */
  subscribe(operation: Operation): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
}

export interface OperationsOptions {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly createContext: CreateContext;
  readonly live: LiveReads<ExecutionResult>;
}

export function createOperations({ schema, executor, createContext, live }: OperationsOptions): Operations {
  const run = async (operation: Operation, rootValue?: unknown, readSet?: ReadSetRecorder): Promise<ExecutionResult> =>
    executor({
      document: operation.document,
      operation: operation.definition,
      variables: operation.variables,
      rootValue,
      context: createContext(operation.actor, { signal: operation.signal, ...(readSet && { readSet }) }),
    });

  return {
    execute: (operation) => run(operation).catch(failed),
    async subscribe(operation) {
      try {
        const field = rootFieldOf(operation);
        if (field !== null && isLiveField(schema, field))
          return live.open((readSet) => run(operation, undefined, readSet));
        const events = await createSourceEventStream({
          ...argumentsOf(schema, operation),
          contextValue: createContext(operation.actor, { signal: operation.signal }),
        });
        if (!isAsyncIterator(events)) return events as ExecutionResult;
        return mapIterator(events, (event) => run(operation, event));
      } catch (error) {
        return failed(error);
      }
    },
  };
}

function argumentsOf(schema: GraphQLSchema, { document, definition, variables }: Operation): ExecutionArgs {
  return { schema, document, variableValues: variables, operationName: definition.name?.value ?? null };
}

function failed(error: unknown): ExecutionResult {
  if (error instanceof GraphQLError) return { errors: [error] };
  const originalError = error instanceof Error ? error : new Error(errorText(error));
  return { errors: [new GraphQLError(originalError.message, { originalError })] };
}

/** The name of the one root field of a subscription: validation has made sure that there is only one. */
function rootFieldOf({ document, definition }: Operation): string | null {
  const first = ({ selections: [selection] }: SelectionSetNode): string | null => {
    switch (selection?.kind) {
      case Kind.FIELD:
        return selection.name.value;
      case Kind.INLINE_FRAGMENT:
        return first(selection.selectionSet);
      case Kind.FRAGMENT_SPREAD: {
        const name = selection.name.value;
        for (const other of document.definitions) {
          if (other.kind === Kind.FRAGMENT_DEFINITION && other.name.value === name) return first(other.selectionSet);
        }
        return null;
      }
      default:
        return null;
    }
  };
  return first(definition.selectionSet);
}

function isAsyncIterator(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function';
}

/** By hand, so that return() reaches the source at once instead of queueing behind a next() that waits. */
function mapIterator<From, To>(
  source: AsyncIterator<From>,
  map: (value: From) => Promise<To>,
): AsyncIterableIterator<To> {
  return {
    async next() {
      const result = await source.next();
      return result.done ? { value: undefined, done: true } : { value: await map(result.value), done: false };
    },
    async return() {
      await source.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
