import type { SimProcess } from './process.js';

/** What reaches a server from outside. */
export interface ServerDoor {
  readonly process: SimProcess;
  /** One operation by HTTP; resolves with the body of the answer. */
  request(request: GraphRequest): Promise<string>;
  /** One operation of a socket. Returns what ends it. */
  subscribe(request: GraphRequest, sink: ServerSink): () => void;
}

export interface GraphRequest {
  readonly token: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Texts of JSON: what goes over a wire shares nothing with who sent it. */
export interface ServerSink {
  next(result: string): void;
  /** Whether most of what was sent has gone out; if not, `resume` is called once it has. */
  hasRoom(resume: () => void): boolean;
  error(errors: string): void;
  complete(): void;
}

/** Where a server is, whether it runs or not. */
export interface ServerSlot {
  readonly name: string;
  /** null: nothing listens there now. */
  readonly door: ServerDoor | null;
}
