import type { Client } from 'graphql-ws';
import { type Backoff, backoffMs } from '../lib/backoff.js';
import type { Clock } from '../lib/clock.js';
import { errorText } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import type { Random } from '../lib/random.js';
import { type AnsweredError, GraphError, isHopeless, toGraphError } from './graph-error.js';

/**
 * One subscription that outlives its connections.
 *
 * States: running (subscribed at the server, or the library is reconnecting), resting (it ended for a reason that a retry
 * may mend; a timer brings it back), full (the reader is slow: nothing is subscribed until it has read what waits), ended.
 * The library sends Subscribe again by itself after a lost connection; what it gives up on, and what the server
 * completes (unless it may end), is begun again here. Results are taken off the socket at once and wait in a bounded queue.
 */
export interface SubscriptionOptions {
  readonly client: Pick<Client, 'subscribe'>;
  readonly query: string;
  /** Asked whenever Subscribe is sent, so that a cursor can move on. */
  readonly variables: () => object;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly backoff: Backoff;
  /** How many results may wait for the reader. */
  readonly limit: number;
  /** What the server completes has ended. Otherwise it is begun again. */
  readonly endsWithServer: boolean;
  readonly signal: AbortSignal;
}

export function openSubscription<Result>(options: SubscriptionOptions): AsyncIterableIterator<Result> {
  const waiting: Result[] = [];
  let readers: Reader<Result>[] = [];
  let state: 'running' | 'resting' | 'full' | 'ended' = 'resting';
  let failure: { readonly error: unknown } | null = null;
  let failures = 0;
  let serial = 0;
  let stop = () => {};
  let cancelRest = () => {};

  const run = () => {
    state = 'running';
    const mine = ++serial;
    const isMine = () => mine === serial && state === 'running';
    const payload = {
      query: options.query,
      get variables() {
        // Subscribe is about to be sent: what waits is of an older connection and comes again.
        waiting.length = 0;
        return options.variables() as Record<string, unknown>;
      },
    };
    stop = options.client.subscribe<Result>(payload, {
      next(result) {
        if (!isMine()) return;
        if (result.errors && result.errors.length > 0) return refuse(toGraphError(result.errors, 'INTERNAL'));
        failures = 0;
        if (result.data !== undefined && result.data !== null) push(result.data);
      },
      error(error) {
        if (isMine()) refuse(readError(error));
      },
      complete() {
        if (!isMine()) return;
        if (options.endsWithServer) end(null);
        else rest(new Error('The server ended the subscription'));
      },
    });
  };

  const push = (result: Result) => {
    const reader = readers.shift();
    if (reader) return reader.resolve({ value: result, done: false });
    waiting.push(result);
    if (waiting.length < options.limit) return;
    state = 'full';
    stop();
    options.log.warn('A subscription is read too slowly; it begins again once what waits is read', {
      waiting: waiting.length,
    });
  };

  const refuse = (error: unknown) => {
    if (error instanceof GraphError && isHopeless(error)) end({ error });
    else rest(error);
  };

  const rest = (error: unknown) => {
    state = 'resting';
    stop();
    failures += 1;
    const delayMs = backoffMs(failures, options.backoff, options.random);
    options.log.debug('A subscription ended and is begun again', { error: errorText(error), delayMs });
    cancelRest = options.clock.after(delayMs, run);
  };

  const end = (reason: { readonly error: unknown } | null) => {
    if (state === 'ended') return;
    state = 'ended';
    stop();
    cancelRest();
    options.signal.removeEventListener('abort', leave);
    failure = reason;
    const left = readers;
    readers = [];
    for (const reader of left) finish().then(reader.resolve, reader.reject);
  };

  const finish = (): Promise<IteratorResult<Result>> => {
    const thrown = failure;
    failure = null;
    return thrown ? Promise.reject(thrown.error) : Promise.resolve({ value: undefined, done: true });
  };

  const leave = () => {
    waiting.length = 0;
    end(null);
    failure = null;
  };

  if (options.signal.aborted) leave();
  else {
    options.signal.addEventListener('abort', leave, { once: true });
    run();
  }

  return {
    next() {
      if (waiting.length > 0) return Promise.resolve({ value: waiting.shift() as Result, done: false });
      if (state === 'ended') return finish();
      if (state === 'full') run();
      return new Promise((resolve, reject) => readers.push({ resolve, reject }));
    },
    return() {
      leave();
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

interface Reader<Result> {
  resolve(result: IteratorResult<Result>): void;
  reject(error: unknown): void;
}

/** The library hands over GraphQL errors (the operation was refused), a close event, or an Error. */
function readError(error: unknown): unknown {
  if (Array.isArray(error)) return toGraphError(error as readonly AnsweredError[], 'BAD_USER_INPUT');
  if (!isCloseEvent(error)) return error;
  if (isRefusedConnection(error)) {
    return new GraphError(
      'UNAUTHENTICATED',
      `The server refused the connection: ${error.reason || 'the token is not valid'}`,
    );
  }
  return new Error(`The connection was closed with code ${error.code}: ${error.reason || 'no reason given'}`);
}

/** Whether the server closed the connection because of who asked: trying again with the same token is no use. */
export function isRefusedConnection(event: unknown): boolean {
  return isCloseEvent(event) && (event.code === UNAUTHORIZED || event.code === FORBIDDEN);
}

function isCloseEvent(event: unknown): event is { readonly code: unknown; readonly reason: unknown } {
  return typeof event === 'object' && event !== null && 'code' in event && 'reason' in event;
}

/** Close codes of the graphql-transport-ws protocol. */
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;
