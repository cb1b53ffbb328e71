/** What a load generator is told. Plain data: it goes to another process. */
export interface LoadPlan {
  /** `http://127.0.0.1:7420` */
  readonly url: string;
  readonly connections: number;
  /** Requests to complete, of all connections. */
  readonly count: number;
  /** Per second, whatever the server does: an open loop, with latency from the intended time. Left out: each connection asks when it was answered. */
  readonly perSecond?: number;
  /** Used in turn. */
  readonly requests: readonly LoadRequest[];
  /**
   * Each connection asks all requests in turn, `count` / `connections` in all; `{{t}}` is how often it went through them,
   * beginning with this number. Left out: any free connection takes the next request.
   */
  readonly firstTurn?: number;
}

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `{{n}}` stands for the number of the request, `{{c}}` for that of the connection, `{{t}}` for its turn on it. */
  readonly body: string;
  /** The whole body of the right answer, byte by byte. */
  readonly expected?: string;
  /** What a right answer contains. */
  readonly contains?: string;
}

export interface LoadResult {
  readonly completed: number;
  readonly errors: number;
  /** Of the first wrong answer: its beginning. */
  readonly firstError: string | null;
  readonly wallMs: number;
  /** Of the load generator itself. */
  readonly cpuMs: number;
  /** Of bodies. */
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}
