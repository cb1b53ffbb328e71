/**
 * One thing that is measured, against what physics or the raw library needs (floor), what a good engineer would use
 * otherwise (peer), and the same frameworks used naively (stock).
 */
export interface BenchCase {
  /** As it is asked for and printed: `q.point`. */
  readonly name: string;
  /** What one operation is, in a sentence. */
  readonly what: string;
  readonly goals: readonly Goal[];
  /** Starts what is measured and fills it. Throws an Error that says what is missing. */
  open(context: BenchContext): Promise<OpenCase>;
}

export interface BenchContext {
  /** Smaller sizes, and few rounds: whether all is correct, and roughly what it costs. */
  readonly isSmoke: boolean;
  /** Of its own, removed afterwards. */
  readonly folder: string;
  /** The same order and the same data every time. */
  readonly seed: number;
  readonly signal: AbortSignal;
  /** One line of progress. */
  tell(text: string): void;
}

export interface OpenCase {
  readonly contenders: readonly Contender[];
  /** Rounds, when the case wants others than the usual: those that take minutes have fewer. */
  readonly rounds?: number;
  /** Of what took part, beside Node, Postgres, Redis and the packages of peers: `kubernetes`. */
  readonly versions?: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface Contender {
  readonly name: string;
  readonly role: 'ours' | 'floor' | 'peer' | 'stock';
  /** Those that are asked the same have the same; a case may ask several things. Left out: the only one. */
  readonly group?: string;
  /** Runs until it is as fast as it gets. By count, not by time. */
  warm?(): Promise<void>;
  /** One measurement. Rounds run all contenders back to back, in a random order. */
  measure(): Promise<Sample>;
}

export interface Sample {
  /** Completed. */
  readonly operations: number;
  readonly wallMs: number;
  /** User and system, of the server's process tree, its Postgres backends and its Redis. */
  readonly cpuMs: number;
  /** Of the load generator, for comparison. */
  readonly loadCpuMs?: number;
  /** Must be 0, or the contender scores nothing. */
  readonly errors: number;
  /** What the first of them was. */
  readonly firstError?: string;
  /** Of what was answered, key order aside: must be the same for all contenders of a group that give one. */
  readonly answerHash?: string;
  /** What else goals look at: `p99Ms`, `bytesEach`. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** A claim about one number of each round; met when the worse end of its interval is on the right side of the bound. */
export interface Goal {
  /** `CPU of the floor`. */
  readonly name: string;
  /** null: this round has no such number, because a contender failed or is not there. */
  value(round: Round): number | null;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** `times`, `ms`, `KB`. */
  readonly unit: string;
}

/** The samples of one round, by the contender's name. */
export type Round = ReadonlyMap<string, Sample>;
