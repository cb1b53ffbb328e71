import type { Duplex } from 'node:stream';
import { getOperationAST } from 'graphql';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, MessageType, parseMessage, type SubscribeMessage } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Actor } from '../db/contract.js';
import { BadInputError, LimitExceededError, UnauthenticatedError } from '../lib/errors.js';
import { authenticateBearer } from './bearer.js';
import { checkVariables } from './coerce-variables.js';
import type { LiveAnswer } from './live-answer.js';
import { LiveOperation } from './live-operation.js';
import { OpenOperations } from './open-operations.js';
import { RunningOperation } from './running-operation.js';
import type { SocketsOptions } from './sockets.js';
import { textFrame } from './text-frame.js';

/**
 * One socket that speaks graphql-transport-ws: what the client said, and what is open for it. There are thousands, most
 * of which wait: so this is a class without closures, and a live read is an entry here and one with LiveReads.
 *
 * States: opened (nobody is known; only connection_init is taken), acknowledged (operations are taken), closed.
 */
export class Session {
  /** It has shown a sign of life since the last ping. */
  isAlive = true;
  /** It has said who it is, or has to no more. */
  endWait: () => void = nothing;
  authorization: unknown = null;
  actor: Actor | null = null;
  #isInitialised = false;
  #isWaitingForDrain = false;
  readonly #open = new OpenOperations();

