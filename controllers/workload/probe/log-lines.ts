import type { AbsentName } from '../../../lib/absent-name.js';

/** One line of a container. `at`: when it was written, as the cluster says it (RFC 3339), or null. */
export interface PodLine {
  readonly pod: string;
  readonly container: string;
  readonly at: string | null;
  readonly text: string;
}

/** A part of an answer. */
export interface LogChunk {
  readonly lines: readonly PodLine[];
  /** What is missing and why, in sentences. */
  readonly unavailable: readonly string[];
  /** The pod or container that was asked for is not there. Others may have it, so it is told apart from the sentences. */
  readonly absent?: AbsentName;
}

/** A line that was read with its time in front. */
export function parseLine(source: { readonly pod: string; readonly container: string }, line: string): PodLine {
  const { pod, container } = source;
  const [, at, text] = /^(\d{4}-\d\d-\d\dT\S+) ?(.*)$/s.exec(line) ?? [];
  return at === undefined ? { pod, container, at: null, text: line } : { pod, container, at, text: text ?? '' };
}

/** Whether `a` was written after `b`. Times have up to nine digits after the dot, and are in UTC. */
export function isLater(a: string, b: string): boolean {
  return sortable(a) > sortable(b);
}

function sortable(at: string): string {
  const [, seconds = at, fraction = ''] = /^([^.Z]+)(?:\.(\d+))?Z$/.exec(at) ?? [];
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}

/**
 * Lines and sentences of several writers on their way to one reader. Writers wait while the reader is behind, so that a
 * busy log is read only as fast as it is taken. It ends with end(), or when `signal` aborts.
 */
export interface LineQueue {
  push(line: PodLine): Promise<void>;
  say(sentence: string): void;
  /** The same, unless it was said since the last line. */
  sayOnce(sentence: string): void;
  end(): void;
  chunks(): AsyncIterableIterator<LogChunk>;
}

export function createLineQueue(signal: AbortSignal): LineQueue {
  let lines: PodLine[] = [];
  let unavailable: string[] = [];
  const said = new Set<string>();
  let isEnded = signal.aborted;
  let wakeReader = () => {};
  let room = Promise.withResolvers<void>();
  const end = () => {
    isEnded = true;
    wakeReader();
    room.resolve();
  };
  signal.addEventListener('abort', end, { once: true });
  return {
    async push(line) {
      while (lines.length >= WAITING_LINES && !isEnded) await room.promise;
      if (isEnded) return;
      lines.push(line);
      said.clear();
      wakeReader();
    },
    say(sentence) {
      unavailable.push(sentence);
      wakeReader();
    },
    sayOnce(sentence) {
      if (said.has(sentence)) return;
      said.add(sentence);
      this.say(sentence);
    },
    end,
    async *chunks() {
      for (;;) {
        if (lines.length > 0 || unavailable.length > 0) {
          const chunk = { lines: lines.slice(0, CHUNK_LINES), unavailable };
          lines = lines.slice(CHUNK_LINES);
          unavailable = [];
          room.resolve();
          room = Promise.withResolvers();
          yield chunk;
          continue;
        }
        if (isEnded) return;
        await new Promise<void>((resolve) => {
          wakeReader = resolve;
        });
      }
    },
  };
}

/** Lines that wait for a reader who is behind. */
const WAITING_LINES = 1000;
/** Lines of one part of an answer: a few tens of kilobytes as a rule. */
const CHUNK_LINES = 200;
