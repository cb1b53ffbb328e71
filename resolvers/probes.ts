import type { Actor } from '../db/contract.js';
import type { Json } from '../lib/canonical.js';
import type { ProbeMessage } from '../schema/probe.js';

/**
 * Read-only questions about the outside, each answered by the controller that holds the lease of the resource. Nothing
 * of a question or an answer is stored or logged. A server implements it; resolvers see nothing else of controllers.
 */
export interface Probes {
  /**
   * Asks at the first next(). The iterator gives the chunks of the answer as they come, and ends with it. Throws
   * ProbeUnavailableError when nobody can answer, when the first chunk takes too long, and when the answer breaks off.
   * return() and the signal end the question for the controller too, at once.
   */
  ask(question: ProbeQuestion): AsyncIterableIterator<Json>;
  /** The questions to `holder`, beginning with SYNC. A second one of the same holder takes the place of the first. */
  listen(holder: string, actor: Actor): AsyncIterableIterator<ProbeMessage>;
  /**
   * Takes a part of an answer, and waits for a slow asker, for a bounded time. Throws ForbiddenError when the question
   * was put to somebody else, and LimitExceededError for a part that is too large.
   */
  answer(part: ProbeAnswerPart, actor: Actor): Promise<'TAKEN' | 'FULL' | 'UNWANTED'>;
}

export interface ProbeQuestion {
  readonly resourceId: string;
  readonly kind: string;
  /** null: nothing reconciles the resource, so there is nobody to ask. */
  readonly leaseKey: string | null;
  /** `logs`, for instance. The kind says which there are. */
  readonly question: string;
  readonly input: Json;
  /** Lasts until the asker leaves. Others have to be answered whole within a bound. */
  readonly isFollowing?: boolean;
  /** Aborts when the asker leaves. */
  readonly signal?: AbortSignal | undefined;
}

export interface ProbeAnswerPart {
  readonly id: string;
  readonly holder: string;
  readonly serial: number;
  readonly chunks: readonly Json[];
  readonly isLast: boolean;
  readonly error: string | null;
}

/** Thrown when a question has no answer, or no more of it. The message is a sentence for people; others do not wait. */
export class ProbeUnavailableError extends Error {
  override readonly name = 'ProbeUnavailableError';
}
