import type { DocumentNode } from 'graphql';

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
   * Subscribes, again after every loss of the connection, for ever. Ends by return() or the signal alone; throws
   * GraphError for what a retry cannot mend (a bad document, FORBIDDEN, CURSOR_EXPIRED). A reader that is slow by
   * more than the bound loses its connection and begins again, so what comes first (SYNC, the whole answer) comes first again.
   */
  subscribe<Result, Variables extends object>(
    document: DocumentNode | string,
    variables: Variables,
    options?: CallOptions,
  ): AsyncIterableIterator<Result>;

  /** Told of every change of the socket's state, and of the present one at once. Returns a function that detaches. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void;

  /** Ends all subscriptions and the socket. */
  close(): Promise<void>;
}

export type ConnectionStatus = 'connected' | 'disconnected';

export interface CallOptions {
  readonly signal?: AbortSignal;
}
