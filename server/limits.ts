/** Bounds of what one client may ask. Each is named in the error that it causes. */
export interface Limits {
  /** Bytes of the body of a query. */
  readonly queryBodyBytes: number;
  /** Bytes of the body of a mutation of somebody known: manifests are large. */
  readonly mutationBodyBytes: number;
  /** Characters of a document's text; what is large goes into variables. */
  readonly documentCharacters: number;
  /** Levels of fields in a document, fragments spread. */
  readonly depth: number;
  /** Fields of a document, fragments spread. */
  readonly fields: number;
  /** Aliased fields of a document, fragments spread. */
  readonly aliases: number;
  /** Documents that are kept parsed and validated. */
  readonly cachedDocuments: number;
  /** Bytes of one message on a socket. */
  readonly messageBytes: number;
  /** Open operations on one socket. */
  readonly subscriptionsPerSocket: number;
  /** Sockets of all clients. */
  readonly sockets: number;
  /** Bytes that may wait for a client that reads slowly, before its socket is closed. */
  readonly bufferedBytes: number;
  /** Time between pings on a socket; one that does not answer until the next is ended. */
  readonly pingMs: number;
  /** Time for a request's headers and body to arrive. */
  readonly requestMs: number;
  /** Time that open requests get to end at shutdown. */
  readonly drainMs: number;
}

export const defaultLimits: Limits = {
  queryBodyBytes: 1024 ** 2,
  mutationBodyBytes: 16 * 1024 ** 2,
  documentCharacters: 100_000,
  // The introspection query of graphql-js, with its type references, has 13 levels.
  depth: 16,
  fields: 5_000,
  aliases: 100,
  cachedDocuments: 1_000,
  messageBytes: 1024 ** 2,
  subscriptionsPerSocket: 200,
  sockets: 10_000,
  bufferedBytes: 8 * 1024 ** 2,
  pingMs: 15_000,
  requestMs: 30_000,
  drainMs: 4_000,
};
