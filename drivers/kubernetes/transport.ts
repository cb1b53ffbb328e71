/**
 * How the driver's requests reach an API server. The network is one way; the sandbox is reached through a unix socket
 * or in memory. All of them speak Kubernetes' own REST API, so that there is one driver and one translation of errors.
 */
export interface Transport {
  /** The host, for messages: `127.0.0.1:6443`. */
  readonly host: string;

  /** One request and its answer, whatever its status. Throws UnreachableError without an answer, the reason of `signal` when aborted. */
  request(request: ApiRequest): Promise<ApiResponse>;

  /**
   * Hands every JSON line of the answer to `onLine` until the answer ends, then returns null.
   * Returns the answer instead when it was no success. Throws like `request`, a cut connection included.
   */
  stream(request: ApiRequest, onLine: (line: unknown) => void): Promise<ApiResponse | null>;

  /**
   * The same for text: hands the lines of the answer on, without their newlines, as they come. It reads on only when
   * `onLines` is done. Nothing but the server and `signal` ends it.
   */
  lines(request: ApiRequest, onLines: (lines: readonly string[]) => Promise<void>): Promise<ApiResponse | null>;

  /** Ends open connections. */
  close(): Promise<void>;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Starts with a slash; its segments are encoded already. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** `application/json` when left out. */
  readonly contentType?: string;
  /** `application/json` when left out. */
  readonly accept?: string;
  readonly signal: AbortSignal;
}

export interface ApiResponse {
  readonly status: number;
  /** Of the Retry-After header, in milliseconds; null when there was none. */
  readonly retryAfterMs: number | null;
  /** Parsed JSON, or the text when it is not JSON. */
  readonly body: unknown;
}
