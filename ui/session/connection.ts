import { Client, subscriptionExchange } from 'urql';
import type { Clock } from '../../lib/clock.js';
import type { GraphClient } from '../../sdk/graph-client.js';
import { GraphError } from '../../sdk/graph-error.js';
import { type Cell, createCell } from '../live/cell.js';

/**
 * How the page is joined to the server. Begins as connecting; live and lost follow each other as often as the socket comes
 * and goes, and nobody need do anything; refused is the end: the token is not taken.
 */
export type ConnectionState =
  | { readonly phase: 'connecting' | 'live' | 'lost'; readonly sinceMs: number }
  | { readonly phase: 'refused'; readonly reason: string };

export interface Connection {
  readonly graph: Client;
  readonly state: Pick<Cell<ConnectionState>, 'get' | 'follow'>;
  close(): void;
}

/** Everything that views ask goes over the one socket of `client`, queries too: the page makes no other request. */
export function createConnection(client: GraphClient, clock: Clock): Connection {
  const state = createCell<ConnectionState>({ phase: 'connecting', sinceMs: clock.now() });
  client.onStatus((status) => {
    const { phase } = state.get();
    if (status === 'connected') state.set({ phase: 'live', sinceMs: clock.now() });
    else if (phase === 'live') state.set({ phase: 'lost', sinceMs: clock.now() });
  });
  const refuse = (error: GraphError) => state.set({ phase: 'refused', reason: error.message });

  const graph = new Client({
    // Never asked: the exchange below takes every operation.
    url: '/graphql',
    exchanges: [
      subscriptionExchange({
        enableAllOperations: true,
        forwardSubscription: ({ query = '', variables }, operation) => ({
          subscribe(sink) {
            const leaving = new AbortController();
            const answers = client.subscribe<Record<string, unknown>, object>(query, variables ?? {}, {
              signal: leaving.signal,
              endsWithServer: operation.kind === 'query',
            });
            forward(answers, sink).catch((error: unknown) => {
              if (error instanceof GraphError && error.code === 'UNAUTHENTICATED') refuse(error);
              sink.error(error);
            });
            return { unsubscribe: () => leaving.abort() };
          },
        }),
      }),
    ],
  });
  return { graph, state, close: () => void client.close() };
}

interface Sink {
  next(answer: { readonly data: Record<string, unknown> }): void;
  complete(): void;
}

async function forward(answers: AsyncIterable<Record<string, unknown>>, sink: Sink): Promise<void> {
  for await (const data of answers) sink.next({ data });
  sink.complete();
}
