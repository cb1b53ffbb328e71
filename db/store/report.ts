import { PortolanError } from '../../lib/errors.js';
import type { Actor, Intent, Report, ReportAnswer } from '../contract.js';
import type { Transaction } from '../database.js';
import { DatabaseUnavailableError } from '../failure.js';
import { inTransaction, type StoreContext, violatedConstraint } from './context.js';
import { lockAllFenced } from './fence.js';
import { beginWithin, createIntentVerbs, resolveWithin } from './intents.js';
import { createNoteVerbs, eventsWithin } from './notes.js';
import { objectsWithin, reportObjects } from './objects.js';
import { commitWithRevisions, type NewRevision } from './revisions.js';
import type { ResourceRow } from './rows.js';
import { readingStatuses, reportStatus, type StoredStatus, statusesWithin } from './status.js';

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
    const told = new Set(reports.flatMap(({ type, input }) => (type === 'status' ? [input.resourceId] : [])));
    const reading = (ids: readonly string[]) => readingStatuses(ids.filter((id) => told.has(id)));
    const { rows, found } = await lockAllFenced(transaction, calls, actor, reading);
    const statusesOf = storedStatuses(transaction, found);
    const taken: (ReportAnswer & { readonly revisions: readonly NewRevision[] })[] = [];
    // In the order in which they were taken, which is not that in which they were told.
    const revisions: NewRevision[] = [];
    for (const round of roundsOf(reports)) {
      for (const { index, answer } of await takeRound(context, transaction, round, { rows, statusesOf }, actor)) {
        taken[index] = answer;
        revisions.push(...answer.revisions);
      }
    }
    await commitWithRevisions(transaction, revisions);
    return { answers: taken.map(({ revisions: _, ...answer }) => answer), hasRevision: revisions.length > 0 };
  });
  if (hasRevision) context.wake();
  return answers;
}

interface Locked {
  readonly rows: ReadonlyMap<string, ResourceRow>;
  readonly statusesOf: (ids: readonly string[]) => Promise<readonly StoredStatus[]>;
}

/** What was read with the locks is good for the first round; that may have written others. */
function storedStatuses(transaction: Transaction, found: readonly StoredStatus[]): Locked['statusesOf'] {
  let isFirst = true;
  return async (ids) => {
    if (isFirst) {
      isFirst = false;
      return found;
    }
    const [stored = []] = await transaction.queryAll(readingStatuses(ids));
    return stored;
  };
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

type Taken = { readonly index: number; readonly answer: ReportAnswer & { readonly revisions: readonly NewRevision[] } };

/** The inventory comes first: whoever is woken by a status sees it. */
async function takeRound(
  context: StoreContext,
  transaction: Transaction,
  round: readonly Indexed[],
  { rows, statusesOf }: Locked,
  actor: Actor,
): Promise<readonly Taken[]> {
  const rowOf = ({ resourceId }: { readonly resourceId: string }): ResourceRow => {
    const row = rows.get(resourceId);
    if (row) return row;
    throw new Error('A row that was locked is not there. This is a defect in Portolan; please report it.');
  };
  const of = <Type extends Report['type']>(type: Type) =>
    round.flatMap(({ index, report }) =>
      report.type === type ? [{ index, input: report.input as InputOf<Type>, row: rowOf(report.input) }] : [],
    );
  const answered = <Type extends Report['type'], Answer>(
    type: Type,
    asked: readonly { readonly index: number }[],
    answers: readonly Answer[],
  ) => answers.map((answer, at) => ({ index: asked[at]?.index ?? -1, answer: { type, ...answer } }));

  const [objects, statuses, events] = [of('objects'), of('status'), of('events')];
  const [begun, resolved] = [of('beginIntent'), of('resolveIntent')];
  const inputsOf = <Input>(asked: readonly { readonly input: Input }[]) => asked.map(({ input }) => input);
  const asIntents = (intents: readonly Intent[]) => intents.map((intent) => ({ intent, revisions: noRevisions }));
  return [
    ...answered(
      'beginIntent',
      begun,
      begun.length > 0 ? asIntents(await beginWithin(context, transaction, inputsOf(begun))) : [],
    ),
    ...answered(
      'resolveIntent',
      resolved,
      resolved.length > 0 ? asIntents(await resolveWithin(transaction, inputsOf(resolved))) : [],
    ),
    ...answered('objects', objects, objects.length > 0 ? await objectsWithin(transaction, objects, actor) : []),
    ...answered(
      'status',
      statuses,
      statuses.length > 0
        ? await statusesWithin(
            context,
            transaction,
            statuses,
            actor,
            await statusesOf(statuses.map(({ row }) => row.id)),
          )
        : [],
    ),
    ...answered('events', events, events.length > 0 ? await eventsWithin(transaction, events, actor) : []),
  ];
}

const noRevisions: readonly NewRevision[] = [];

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
