import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import { type Context, handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Actor } from '../db/contract.js';
import type { Clock } from '../lib/clock.js';
import { BadInputError, errorText, LimitExceededError, UnauthenticatedError } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import { afterReads } from './after-reads.js';
import { type Authenticate, authenticateBearer } from './bearer.js';
import { checkVariables } from './coerce-variables.js';
import type { Documents } from './documents.js';
import type { FormatError } from './format-error.js';
import type { Limits } from './limits.js';
import type { Metrics } from './metrics.js';
import type { Operation, Operations } from './operations.js';
import { attachSocket } from './socket.js';

/** All WebSockets: graphql-transport-ws, one operation or many on each. */
export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stats(): { readonly sockets: number; readonly subscriptions: number };
  /** Ends every operation and socket, with 1001 "Going away". Clients come back to another server, or later. */
  close(): Promise<void>;
}

export interface SocketsOptions {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly operations: Operations;
  readonly authenticate: Authenticate;
  readonly formatError: FormatError;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What is known of a socket. */
interface Extra {
  readonly socket: WebSocket;
  /** It has said who it is, so it is not waited for any more. */
  readonly endWait: () => void;
  actor: Actor | null;
  /** Operations by their message: a client may use an id again as soon as it has ended the one before. */
  readonly open: Map<object, OpenOperation>;
}

interface OpenOperation {
  readonly operation: Operation;
  readonly leaving: AbortController;
  readonly startMs: number;
  code: string;
}

export function createSockets(options: SocketsOptions): Sockets {
  const { documents, operations, limits, clock, formatError, log } = options;
  const all = new Map<WebSocket, Extra>();
  const byArguments = new WeakMap<object, Operation>();
  const operationOf = (args: ExecutionArgs): Operation => {
    const operation = byArguments.get(args);
    if (!operation) throw new Error('An operation came without onSubscribe.');
    return operation;
  };

  const server = makeServer<Record<string, unknown>, Extra>({
    // It is waited for below.
    connectionInitWaitTimeout: 0,
    async onConnect({ connectionParams, extra }) {
      extra.endWait();
      try {
        extra.actor = await authenticateBearer(connectionParams?.authorization, options.authenticate);
        return true;
      } catch (error) {
        const isRefused = error instanceof UnauthenticatedError;
        options.metrics.socketEnded(isRefused ? 'unauthenticated' : 'unavailable');
        const { message } = formatError(error);
        extra.socket.close(isRefused ? CLOSE_UNAUTHORIZED : CLOSE_TRY_AGAIN, reasonOf(message));
        return false;
      }
    },
    onSubscribe({ extra }, _id, payload) {
      const { actor } = extra;
      if (!actor) return refused([new UnauthenticatedError('The socket was not initialised.')]);
      if (extra.open.size >= limits.subscriptionsPerSocket) return refused([tooMany(limits.subscriptionsPerSocket)]);
      const prepared = documents.prepare(payload.query);
      if ('errors' in prepared) return refused(prepared.errors);
      const definition = getOperationAST(prepared.document, payload.operationName);
      if (!definition) return refused([new BadInputError('The document has no such operation: check operationName.')]);
      const variables = payload.variables ?? {};
      const mistakes = checkVariables(options.schema, definition, variables);
      if (mistakes.length > 0) return refused(mistakes);

      const leaving = new AbortController();
      const operation = { actor, document: prepared.document, definition, variables, signal: leaving.signal };
      extra.open.set(payload, { operation, leaving, startMs: clock.monotonicMs(), code: 'OK' });
      const args: ExecutionArgs = {
        schema: options.schema,
        document: prepared.document,
        operationName: definition.name?.value ?? null,
        contextValue: {},
      };
      byArguments.set(args, operation);
      return args;
    },
    execute: (args) => operations.execute(operationOf(args)),
    subscribe: (args) => operations.subscribe(operationOf(args)),
    onNext({ extra }, _id, payload, _args, result) {
      if (!result.errors?.length) return undefined;
      const errors = result.errors.map(formatError);
      noteCode(extra, payload, errors[0]?.extensions?.code);
      const { data, extensions } = result;
      return { errors, ...(data !== undefined && { data }), ...(extensions && { extensions }) };
    },
    onError({ extra }, _id, payload, errors) {
      const formatted = errors.map(formatError);
      noteCode(extra, payload, formatted[0]?.extensions?.code);
      return formatted;
    },
    onComplete: ({ extra }, _id, payload) => ended(extra, payload),
    onClose({ extra }: Context<Record<string, unknown>, Extra>) {
      for (const payload of [...extra.open.keys()]) ended(extra, payload);
    },
  });

  const noteCode = (extra: Extra, payload: object, code: unknown) => {
    const open = extra.open.get(payload);
    if (open) open.code = String(code);
  };
  const ended = (extra: Extra, payload: object) => {
    const open = extra.open.get(payload);
    if (!open) return;
    extra.open.delete(payload);
    open.leaving.abort();
    const { name, operation } = open.operation.definition;
    options.metrics.operationEnded(
      name?.value ?? null,
      operation,
      open.code,
      (clock.monotonicMs() - open.startMs) / 1000,
    );
  };

  const acceptor = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });

  return {
    upgrade(request, duplex, head) {
      if (all.size >= limits.sockets) {
        options.metrics.socketEnded('limit');
        duplex.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      acceptor.handleUpgrade(request, duplex, head, (socket) => {
        const endWait = afterReads(clock, limits.initMs, () =>
          socket.close(CLOSE_NOT_INITIALISED, 'Nothing was said.'),
        );
        const extra: Extra = { socket, endWait, actor: null, open: new Map() };
        all.set(socket, extra);
        socket.once('close', () => {
          endWait();
          all.delete(socket);
        });
        attachSocket(socket, (port) => server.opened(port, extra), {
          limits,
          clock,
          onEnd: (reason) => options.metrics.socketEnded(reason),
          onFailure: (error) => log.error('A socket failed by a defect', { reason: errorText(error) }),
        });
      });
    },
    stats: () => ({
      sockets: all.size,
      subscriptions: [...all.values()].reduce((sum, extra) => sum + extra.open.size, 0),
    }),
    async close() {
      const closed = [...all.keys()].map(
        (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
      );
      for (const socket of all.keys()) socket.close(CLOSE_GOING_AWAY, 'The server is stopping.');
      // A client that does not answer the close is not waited for.
      const cancel = clock.after(CLOSE_WAIT_MS, () => {
        for (const socket of all.keys()) socket.terminate();
      });
      await Promise.all(closed);
      cancel();
      acceptor.close();
    },
  };
}

const CLOSE_WAIT_MS = 1_000;

/** RFC 6455, 7.4.1. */
const CLOSE_GOING_AWAY = 1001;
/** IANA's registry of close codes: "Try Again Later". */
const CLOSE_TRY_AGAIN = 1013;
/** graphql-transport-ws: "Connection initialisation timeout". */
const CLOSE_NOT_INITIALISED = 4408;
/** graphql-transport-ws: "Unauthorized", which clients do not retry. */
const CLOSE_UNAUTHORIZED = 4401;

/** A close frame holds 123 bytes of reason (RFC 6455, 5.5). */
const reasonOf = (message: string) => message.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);

function refused(errors: readonly Error[]): readonly GraphQLError[] {
  return errors.map((error) =>
    error instanceof GraphQLError ? error : new GraphQLError(error.message, { originalError: error }),
  );
}

function tooMany(limit: number): LimitExceededError {
  return new LimitExceededError(`The socket has ${limit} open operations, which is the most.`, {
    limit,
    next: 'End some of them, or open another socket.',
  });
}
