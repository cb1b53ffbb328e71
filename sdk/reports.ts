import { errorCodes } from '../lib/errors.js';
import type { Sdk } from './client.js';
import { createGather } from './gather.js';
import type { OneReportInput, ReportMutation } from './generated/operations.js';
import { GraphError } from './graph-error.js';

export type TakenReport = Omit<ReportMutation['report']['answers'][number], 'refusal'>;

/**
 * Sends what the passes of this process report, together with what others report at the same time, in the order in which
 * it was told. Rejects with a GraphError when that report was refused.
 */
export type SendReport = (report: OneReportInput, signal?: AbortSignal) => Promise<TakenReport>;

/** One for all clients over the same door, so that reports of all kinds go together. */
export function reportsOf(sdk: Sdk): SendReport {
  const known = senders.get(sdk);
  if (known) return known;
  const gathered = createGather<OneReportInput, ReportMutation['report']['answers'][number]>({
    most: MOST_REPORTS,
    // What is reported of a resource must come in its order.
    atATime: 1,
    request: async (reports) => (await sdk.Report({ input: { reports: [...reports] } })).report.answers,
    // After an internal error some may have been taken.
    isAboutOne: ({ code }) => code !== 'INTERNAL',
  });
  const send: SendReport = async (report, signal) => {
    const { refusal, ...taken } = await gathered(report, signal);
    if (!refusal) return taken;
    const code = errorCodes.find((each) => each === refusal.code) ?? 'INTERNAL';
    throw new GraphError(code, refusal.message, refusal.details as Readonly<Record<string, unknown>>);
  };
  senders.set(sdk, send);
  return send;
}

const senders = new WeakMap<Sdk, SendReport>();

/** The server takes 200; a report of objects may have hundreds of them. */
const MOST_REPORTS = 50;
