/** What the process that drives a case says to a process of subscribers. */
export type ToSubscribers =
  | ({ readonly do: 'open' } & OpenSubscribers)
  /** Answers with `reached` when every socket has got a message with its number or a higher one. */
  | { readonly do: 'expect'; readonly numbers: number | readonly number[] }
  /** Answers with `counts`, and begins to count anew. */
  | { readonly do: 'count' }
  /** From now on a socket that ends is opened again at the next of `ports`; `again` is told when all were. */
  | { readonly do: 'return'; readonly ports: readonly number[] };

export interface OpenSubscribers {
  readonly ports: readonly number[];
  readonly count: number;
  /** Bearer of a token. null: there is no greeting and no subscription; the server sends by itself. */
  readonly token: string | null;
  readonly query: string;
  /** The variable `id` of each socket; left out: the operation has none. */
  readonly ids?: readonly string[];
  /** What stands right before the number in a message: `"version":`. */
  readonly marker: string;
  /** `every`: each number comes, one after the other. `rising`: some may be left out, for the newest state is enough. */
  readonly rule: 'every' | 'rising';
  /** How many are opened at a time. */
  readonly atOnce: number;
}

export type FromSubscribers =
  | { readonly is: 'opened' }
  | { readonly is: 'reached'; readonly wallMs: number }
  | { readonly is: 'again'; readonly wallMs: number }
  | ({ readonly is: 'counts' } & SubscriberCounts);

export interface SubscriberCounts {
  /** Messages with a number; the first one on each connection is none of them. */
  readonly messages: number;
  readonly firsts: number;
  readonly bytes: number;
  /** Numbers that came twice on a connection, that were left out, and that came after a higher one. */
  readonly doubled: number;
  readonly missed: number;
  readonly disordered: number;
  /** Connections that ended, and what was no message with a number, in words. */
  readonly closed: number;
  readonly failures: readonly string[];
  /** The newest number of each socket. */
  readonly numbers: readonly number[];
  /** The last message of the first socket. */
  readonly text: string;
  /** User and system, since it began to count. */
  readonly cpuMs: number;
}
