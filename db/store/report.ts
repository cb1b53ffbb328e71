import { PortolanError } from '../../lib/errors.js';
import type { Actor, Report, ReportAnswer, StatusInput } from '../contract.js';
import type { Transaction } from '../database.js';
import { DatabaseUnavailableError } from '../failure.js';
import { type Asked, askTogether, type Told } from './asked.js';
import { inTransaction, type StoreContext, violatedConstraint } from './context.js';
import { lockAllFenced } from './fence.js';
import { beginning, createIntentVerbs, resolving } from './intents.js';
import { createNoteVerbs, writingEvents } from './notes.js';
import { reportObjects, writingObjects } from './objects.js';
import { commitWithRevisions, type NewRevision } from './revisions.js';
import type { ResourceRow } from './rows.js';
import { readingStatuses, reportStatus, type StoredStatus, writingStatuses } from './status.js';

/**
 * What many passes saw, at the price of one: locks, leases and the log are asked once, and there is one commit. When one of
 * them is refused nothing of that is kept, and each is done by itself.
 */
export async function report(
  context: StoreContext,
  reports: readonly Report[],
  actor: Actor,
): Promise<readonly ReportAnswer[]> {
  if (reports.length > 1) {
    try {
      return await together(context, reports, actor);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  const answers: ReportAnswer[] = [];
  for (const each of reports) answers.push(await alone(context, each, actor));
  return answers;
}

async function together(
  context: StoreContext,
  reports: readonly Report[],
  actor: Actor,
): Promise<readonly ReportAnswer[]> {
  const { answers, hasRevision } = await inTransaction(context, async (transaction) => {
    const calls = reports.map(({ input }) => input);
    const rounds = roundsOf(reports);
    const reading = (ids: readonly string[]) =>
      readingStatuses(statusesIn(rounds[0] ?? []).filter(({ resourceId }) => ids.includes(resourceId)));
    const { rows, found } = await lockAllFenced(transaction, calls, actor, reading);
    const taken: (ReportAnswer & Told)[] = [];
    // In the order in which they were taken, which is not that in which they were told.
    const revisions: NewRevision[] = [];
    let isOver = false;
    for (const [at, round] of rounds.entries()) {
      // What was read with the locks is good for the first round; that may have written others.
      const stored = at === 0 ? found : await storedStatuses(transaction, statusesIn(round));
      const asked = await askedIn(context, transaction, round, { rows, stored }, actor);
      const end = { earlier: revisions, isLast: at === rounds.length - 1 };
      const { answers, isCommitted } = await askTogether(transaction, asked, end);
      for (const { index, answer } of answers) taken[index] = answer;
      revisions.push(...answers.flatMap((each) => each.revisions));
      isOver = isCommitted;
    }
    if (!isOver) await commitWithRevisions(transaction, revisions);
    return { answers: taken.map(({ revisions: _, ...answer }) => answer), hasRevision: revisions.length > 0 };
  });
  if (hasRevision) context.wake();
  return answers;
}

const statusesIn = (round: readonly Indexed[]) =>
  round.flatMap(({ report }) => (report.type === 'status' ? [report.input] : []));

async function storedStatuses(
  transaction: Transaction,
  inputs: readonly StatusInput[],
): Promise<readonly StoredStatus[]> {
  const reading = readingStatuses(inputs);
  return reading.length > 0 ? ((await transaction.queryAll(reading)).at(-1) as StoredStatus[]) : [];
}

interface Locked {
  readonly rows: ReadonlyMap<string, ResourceRow>;
  readonly stored: readonly StoredStatus[];
}

type Indexed = { readonly index: number; readonly report: Report };

/** A statement takes many resources, each once: what is told of one again, in the same way, is told in the next round. */
function roundsOf(reports: readonly Report[]): readonly (readonly Indexed[])[] {
  const rounds: Indexed[][] = [];
  const told = new Map<string, number>();
  for (const [index, report] of reports.entries()) {
    const key = `${report.type} ${report.input.resourceId}`;
    const round = told.get(key) ?? 0;
    told.set(key, round + 1);
    rounds[round] ??= [];
    rounds[round].push({ index, report });
  }
  return rounds;
}

interface Taken extends Told {
  readonly index: number;
  readonly answer: ReportAnswer & Told;
}

/** The inventory comes first: whoever is woken by a status sees it. */
async function askedIn(
  context: StoreContext,
  transaction: Transaction,
  round: readonly Indexed[],
  { rows, stored }: Locked,
  actor: Actor,
): Promise<readonly Asked<Taken>[]> {
  const rowOf = ({ resourceId }: { readonly resourceId: string }): ResourceRow => {
    const row = rows.get(resourceId);
    if (row) return row;
    throw new Error('A row that was locked is not there. This is a defect in Portolan; please report it.');
  };
  const of = <Type extends Report['type']>(type: Type) =>
    round.flatMap(({ index, report }) =>
      report.type === type ? [{ index, input: report.input as InputOf<Type>, row: rowOf(report.input) }] : [],
    );
  const answered = <Answer extends Told>(
    told: readonly { readonly index: number }[],
    asked: Asked<Answer>,
    say: (answer: Answer) => ReportAnswer & Told,
  ): Asked<Taken>[] => {
    const answersOf = async (found: readonly (readonly unknown[])[]) =>
      (await asked.answersOf(found)).map((answer, at) => {
        return { index: told[at]?.index ?? -1, revisions: answer.revisions, answer: say(answer) };
      });
    return told.length > 0 ? [{ ...asked, answersOf }] : [];
  };

  const [objects, statuses, events] = [of('objects'), of('status'), of('events')];
  const [begun, resolved] = [of('beginIntent'), of('resolveIntent')];
  const inputsOf = <Input>(told: readonly { readonly input: Input }[]) => told.map(({ input }) => input);
  const written = await writingStatuses(context, transaction, statuses, actor, stored);
  return [
    ...answered(begun, beginning(context, inputsOf(begun)), (taken) => ({ type: 'beginIntent', ...taken })),
    ...answered(resolved, resolving(inputsOf(resolved)), (taken) => ({ type: 'resolveIntent', ...taken })),
    ...answered(objects, writingObjects(objects, actor), (taken) => ({ type: 'objects', ...taken })),
    ...answered(statuses, written, (taken) => ({ type: 'status', ...taken })),
    ...answered(events, writingEvents(transaction, events, actor), (taken) => ({ type: 'events', ...taken })),
  ];
}

type InputOf<Type extends Report['type']> = Extract<Report, { readonly type: Type }>['input'];

async function alone(context: StoreContext, { type, input }: Report, actor: Actor): Promise<ReportAnswer> {
  try {
    switch (type) {
      case 'status':
        return { type, ...(await reportStatus(context, input, actor)) };
      case 'objects':
        return { type, ...(await reportObjects(context, input, actor)) };
      case 'events':
        return { type, ...(await createNoteVerbs(context).recordEvents(input, actor)) };
      case 'beginIntent':
        return { type, intent: await createIntentVerbs(context).beginIntent(input, actor) };
      case 'resolveIntent':
        return { type, intent: await createIntentVerbs(context).resolveIntent(input, actor) };
    }
  } catch (error) {
    if (!(error instanceof PortolanError) || error instanceof DatabaseUnavailableError) throw error;
    return { type: 'refused', error };
  }
}

/** About one of them, and not about the database. */
function isRefusal(error: unknown): boolean {
  const isKnown = error instanceof PortolanError && !(error instanceof DatabaseUnavailableError);
  return isKnown || violatedConstraint(error) !== null;
}
