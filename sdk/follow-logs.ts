import type { Clock } from '../lib/clock.js';
import {
  FollowLogsDocument,
  type FollowLogsSubscription,
  type FollowLogsSubscriptionVariables,
} from './generated/operations.js';
import type { CallOptions, GraphClient } from './graph-client.js';

export type FollowedLogs = FollowLogsSubscription['logs'];
type Line = FollowedLogs['lines'][number];

/**
 * The last lines and then new ones, over any number of connections: after a loss it goes on from the last line that the
 * reader took, and no line comes twice. Lines have their time. Ends when the server says that nothing is left that could
 * write a line, by return() and by the signal; throws GraphError for what a retry cannot mend.
 */
export function followLogs(
  client: GraphClient,
  given: FollowLogsSubscriptionVariables,
  { clock, ...call }: CallOptions & { readonly clock: Clock },
): AsyncIterableIterator<FollowedLogs> {
  const sources = new Map<string, Source>();
  let newestMs: number | null = null;

  const answers = client.subscribe<FollowLogsSubscription, FollowLogsSubscriptionVariables>(
    FollowLogsDocument,
    () => {
      for (const source of sources.values()) source.repeated = new Map(source.newest);
      if (newestMs === null) return { ...given, timestamps: true };
      const sinceSeconds = Math.max(0, Math.ceil((clock.now() - newestMs) / 1000)) + OVERLAP_SECONDS;
      return { ...given, timestamps: true, tailLines: MOST_LINES, sinceSeconds };
    },
    { ...call, endsWithServer: true },
  );

  const take = ({ lines, unavailable }: FollowedLogs): FollowedLogs => {
    const fresh = lines.filter((line) => {
      const source = sourceOf(sources, line);
      if (isRepeated(source, line)) return false;
      note(source, line);
      return true;
    });
    for (const { at } of fresh) if (at !== null) newestMs = Math.max(newestMs ?? 0, Date.parse(at));
    return { lines: fresh, unavailable };
  };

  return {
    async next() {
      for (;;) {
        const result = await answers.next();
        if (result.done) return { value: undefined, done: true };
        const taken = take(result.value.logs);
        if (taken.lines.length > 0 || taken.unavailable.length > 0) return { value: taken, done: false };
      }
    },
    async return() {
      await answers.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The most that a server takes: what was written while the connection was lost is to come whole. */
const MOST_LINES = 5_000;
/** Clocks differ, and lines take a moment until they can be read. */
const OVERLAP_SECONDS = 10;

/** What was taken of one container. */
interface Source {
  /** Time of the newest line. */
  at: string;
  /** How often each text was taken with that time: one millisecond has many lines. */
  newest: Map<string, number>;
  /** What of that time comes once more; null: nothing does. */
  repeated: Map<string, number> | null;
}

function sourceOf(sources: Map<string, Source>, { pod, container }: Line): Source {
  const name = `${pod}/${container}`;
  const source = sources.get(name) ?? { at: '', newest: new Map(), repeated: null };
  sources.set(name, source);
  return source;
}

function isRepeated(source: Source, { at, text }: Line): boolean {
  const { repeated } = source;
  if (repeated === null || at === null) return false;
  if (at < source.at) return true;
  const left = at === source.at ? (repeated.get(text) ?? 0) : 0;
  if (left > 0) repeated.set(text, left - 1);
  else source.repeated = null;
  return left > 0;
}

function note(source: Source, { at, text }: Line): void {
  if (at === null) return;
  if (at !== source.at) source.newest = new Map();
  source.at = at;
  source.newest.set(text, (source.newest.get(text) ?? 0) + 1);
}
