import type { Actor } from '../db/contract.js';
import type { LeaseHolderRow } from '../db/read/read-models.js';
import type { Json } from '../lib/canonical.js';
import { createChannel } from '../lib/channel.js';
import type { Clock } from '../lib/clock.js';
import { BadInputError, ForbiddenError, LimitExceededError } from '../lib/errors.js';
import type { Random } from '../lib/random.js';
import { type ProbeAnswerPart, type ProbeQuestion, type Probes, ProbeUnavailableError } from '../resolvers/probes.js';
import type { ProbeMessage } from '../schema/probe.js';
import { type AnswerQueue, createAnswerQueue } from './answer-queue.js';
import { createLeaseCheck } from './lease-check.js';
import type { Limits } from './limits.js';
import { noMessage, type OpenQuestion, type ProbeListener } from './open-question.js';
import type { ProbeRelay, ProbeRelayHost } from './probe-relay.js';
import { createRelayedQuestions } from './relayed-questions.js';

/**
 * Brings questions to the controllers that are attached to this server, or to another one, and their answers back.
 *
 * A question is open from the moment it was put to the holder of the lease until its answer is whole, its asker leaves,
 * a bound of time passes, the holder detaches or the lease moves. However it ends before the answer is whole, the holder
 * is told to stop. Nothing of it is kept then.
 */
export interface ProbeBroker extends Probes {
  stats(): ProbeStats;
  /** Ends all that is open, in words. */
  close(): void;
}

export interface ProbeStats {
  /** Since the start. */
  readonly asked: number;
  /** To the end. */
  readonly answered: number;
  /** In any other way than that the asker left. */
  readonly failed: number;
  /** Now. */
  readonly open: number;
  /** Controllers that are attached. */
  readonly holders: number;
}

export interface ProbeBrokerOptions {
  /** Who holds a lease now. */
  readonly findHolder: (leaseKey: string) => Promise<LeaseHolderRow | null>;
  readonly limits: Pick<
    Limits,
    'openProbes' | 'probeFirstChunkMs' | 'probeMs' | 'probePartBytes' | 'probeWaitingBytes' | 'probeRoomMs'
  >;
  readonly clock: Clock;
  readonly random: Random;
  /** To the other servers. Left out: there are none. */
  readonly openRelay?: (host: ProbeRelayHost) => ProbeRelay;
}

