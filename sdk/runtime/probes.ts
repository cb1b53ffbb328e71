import { backoffMs } from '../../lib/backoff.js';
import { type Clock, sleep } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import type { Sdk } from '../client.js';
import type { ProbesSubscription } from '../generated/operations.js';
import { ServerUnreachableError } from '../graph-error.js';
import type { KnownResources } from './known.js';
import type { Leases } from './leases.js';
import { type AnswerPart, sendAnswer } from './probe-answer.js';
import type { ProbeContext, Reconciler } from './reconciler.js';

export interface ProbesOptions {
  readonly sdk: Sdk;
  readonly holder: string;
  readonly reconcilers: ReadonlyMap<string, Reconciler>;
  readonly known: KnownResources;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  /** Aborts when the process stops. */
  readonly stopping: AbortSignal;
}

/**
 * Answers the questions that the server puts to this process, beside the queue of work. Each runs under the lease of its
 * resource, and ends with it. The subscription is for ever; whenever it begins anew, what was asked before it is dropped,
 * for nobody waits for that any more. Of questions and answers nothing is logged but their number.
 */
export interface ProbeAnswers {
  /** Resolves when the process stops. */
  run(): Promise<void>;
  /** The resource is gone: what is asked about it ends, in words. */
  forget(resourceId: string): void;
  stats(): { readonly asked: number; readonly answering: number };
}

export function createProbeAnswers(options: ProbesOptions): ProbeAnswers {
  const { sdk, holder, clock, log, random, stopping } = options;
  const running = new Map<string, Running>();
  let asked = 0;

  const dropAll = (why: string) => {
    for (const { leaving } of running.values()) leaving.abort(new Error(why));
    running.clear();
  };

  const begin = (ask: Ask) => {
    asked += 1;
    const it: Running = { resourceId: ask.resourceId, leaving: new AbortController(), losing: new AbortController() };
    const isFull = running.size >= MAX_RUNNING;
    running.set(ask.id, it);
    const sent = isFull ? refuse(ask, BUSY, it.leaving.signal) : answer(ask, it);
    sent
      .catch((error: unknown) => log.debug('An answer to a probe broke off', { id: ask.id, error: errorText(error) }))
      .finally(() => running.get(ask.id) === it && running.delete(ask.id));
  };

  const refuse = async (ask: Ask, why: string, left: AbortSignal) => {
    await createSender(ask.id, left)({ chunks: [], isLast: true, error: why });
  };

  const answer = async (ask: Ask, { leaving, losing }: Running) => {
    const left = leaving.signal;
    const reconciler = options.reconcilers.get(ask.kind);
    const leaseKey = options.known.get(ask.resourceId)?.leaseKey ?? null;
    const held = leaseKey === null ? null : options.leases.held(leaseKey);
    if (!reconciler?.probe) return refuse(ask, `The controller of ${ask.kind} answers no questions.`, left);
    if (!held) return refuse(ask, 'The controller does not work on it at the moment. Ask again.', left);
    const leaseSignal = AbortSignal.any([held.signal, stopping]);
    const signal = AbortSignal.any([leaseSignal, left, losing.signal]);
    const context: ProbeContext = {
      clock,
      log: log.child({ kind: ask.kind, id: ask.resourceId }),
      lease: held.lease,
      signal,
      leaseSignal,
    };
    const send = createSender(ask.id, AbortSignal.any([left, stopping]));
    try {
      const chunks = await reconciler.probe(ask.resourceId, { question: ask.question, input: ask.input }, context);
      await sendAnswer(chunks, { send, signal, clock });
    } catch (error) {
      if (left.aborted || stopping.aborted) return;
      const why = losing.signal.aborted ? GONE : held.signal.aborted ? LEASE_LOST : errorText(error);
      await send({ chunks: [], isLast: true, error: why });
    }
  };

  /** Sends parts one after another, each until it is taken: it is numbered, so the same again does no harm. */
  const createSender = (id: string, signal: AbortSignal) => {
    let serial = 0;
    let last: Promise<unknown> = Promise.resolve();
    const deliver = async (part: AnswerPart): Promise<boolean> => {
      for (let failures = 0; ; ) {
        signal.throwIfAborted();
        try {
          const input = { id, holder, serial, ...part };
          const { state } = (await sdk.AnswerProbe({ input }, { signal })).answerProbe;
          if (state === 'UNWANTED') return false;
          if (state === 'TAKEN') {
            serial += 1;
            return true;
          }
        } catch (error) {
          failures += 1;
          if (!(error instanceof ServerUnreachableError) || failures >= MAX_FAILURES) throw error;
          await sleep(clock, backoffMs(failures, SEND_BACKOFF, random), signal);
        }
      }
    };
    return (part: AnswerPart): Promise<boolean> => {
      const delivered = last.then(() => deliver(part));
      last = delivered.catch(() => {});
      return delivered;
    };
  };

  const hear = (message: Message) => {
    if (message.type === 'SYNC') return dropAll('The server was attached anew');
    const { id, kind, resourceId, question, input } = message;
    if (id === null) return;
    if (message.type === 'CANCEL') {
      running.get(id)?.leaving.abort(new Error('The asker left'));
      running.delete(id);
    } else if (kind !== null && resourceId !== null && question !== null) {
      begin({ id, kind, resourceId, question, input: input as Ask['input'] });
    }
  };

  return {
    async run() {
      for (let failures = 1; !stopping.aborted; failures += 1) {
        try {
          for await (const { probes } of sdk.Probes({ holder }, { signal: stopping })) {
            failures = 0;
            hear(probes);
          }
        } catch (error) {
          if (!stopping.aborted) log.warn('The questions were refused; it is tried again', { error: errorText(error) });
        }
        dropAll('The subscription ended');
        await sleep(clock, backoffMs(Math.max(failures, 1), REFUSED_BACKOFF, random), stopping);
      }
    },
    forget(resourceId) {
      for (const it of running.values()) if (it.resourceId === resourceId) it.losing.abort(new Error(GONE));
    },
    stats: () => ({ asked, answering: running.size }),
  };
}

interface Running {
  readonly resourceId: string;
  /** Aborts when the asker left. */
  readonly leaving: AbortController;
  /** Aborts when the resource is gone. */
  readonly losing: AbortController;
}

type Message = ProbesSubscription['probes'];

interface Ask extends Readonly<Parameters<NonNullable<Reconciler['probe']>>[1]> {
  readonly id: string;
  readonly kind: string;
  readonly resourceId: string;
}

/** Answers at a time: each may hold a connection to a cluster, and what waits to be sent. */
const MAX_RUNNING = 500;
const GONE = 'It does not exist any more.';
const LEASE_LOST = 'The controller lost its lease while it was answering. Ask again.';
const BUSY = `The controller is answering ${MAX_RUNNING} questions, which is the most. Ask again later.`;
/** In a row. The server tells the asker when the controller stays away. */
const MAX_FAILURES = 5;
const SEND_BACKOFF = { baseMs: 200, capMs: 2_000 };
const REFUSED_BACKOFF = { baseMs: 1_000, capMs: 30_000 };
