import type { LogAnswer } from '../schema/logs.js';
import type { GraphContext } from './context.js';

export interface LogArguments {
  /** Of an AppInstance or a Workload. */
  readonly id: string;
  readonly component?: string | null;
  readonly pod?: string | null;
  readonly container?: string | null;
  readonly previous?: boolean | null;
  readonly tailLines?: number | null;
  readonly sinceSeconds?: number | null;
  readonly timestamps?: boolean | null;
}

export async function readLogs(_given: LogArguments, _context: GraphContext): Promise<LogAnswer> {
  return { lines: [], unavailable: ['No controller answers yet.'] };
}

export async function* followLogs(given: LogArguments, context: GraphContext): AsyncIterableIterator<LogAnswer> {
  yield await readLogs(given, context);
}
