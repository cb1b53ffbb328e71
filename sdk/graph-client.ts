import type { DocumentNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { backoffMs } from '../lib/backoff.js';
import { type Clock, sleep } from '../lib/clock.js';
import type { Fetch } from '../lib/fetch.js';
import type { Log } from '../lib/log.js';
import { type Random, systemRandom } from '../lib/random.js';
import { documentText, request } from './request.js';
import { isRefusedConnection, openSubscription } from './subscription.js';

/** The typed door's only way to the server: one HTTP request per `execute`, one socket for all subscriptions. */
export interface GraphClient {
  /**
   * Runs a query or a mutation once; nothing is tried again inside. Throws GraphError when the server refused it,
   * ServerUnreachableError when there was no answer (whether a mutation happened is not known then), and the
   * signal's reason when it was aborted.
   */
  execute<Result, Variables extends object>(
    document: DocumentNode | string,
    variables: Variables,
    options?: CallOptions,
  ): Promise<Result>;

  /**
   * Subscribes, again after every loss of the connection, for ever. Ends by return(), the signal or close() alone; throws
   * GraphError for what a retry cannot mend (a bad document, FORBIDDEN, CURSOR_EXPIRED). `variables` as a function is
   * asked at every beginning. A reader that is slow by more than the bound is detached until it has read what waits;
   * then, as after every reconnect, what comes first (SYNC, the whole answer) comes first again.
   */
  subscribe<Result, Variables extends object>(
    document: DocumentNode | string,
    variables: Variables | (() => Variables),
    options?: CallOptions,
  ): AsyncIterableIterator<Result>;

  /** Told of the socket's present state at once, then of every change. Returns a function that detaches. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void;

  /** Ends requests, subscriptions and the socket. */
  close(): Promise<void>;
}

export type ConnectionStatus = 'connected' | 'disconnected';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Of a subscription: what the server completes has ended. Default: it is begun again, for ever. */
  readonly endsWithServer?: boolean;
}

export interface GraphClientOptions {
  /** Of the server: `http://127.0.0.1:7420`. A path other than `/` is taken as the endpoint's own. */
  readonly url: string;
  readonly token: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: Random;
  /** Default: the one of the platform. A process that asks all the time brings a cheaper one. */
  readonly fetch?: Fetch;
  /** How long a request may take. Default 30,000. */
  readonly requestTimeoutMs?: number;
  /** How many results of one subscription may wait for their reader. Default 1,000. */
  readonly subscriptionLimit?: number;
  /** The longest wait between two attempts to connect. Default 15,000. */
  readonly reconnectCapMs?: number;
}

/** Opens nothing before the first subscription. Throws TypeError when `url` is none. */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { clock, log, token, random = systemRandom } = options;
  const endpoint = new URL(options.url);
  if (endpoint.pathname === '/') endpoint.pathname = '/graphql';
  const socketUrl = new URL(endpoint);
  socketUrl.protocol = endpoint.protocol === 'https:' ? 'wss:' : 'ws:';
  const backoff = { baseMs: RECONNECT_BASE_MS, capMs: options.reconnectCapMs ?? RECONNECT_CAP_MS };

  const closed = new AbortController();
  const listeners = new Set<(status: ConnectionStatus) => void>();
  let status: ConnectionStatus = 'disconnected';
  let cancelPongTimer = () => {};

  const setStatus = (next: ConnectionStatus) => {
    if (status === next) return;
    status = next;
    log.debug(`The socket is ${next}`, { url: socketUrl.href });
    for (const listener of [...listeners]) listener(next);
  };

  const sockets = createClient({
    url: socketUrl.href,
    connectionParams: { authorization: `Bearer ${token}` },
    lazyCloseTimeout: IDLE_SOCKET_MS,
    keepAlive: PING_EVERY_MS,
    connectionAckWaitTimeout: PONG_WITHIN_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: (event) => !isRefusedConnection(event),
    retryWait: (retries) => sleep(clock, backoffMs(retries + 1, backoff, random), closed.signal),
    generateID: () => random.uuid(),
    on: {
      connected: () => setStatus('connected'),
      closed: () => {
        cancelPongTimer();
        setStatus('disconnected');
      },
      // A peer that vanished closes nothing: a ping without its pong is the only sign.
      ping: (isReceived) => {
        if (isReceived) return;
        cancelPongTimer();
        cancelPongTimer = clock.after(PONG_WITHIN_MS, () => sockets.terminate());
      },
      pong: (isReceived) => {
        if (isReceived) cancelPongTimer();
      },
    },
  });

  return {
    async execute<Result>(document: DocumentNode | string, variables: object, call?: CallOptions) {
      const signals = call?.signal ? [call.signal, closed.signal] : [closed.signal];
      for (const signal of signals) signal.throwIfAborted();
      const answer = await request(document, variables, {
        url: endpoint.href,
        token,
        clock,
        timeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
        fetch: options.fetch ?? fetch,
        signals,
      });
      return answer as Result;
    },
    subscribe<Result>(document: DocumentNode | string, variables: object | (() => object), call?: CallOptions) {
      return openSubscription<Result>({
        client: sockets,
        query: documentText(document),
        variables: () => (typeof variables === 'function' ? variables() : variables),
        clock,
        log,
        random,
        backoff,
        limit: options.subscriptionLimit ?? SUBSCRIPTION_LIMIT,
        endsWithServer: call?.endsWithServer ?? false,
        signal: call?.signal ? AbortSignal.any([call.signal, closed.signal]) : closed.signal,
      });
    },
    onStatus(listener) {
      listeners.add(listener);
      listener(status);
      return () => void listeners.delete(listener);
    },
    async close() {
      if (closed.signal.aborted) return;
      closed.abort(new Error('The graph client was closed'));
      cancelPongTimer();
      if (status === 'connected') await Promise.resolve(sockets.dispose()).catch(() => {});
      else sockets.terminate();
      setStatus('disconnected');
      listeners.clear();
    },
  };
}

/** Quick enough for a server that restarts, and doubled at every failure. */
const RECONNECT_BASE_MS = 200;
const RECONNECT_CAP_MS = 15_000;
const REQUEST_TIMEOUT_MS = 30_000;
const SUBSCRIPTION_LIMIT = 1_000;
/** A socket without a subscription stays for the next one this long. */
const IDLE_SOCKET_MS = 1_000;
/** Shorter than the idle time-outs of common proxies (60 s). */
const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;
