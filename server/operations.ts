import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import type { Actor } from '../db/contract.js';
import type { ReadSetRecorder } from '../db/read/read-set.js';
import { errorText } from '../lib/errors.js';
import type { Leaving } from '../lib/leaving.js';
import { isLiveField } from '../resolvers/live-fields.js';
import type { LiveAttachment, LiveReader, LiveReads, LiveSource } from '../resolvers/live-reads.js';
import type { Executor } from './executor.js';
import type { LiveAnswer } from './live-answer.js';
import type { Asked } from './open-operation.js';

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

/** It writes nothing, so what it reads may be read together with what others ask at the same moment. */
export interface OperationTraits {
  readonly isQuery: boolean;
}

/** A fresh context for every execution: what a context remembers must not outlive the state that it was read from. */
export type CreateContext = (actor: Actor, options: ContextOptions, traits?: OperationTraits) => object;

/** Runs the operations of sockets. Neither verb rejects: what fails is in the result. */
export interface Operations {
  execute(operation: Operation): Promise<ExecutionResult>;
  /** For subscriptions with a source of their own. The iterator's return() detaches at once, also while next() waits. */
  subscribe(operation: Operation): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
  /** Whether it is the live form of a query, which is attached to. */
  isLive(asked: Asked): boolean;
  attach(asked: Asked, reader: LiveReader<LiveAnswer>): LiveAttachment;
}

export interface OperationsOptions {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly createContext: CreateContext;
  readonly live: LiveReads<ExecutionResult, LiveAnswer>;
}

export function createOperations({ schema, executor, createContext, live }: OperationsOptions): Operations {
  const run = async (operation: Operation, rootValue?: unknown): Promise<ExecutionResult> =>
    executor({
      document: operation.document,
      operation: operation.definition,
      variables: operation.variables,
      rootValue,
      context: createContext(operation.actor, { signal: operation.signal }),
    });

  const liveDefinitions = new WeakMap<OperationDefinitionNode, boolean>();
  const serials = new WeakMap<OperationDefinitionNode, number>();
  let serial = 0;
  /** Equal for what gives equal answers to both askers: the same operation of the same text, and equal rights. */
  const keyOf = ({ actor, definition, variables }: Asked): string => {
    let known = serials.get(definition);
    if (known === undefined) {
      serial += 1;
      known = serial;
      serials.set(definition, known);
    }
    // One string in one piece: what is put together piece by piece keeps the pieces.
    return [known, actor.role, [...(actor.projectIds ?? [])].sort().join(), JSON.stringify(variables)].join(' ');
  };

  const runs = { createContext, executor };

  return {
    execute: (operation) => run(operation).catch(failed),
    async subscribe(operation) {
      try {
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
    isLive({ document, definition }) {
      const known = liveDefinitions.get(definition);
      if (known !== undefined) return known;
      const field = definition.operation === OperationTypeNode.SUBSCRIPTION ? rootFieldOf(document, definition) : null;
      const isLive = field !== null && isLiveField(schema, field);
      liveDefinitions.set(definition, isLive);
      return isLive;
    },
    attach(asked, reader) {
      return live.attach(new SharedRead(keyOf(asked), asked, runs), reader);
    },
  };
}

/** A class, for there may be one for each of thousands of readers. */
class SharedRead implements LiveSource<ExecutionResult> {
  readonly actor: Actor;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Asked['variables'];

  constructor(
    readonly key: string,
    { actor, document, definition, variables }: Asked,
    readonly runs: Pick<OperationsOptions, 'createContext' | 'executor'>,
  ) {
    this.actor = sharedActor(actor);
    this.document = document;
    this.operation = definition;
    this.variables = variables;
  }

  readOnce(readSet: ReadSetRecorder, leaving: Leaving): Promise<ExecutionResult> {
    const { document, operation, variables } = this;
    const { createContext, executor } = this.runs;
    const context = createContext(this.actor, {
      readSet,
      get signal() {
        return leaving.signal;
      },
    });
    return executor({ document, operation, variables, context }).catch(failed);
  }
}

/** Who asks in a shared read: all that have these rights. A refusal must not tell one of them the name of another. */
function sharedActor(actor: Actor): Actor {
  const known = sharedActors.get(actor) ?? { ...actor, name: 'this token' };
  sharedActors.set(actor, known);
  return known;
}

const sharedActors = new WeakMap<Actor, Actor>();

function argumentsOf(schema: GraphQLSchema, { document, definition, variables }: Operation): ExecutionArgs {
  return { schema, document, variableValues: variables, operationName: definition.name?.value ?? null };
}

function failed(error: unknown): ExecutionResult {
  if (error instanceof GraphQLError) return { errors: [error] };
  const originalError = error instanceof Error ? error : new Error(errorText(error));
  return { errors: [new GraphQLError(originalError.message, { originalError })] };
}

/** The name of the one root field of a subscription: validation has made sure that there is only one. */
function rootFieldOf(document: DocumentNode, definition: OperationDefinitionNode): string | null {
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