export function createProbeBroker(options: ProbeBrokerOptions): ProbeBroker {
  const { findHolder, limits, clock, random } = options;
  const listeners = new Map<string, ProbeListener>();
  const questions = new Map<string, OpenQuestion>();
  const relayed = createRelayedQuestions(listeners, limits.openProbes);
  const count = { asked: 0, answered: 0, failed: 0 };
  let isClosed = false;

  const fail = (question: OpenQuestion, message: string) => {
    if (!questions.has(question.id)) return;
    count.failed += 1;
    cancel(question);
    question.queue.end(new ProbeUnavailableError(message));
  };

  /** No more of the answer is wanted. */
  const cancel = (question: OpenQuestion) => {
    forget(question, true);
    const { listener, id } = question;
    if (listener && listeners.get(listener.key) === listener)
      listener.messages.push({ ...noMessage, type: 'CANCEL', id });
  };

  const forget = (question: OpenQuestion, isCancelled = false) => {
    questions.delete(question.id);
    question.close();
    if (!question.listener) relay?.end(question.id, isCancelled);
    if (questions.size === 0) leaseCheck.stop();
  };

  const detach = (listener: ProbeListener, why: string) => {
    if (listeners.get(listener.key) === listener) listeners.delete(listener.key);
    for (const question of [...questions.values()]) if (question.listener === listener) fail(question, why);
    for (const id of relayed.drop(listener)) relay?.gone(id);
  };

  const open = async (asked: ProbeQuestion, queue: AnswerQueue, signal: AbortSignal): Promise<OpenQuestion | null> => {
    const { leaseKey } = asked;
    if (leaseKey === null)
      throw new ProbeUnavailableError('No controller works on what is of this kind, so none can be asked.');
    const lease = await findHolder(leaseKey);
    if (signal.aborted) return null;
    if (isClosed) throw new ProbeUnavailableError(STOPPING);
    if (!lease) throw new ProbeUnavailableError('No controller works on it at the moment. Ask again when one does.');
    const holderKey = keyOf(lease.principalId, lease.holder);
    const listener = listeners.get(holderKey) ?? null;
    if (!listener && !relay)
      throw new ProbeUnavailableError('Its controller is not attached to this server. Ask again in a moment.');
    if (questions.size >= limits.openProbes) {
      throw new ProbeUnavailableError(
        `${limits.openProbes} questions wait for answers, which is the most. Ask again later.`,
      );
    }
    const timers: (() => void)[] = [];
    const question: OpenQuestion = {
      id: relay?.newId() ?? random.uuid(),
      asked,
      lease: { ...lease, key: leaseKey },
      listener,
      queue,
      serial: 0,
      offering: null,
      hasChunk: false,
      isHeld: listener !== null,
      close() {
        for (const stop of timers) stop();
      },
    };
    const limit = (afterMs: number, message: string, isOver = () => false) =>
      timers.push(clock.after(afterMs, () => isOver() || fail(question, message)));
    const seconds = (ms: number) => `${ms / 1000} s`;
    const first = `The controller did not answer within ${seconds(limits.probeFirstChunkMs)}.`;
    limit(limits.probeFirstChunkMs, first, () => question.hasChunk);
    limit(FIND_MS, 'Its controller is not attached to any server. Ask again in a moment.', () => question.isHeld);
    if (!asked.isFollowing)
      limit(limits.probeMs, `The controller did not answer in full within ${seconds(limits.probeMs)}.`);
    questions.set(question.id, question);
    leaseCheck.start();
    const { kind, resourceId, question: name, input } = asked;
    const told = { id: question.id, kind, resourceId, question: name, input };
    if (listener) listener.messages.push({ type: 'ASK', ...told });
    else relay?.ask({ key: holderKey, ...told });
    return question;
  };

  const leaseCheck = createLeaseCheck({
    findHolder,
    clock,
    keys: () => [...questions.values()].map(({ lease }) => lease.key),
    onHolder(key, holder) {
      for (const question of [...questions.values()]) {
        if (question.lease.key === key && !isSameLease(holder, question.lease)) fail(question, LEASE_LOST);
      }
    },
  });

  const relay =
    options.openRelay?.({
      put: relayed.put,
      ended: relayed.ended,
      answer,
      held(id) {
        const question = questions.get(id);
        if (question) question.isHeld = true;
      },
      failed(id, why) {
        const question = questions.get(id);
        if (question) fail(question, why);
      },
      displaced(key) {
        listeners.get(key)?.messages.end();
      },
    }) ?? null;

  return {
    ask(asked) {
      const queue = createAnswerQueue({ clock, waitingBytes: limits.probeWaitingBytes, roomMs: limits.probeRoomMs });
      const left = new AbortController();
      let question: OpenQuestion | null = null;
      let isBegun = false;
      const begin = async () => {
        count.asked += 1;
        try {
          question = await open(asked, queue, left.signal);
        } catch (error) {
          count.failed += 1;
          queue.end(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const leave = () => {
        if (left.signal.aborted) return;
        left.abort();
        asked.signal?.removeEventListener('abort', leave);
        if (question && questions.has(question.id)) cancel(question);
        void queue.return();
      };
      asked.signal?.addEventListener('abort', leave, { once: true });
      if (asked.signal?.aborted) leave();
      return {
        next() {
          if (!isBegun && !left.signal.aborted) {
            isBegun = true;
            void begin();
          }
          const result = queue.next();
          const unlisten = () => asked.signal?.removeEventListener('abort', leave);
          result.then(({ done }) => done && unlisten(), unlisten);
          return result;
        },
        return() {
          leave();
          return Promise.resolve({ value: undefined, done: true });
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },

    listen(holder, actor) {
      const key = keyOf(actor.principalId, holder);
      const before = listeners.get(key);
      const listener: ProbeListener = {
        key,
        messages: createChannel<ProbeMessage>({
          limit: MAX_MESSAGES,
          onClose: () => detach(listener, 'The controller that was asked went away.'),
          // It begins with SYNC again, so nothing is lost but what is told to be.
          onOverflow: () => listener.messages.end(),
        }),
      };
      if (isClosed) {
        listener.messages.end();
        return listener.messages;
      }
      before?.messages.end();
      listeners.set(key, listener);
      relay?.attached(key);
      listener.messages.push({ ...noMessage, type: 'SYNC' });
      return listener.messages;
    },

    answer: (part, actor) => (relay?.isElsewhere(part.id) ? relay.answer(part, actor) : answer(part, actor)),

    stats: () => ({ ...count, open: questions.size, holders: listeners.size }),

    close() {
      isClosed = true;
      for (const question of [...questions.values()]) fail(question, STOPPING);
      for (const listener of [...listeners.values()]) listener.messages.end();
      relay?.close();
    },
  };

  async function answer(
    { id, holder, serial, chunks, isLast, error }: ProbeAnswerPart,
    actor: Actor,
  ): Promise<'TAKEN' | 'FULL' | 'UNWANTED'> {
    const question = questions.get(id);
    if (!question) return 'UNWANTED';
    const { lease, queue } = question;
    if (lease.holder !== holder || lease.principalId !== actor.principalId) {
      throw new ForbiddenError(`The question ${id} was put to another controller, so this answer to it is not taken.`);
    }
    const sizeBytes = Buffer.byteLength(JSON.stringify(chunks));
    if (sizeBytes > limits.probePartBytes) {
      fail(question, `The answer has a part of more than ${limits.probePartBytes} bytes, which is the most.`);
      throw new LimitExceededError(`A part of an answer has at most ${limits.probePartBytes} bytes.`, {
        path: ['chunks'],
        limit: limits.probePartBytes,
      });
    }
    if (serial < question.serial) return 'TAKEN';
    if (serial > question.serial) {
      fail(question, 'A part of the answer was lost.');
      throw new BadInputError(`The part ${question.serial} of the answer has to come before ${serial}.`, {
        path: ['serial'],
      });
    }
    question.offering ??= take(question, chunks, sizeBytes).finally(() => {
      question.offering = null;
    });
    const state = await question.offering;
    if (state !== 'TAKEN' || question.serial > serial) return state;
    question.serial = serial + 1;
    if ((!isLast && error === null) || !questions.has(id)) return state;
    forget(question);
    count[error === null ? 'answered' : 'failed'] += 1;
    queue.end(error === null ? undefined : new ProbeUnavailableError(error.slice(0, MAX_ERROR)));
    return state;
  }

  async function take(question: OpenQuestion, chunks: readonly Json[], sizeBytes: number) {
    const { lease, queue, asked } = question;
    const now = await findHolder(lease.key);
    if (!now || !isSameLease(now, lease)) {
      fail(question, LEASE_LOST);
      return 'UNWANTED';
    }
    // That a followed log was opened is an answer; it may have nothing to say for hours.
    question.hasChunk ||= chunks.length > 0 || asked.isFollowing === true;
    return queue.offer(chunks, sizeBytes);
  }
}

const isSameLease = (a: LeaseHolderRow, b: LeaseHolderRow) => a.holder === b.holder && a.epoch === b.epoch;

/** Two programs with one token may not speak for each other, nor two tokens for one holder. */
const keyOf = (principalId: string, holder: string) => `${principalId} ${holder}`;

const LEASE_LOST = 'The controller lost its lease while it was answering. Ask again.';
const STOPPING = 'The server is stopping. Ask again in a moment.';
/** Every server was asked by then whether the holder is attached to it. */
const FIND_MS = 1_500;
/** Questions and cancellations that wait for one controller to read them. More: it is detached, and attaches anew. */
const MAX_MESSAGES = 2_000;
/** Characters of the sentence that a controller gives. */
const MAX_ERROR = 2_000;
