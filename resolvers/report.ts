import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Report, ReportAnswer as StoredAnswer } from '../db/contract.js';
import { BadInputError, LimitExceededError } from '../lib/errors.js';
import { type OneReportInput, type ReportAnswer, ReportInput, ReportPayload } from '../schema/report.js';
import type { GraphContext } from './context.js';
import { toBeginInput, toResolveInput } from './intent-inputs.js';
import { toEventsInput } from './record-events.js';
import { toObjectsInput } from './report-objects.js';
import { toStatusInput } from './report-status.js';

@Resolver()
export class ReportResolver {
  @Mutation(() => ReportPayload, {
    description:
      'Many of reportStatus, reportObjects, recordEvents, beginIntent and resolveIntent at once. Each is taken or refused by itself, as if it were alone.',
  })
  async report(
    @Arg('input', () => ReportInput) { reports }: ReportInput,
    @Ctx() { store, actor }: GraphContext,
  ): Promise<ReportPayload> {
    if (reports.length > MAX_REPORTS) {
      throw new LimitExceededError(`At most ${MAX_REPORTS} reports are taken at once. Send them in parts.`, {
        path: ['reports'],
        limit: MAX_REPORTS,
      });
    }
    const answers = await store.report(reports.map(toReport), actor);
    return { answers: answers.map(toAnswer) };
  }
}

const MAX_REPORTS = 200;

function toReport(given: OneReportInput, index: number): Report {
  const { status, objects, events, beginIntent, resolveIntent } = given;
  const at = ['reports', index];
  const isOne = [status, objects, events, beginIntent, resolveIntent].filter(Boolean).length === 1;
  if (isOne && status) return { type: 'status', input: toStatusInput(status, [...at, 'status']) };
  if (isOne && objects) return { type: 'objects', input: toObjectsInput(objects, [...at, 'objects']) };
  if (isOne && events) return { type: 'events', input: toEventsInput(events, [...at, 'events']) };
  if (isOne && beginIntent) return { type: 'beginIntent', input: toBeginInput(beginIntent, [...at, 'beginIntent']) };
  if (isOne && resolveIntent) {
    return { type: 'resolveIntent', input: toResolveInput(resolveIntent, [...at, 'resolveIntent']) };
  }
  throw new BadInputError(
    'A report is one of status, objects, events, beginIntent and resolveIntent. Send each by itself.',
    { path: at },
  );
}

function toAnswer(answer: StoredAnswer): ReportAnswer {
  switch (answer.type) {
    case 'refused': {
      const { code, message, details } = answer.error;
      return { refusal: { code, message, details } };
    }
    case 'status':
      return { statusVersion: answer.statusVersion, isChanged: answer.isChanged };
    case 'objects':
      return { changed: answer.changed };
    case 'events':
      return {};
    case 'beginIntent':
    case 'resolveIntent':
      return { intent: answer.intent };
  }
}
