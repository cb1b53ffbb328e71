import { closeSync, existsSync, fstatSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { KubernetesObject } from '../kubernetes/driver.js';
import type { CloudEntry, CloudPlace } from './cloud/cloud-entry.js';

export type JournalRecord = ClusterRecord | CloudRecord;

/** One change of one cluster, or, with neither object, only its version. */
export interface ClusterRecord {
  readonly cluster: string;
  /** The cluster's version at that change. */
  readonly version: number;
  readonly object?: KubernetesObject;
  /** Names an object that is gone. */
  readonly removed?: KubernetesObject;
  /** The cluster itself is gone, with all that was in it. */
  readonly isDropped?: true;
}

/** One change of one resource of the cloud, or, without one, only the cloud's version. */
export interface CloudRecord {
  readonly cloud: CloudPlace | null;
  /** The cloud's version at that change. */
  readonly version: number;
  /** Left out when it is gone. */
  readonly entry?: CloudEntry;
}

/**
 * The sandbox's memory across restarts: one file, a JSON line per change, written before the change is answered. A SIGKILL
 * loses nothing that was answered, for what was written is the kernel's; a torn last line was never answered and is passed over.
 * Now and then the file is replaced, by renaming, with a line per object that is still there.
 */
export interface Journal {
  append(record: JournalRecord): void;
  /** Whether most of the file is of the past. */
  readonly isDue: boolean;
  /** Replaces all that was written with these. */
  compact(records: Iterable<JournalRecord>): void;
  close(): void;
}

/** What the file holds, in order; nothing when it does not exist. */
export function readJournal(path: string): readonly JournalRecord[] {
  if (!existsSync(path)) return [];
  const records: JournalRecord[] = [];
  const lines = readFileSync(path, 'utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    if (!line) continue;
    try {
      records.push(JSON.parse(line) as JournalRecord);
    } catch (cause) {
      if (index >= lines.length - 2) break;
      throw new Error(`The sandbox's memory ${path} is damaged at line ${index + 1}. Delete the file to begin anew.`, {
        cause,
      });
    }
  }
  return records;
}

/** Starts with `records` as the file's whole content. */
export function openJournal(path: string, records: Iterable<JournalRecord>): Journal {
  let file = -1;
  let compactBytes = 0;
  let bytes = 0;
  const compact = (live: Iterable<JournalRecord>) => {
    const fresh = `${path}.new`;
    const next = openSync(fresh, 'w', 0o600);
    let lines: string[] = [];
    const flush = () => {
      if (lines.length > 0) writeSync(next, lines.join(''));
      lines = [];
    };
    for (const record of live) {
      lines.push(`${JSON.stringify(record)}\n`);
      if (lines.length >= 1000) flush();
    }
    flush();
    renameSync(fresh, path);
    if (file >= 0) closeSync(file);
    file = next;
    bytes = fstatSync(file).size;
    compactBytes = bytes;
  };
  compact(records);
  return {
    append(record) {
      bytes += writeSync(file, `${JSON.stringify(record)}\n`);
    },
    get isDue() {
      return bytes > 3 * compactBytes + SMALLEST_BYTES;
    },
    compact,
    close: () => closeSync(file),
  };
}

/** Below this it is not worth the trouble. */
const SMALLEST_BYTES = 16 * 2 ** 20;
