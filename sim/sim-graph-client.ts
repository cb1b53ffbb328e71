import type { DocumentNode } from 'graphql';
import type { CallOptions, ConnectionStatus, GraphClient } from '../sdk/graph-client.js';
import { documentText, request } from '../sdk/request.js';
import { openSubscription } from '../sdk/subscription.js';
import { createSimFetch, type LinkOptions } from './sim-fetch.js';
import { createSimSocket } from './sim-socket.js';

export interface SimGraphClient extends GraphClient {
  /** Breaks its connection; it comes back by itself. */
  cut(): void;
}

export interface SimGraphClientOptions extends LinkOptions {
  readonly token: string;
  /** How many results of a subscription may wait for its reader. Default 1,000, as in the product. */
  readonly limit?: number;
}

/** The client of the graph that a simulated process has: requests and subscriptions as they are, over the simulated network. */
export function createSimGraphClient(options: SimGraphClientOptions): SimGraphClient {
  const { process, random, token, limit = 1_000 } = options;
  const { clock, log } = process;
  const send = createSimFetch(options);
  const socket = createSimSocket(options);
  const closed = new AbortController();
  const listeners = new Set<(status: ConnectionStatus) => void>();
  let status: ConnectionStatus = 'disconnected';
  socket.onStatus((isConnected) => {
    status = isConnected ? 'connected' : 'disconnected';
    for (const listener of [...listeners]) listener(status);
  });
  const signalOf = (call?: CallOptions) =>
    call?.signal ? AbortSignal.any([call.signal, closed.signal]) : closed.signal;

  return {
    async execute<Result>(document: DocumentNode | string, variables: object, call?: CallOptions) {
      const signals = call?.signal ? [call.signal, closed.signal] : [closed.signal];
      for (const signal of signals) signal.throwIfAborted();
      const answer = await request(document, variables, {
        url: 'http://portolan/graphql',
        token,
        clock,
        timeoutMs: REQUEST_TIMEOUT_MS,
        fetch: send,
        signals,
      });
      return answer as Result;
    },
    subscribe<Result>(document: DocumentNode | string, variables: object | (() => object), call?: CallOptions) {
      return openSubscription<Result>({
        client: socket,
        query: documentText(document),
        variables: () => (typeof variables === 'function' ? variables() : variables),
        clock,
        log,
        random,
        backoff: { baseMs: 200, capMs: 15_000 },
        limit,
        endsWithServer: call?.endsWithServer ?? false,
        signal: signalOf(call),
      });
    },
    onStatus(listener) {
      listeners.add(listener);
      listener(status);
      return () => void listeners.delete(listener);
    },
    async close() {
      closed.abort(new Error('The graph client was closed'));
      socket.close();
    },
    cut: () => socket.cut(),
  };
}

const REQUEST_TIMEOUT_MS = 30_000;