  constructor(
    readonly options: SocketsOptions,
    readonly socket: WebSocket,
    /** What the socket writes to. */
    readonly stream: Duplex,
    /** One operation more, or less. */
    readonly onCount: (by: 1 | -1) => void,
  ) {
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) {
      socket.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
    }
  }

  /** One message of the client. Rejects only by a defect. */
  async receive(text: string): Promise<void> {
    let message: ReturnType<typeof parseMessage>;
    try {
      message = parseMessage(text);
    } catch {
      return this.socket.close(CloseCode.BadRequest, 'Invalid message received');
    }
    switch (message.type) {
      case MessageType.ConnectionInit:
        return this.#initialise(message.payload?.authorization);
      case MessageType.Ping:
        return this.send({ type: MessageType.Pong, ...(message.payload && { payload: message.payload }) });
      case MessageType.Subscribe:
        return this.#subscribe(message);
      case MessageType.Complete:
        return this.end(message.id);
      case MessageType.Pong:
        return;
      default:
        this.socket.close(CloseCode.BadRequest, 'Invalid message received');
    }
  }

  /** The socket is closed. */
  closed(): void {
    this.endWait();
    for (const { id } of this.#open.all()) this.end(id);
  }

  /** Resolves when the text has gone out: the next answer of an operation is not made before. */
  send(message: object): Promise<void> {
    const { socket, options } = this;
    return new Promise((resolve, reject) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      if (socket.bufferedAmount > options.limits.bufferedBytes) {
        options.metrics.socketEnded('slow');
        socket.terminate();
        return resolve();
      }
      socket.send(JSON.stringify(message), (error) =>
        error && socket.readyState === socket.OPEN ? reject(error) : resolve(),
      );
    });
  }

  /** Writes the answer of a live read. false: what was written before has not gone out yet. */
  write(id: string, answer: LiveAnswer): boolean {
    const { socket, stream } = this;
    if (socket.readyState !== socket.OPEN) return true;
    if (stream.writableNeedDrain) {
      this.#resumeWhenDrained();
      return false;
    }
    const frame = answer.frame(id);
    if (typeof frame === 'string') stream.write(frame, 'latin1');
    else if (Buffer.isBuffer(frame)) {
      stream.write(frame);
      // The system has not taken all of it.
      if (stream.writableLength > 0) answer.keep();
    } else {
      stream.cork();
      for (const piece of frame) stream.write(piece);
      stream.uncork();
    }
    return true;
  }

  /** The operation is over, whoever ended it. */
  end(id: string): void {
    const operation = this.#open.get(id);
    if (!operation) return;
    this.#open.remove(id);
    this.onCount(-1);
    operation.leave();
    const { metrics, clock } = this.options;
    const seconds = (clock.monotonicMs() - operation.startMs) / 1000;
    const { name, operation: type } = operation.definition;
    metrics.operationEnded(name?.value ?? null, type, operation.code, seconds);
  }

  async #initialise(authorization: unknown): Promise<void> {
    const { socket, options } = this;
    if (this.#isInitialised) {
      return socket.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
    }
    this.#isInitialised = true;
    this.endWait();
    this.endWait = nothing;
    try {
      const actor = await authenticateBearer(authorization, options.authenticate);
      this.authorization = sharedText(actor, authorization);
      this.actor = actor;
    } catch (error) {
      const isRefused = error instanceof UnauthenticatedError;
      options.metrics.socketEnded(isRefused ? 'unauthenticated' : 'unavailable');
      const { message } = options.formatError(error);
      return socket.close(isRefused ? CloseCode.Unauthorized : CLOSE_TRY_AGAIN, reasonOf(message));
    }
    // When a server has died thousands come at once: the same bytes, and nothing to wait for.
    if (socket.readyState === socket.OPEN) this.stream.write(ACKNOWLEDGED, 'latin1');
  }

  async #subscribe({ id, payload }: SubscribeMessage): Promise<void> {
    const { actor, socket, options } = this;
    if (!actor) return socket.close(CloseCode.Unauthorized, 'Unauthorized');
    if (this.#open.get(id)) {
      return socket.close(CloseCode.SubscriberAlreadyExists, reasonOf(`Subscriber for ${id} already exists`));
    }
    const { subscriptionsPerSocket } = options.limits;
    if (this.#open.size >= subscriptionsPerSocket) return this.#refuse(id, [tooMany(subscriptionsPerSocket)]);
    const prepared = options.documents.prepare(payload.query);
    if ('errors' in prepared) return this.#refuse(id, prepared.errors);
    const { document } = prepared;
    const definition = getOperationAST(document, payload.operationName);
    if (!definition) {
      return this.#refuse(id, [new BadInputError('The document has no such operation: check operationName.')]);
    }
    const variables = payload.variables ?? {};
    const mistakes = checkVariables(options.schema, definition, variables);
    if (mistakes.length > 0) return this.#refuse(id, mistakes);

    const asked = { actor, document, definition, variables };
    const isLive = options.operations.isLive(asked);
    const operation = isLive ? new LiveOperation(this, id, definition) : new RunningOperation(this, id, definition);
    this.#open.add(operation);
    this.onCount(1);
    return operation.begin(asked);
  }

  /** It never ran. */
  #refuse(id: string, errors: readonly Error[]): Promise<void> {
    return this.send({ id, type: MessageType.Error, payload: errors.map(this.options.formatError) });
  }

  #resumeWhenDrained(): void {
    if (this.#isWaitingForDrain) return;
    this.#isWaitingForDrain = true;
    this.stream.once('drain', () => {
      this.#isWaitingForDrain = false;
      for (const operation of this.#open.all()) if (operation instanceof LiveOperation) operation.resume();
    });
  }
}

/** Thousands may come with one token, each with a text of its own: one is kept for all. */
function sharedText(actor: Actor, authorization: unknown): unknown {
  const known = texts.get(actor);
  if (known === authorization) return known;
  texts.set(actor, authorization);
  return authorization;
}

/** An actor stands for one token, for as long as that is remembered. */
const texts = new WeakMap<Actor, unknown>();

const nothing = () => {};
const ACKNOWLEDGED = textFrame('', JSON.stringify({ type: MessageType.ConnectionAck }));

/** IANA's registry of close codes: "Try Again Later". */
const CLOSE_TRY_AGAIN = 1013;

/** A close frame holds 123 bytes of reason (RFC 6455, 5.5). */
const reasonOf = (message: string) => message.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);

function tooMany(limit: number): LimitExceededError {
  return new LimitExceededError(`The socket has ${limit} open operations, which is the most.`, {
    limit,
    next: 'End some of them, or open another socket.',
  });
}
