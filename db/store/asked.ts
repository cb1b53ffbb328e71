import type { Transaction } from '../database.js';
import type { Call } from '../exchange.js';
import { appending, type NewRevision } from './revisions.js';

/** What reports of one sort write, to be sent in one message with what others write. */
export interface Asked<Answer> {
  readonly calls: readonly Call[];
  /** All that it appends to the log, where that is known before it is written and nothing is refused after that; else null. */
  readonly revisions: readonly NewRevision[] | null;
  /** What it has done, from the rows of each call. Where `revisions` is null it may ask more, and throws when one is refused. */
  answersOf(rows: readonly (readonly unknown[])[]): Promise<readonly Answer[]>;
}

/** What one report has done. */
export interface Told {
  readonly revisions: readonly NewRevision[];
}

/**
 * Sends all of it in one message, the first first. Where it is the last of the transaction and what the log is told is
 * known, `earlier` before the rest, it is committed with that message: `isCommitted`. Answers in the order of `asked`.
 */
export async function askTogether<Answer extends Told>(
  transaction: Transaction,
  asked: readonly Asked<Answer>[],
  { earlier, isLast }: { readonly earlier: readonly NewRevision[]; readonly isLast: boolean },
): Promise<{ readonly answers: readonly Answer[]; readonly isCommitted: boolean }> {
  const calls = asked.flatMap((each) => each.calls);
  const isCommitted = isLast && asked.every(({ revisions }) => revisions !== null);
  const told = [...earlier, ...asked.flatMap(({ revisions }) => revisions ?? [])];
  const ending = told.length > 0 ? [appending(told)] : [];
  const rows = isCommitted
    ? await transaction.commitWith([...calls, ...ending])
    : calls.length > 0
      ? await transaction.queryAll(calls)
      : [];
  const answers: Answer[] = [];
  let from = 0;
  for (const each of asked) {
    answers.push(...(await each.answersOf(rows.slice(from, from + each.calls.length))));
    from += each.calls.length;
  }
  return { answers, isCommitted };
}
