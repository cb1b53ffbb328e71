/** Bounds of what one client may ask. Each is named in the error that it causes. */
export interface Limits {
  /** Bytes of the body of a query, unless it is a plan. */
  readonly queryBodyBytes: number;
  /** Bytes of the body of a mutation or a plan of somebody known: manifests are large. */
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
  /** Time for a new socket to say who it is. */
  readonly initMs: number;
  /** Time between pings on a socket; one that does not answer until the next is ended. */
  readonly pingMs: number;
  /** Time between looks at whether the tokens of open sockets are still valid. */
  readonly recheckMs: number;
  /** Time for a request's headers and body to arrive. */
  readonly requestMs: number;
  /** Questions to controllers that wait for their answers, of all askers. */
  readonly openProbes: number;
  /** Time until the first chunk of an answer of a controller. */
  readonly probeFirstChunkMs: number;
  /** Time for a whole answer of a controller, unless it follows. */
  readonly probeMs: number;
  /** Bytes of one part of an answer of a controller. */
  readonly probePartBytes: number;
  /** Bytes of an answer that may wait for a slow asker, before its controller has to wait. */
  readonly probeWaitingBytes: number;
  /** Time that a controller waits for a slow asker, before it has to send the same part again. */
  readonly probeRoomMs: number;
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
  initMs: 5_000,
  pingMs: 15_000,
  recheckMs: 30_000,
  requestMs: 30_000,
  openProbes: 1_000,
  probeFirstChunkMs: 10_000,
  // Less than clients of ours wait for an answer (30 s).
  probeMs: 25_000,
  // An object has at most 1.5 MiB (etcd), and comes with its differences.
  probePartBytes: 4 * 1024 ** 2,
  probeWaitingBytes: 1024 ** 2,
  probeRoomMs: 10_000,
  drainMs: 4_000,
};
