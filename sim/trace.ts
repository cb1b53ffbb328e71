import { createHash } from 'node:crypto';

/** All that happened in a run, in order: its hash always, its lines when they are wanted. */
export interface Trace {
  add(atMs: number, who: string, what: string): void;
  /** Of all that was added. */
  hash(): string;
}

/** `write`: gets each line as it comes. */
export function createTrace(startMs: number, write?: (line: string) => void): Trace {
  const hash = createHash('sha256');
  let waiting = '';
  return {
    add(atMs, who, what) {
      const line = `${((atMs - startMs) / 1000).toFixed(4)} ${who}: ${what}\n`;
      write?.(line);
      waiting += line;
      if (waiting.length < CHUNK) return;
      hash.update(waiting);
      waiting = '';
    },
    hash() {
      return hash.copy().update(waiting).digest('hex').slice(0, HASH_LENGTH);
    },
  };
}

/** Hashed at a time, in characters: a call costs as much as some hundred of them. */
const CHUNK = 16_384;
/** Enough to tell two runs apart. */
const HASH_LENGTH = 16;
