import type { Json } from '../../lib/canonical.js';
import type { Clock } from '../../lib/clock.js';
import type { Failpoint } from '../../lib/failpoint.js';
import type { Log } from '../../lib/log.js';
import type { EventReport } from '../resource.js';

/** Decides for one key from desired state and an observation. Carries no state from pass to pass that it cannot lose. */
export interface Reconciler {
  /** The kind that it serves. */
  readonly kind: string;
  /** One pass. A throw is tried again with backoff; TerminalError waits for the next change of the spec. */
  reconcile(id: string, context: ReconcileContext): Promise<Outcome>;
  /** Answers a read-only question; see ResourceProvider.probe. Absent: this kind answers none. */
  probe?(id: string, request: ProbeRequest, context: ProbeContext): Promise<AsyncIterable<Json>>;
}

/** What is asked. */
export interface ProbeRequest {
  /** `logs`, for instance. */
  readonly question: string;
  readonly input: Json;
}

export interface ProbeContext extends Pick<ReconcileContext, 'clock' | 'log' | 'lease'> {
  /** Aborts when the asker leaves, when the lease is lost and when the process stops. */
  readonly signal: AbortSignal;
  /** Aborts with the lease or the process alone: for what is opened now and outlives the question, such as a cluster. */
  readonly leaseSignal: AbortSignal;
}

export type Outcome =
  | {
      readonly type: 'converged';
      /** Resources whose change wakes it: those that it refers to. */
      readonly on?: readonly string[];
    }
  | {
      readonly type: 'waiting';
      /** A sentence: what it waits for. */
      readonly for: string;
      /** Resources whose change wakes it. */
      readonly on: readonly string[];
      /** These are waited for until their health is another one: what else they say wakes nobody. */
      readonly untilHealth?: boolean;
      /** When to look again if nothing wakes it. */
      readonly retryAfterMs: number;
    };

export const converged: Outcome = { type: 'converged' };

export function waiting(
  what: string,
  options: { readonly on?: readonly string[]; readonly untilHealth?: boolean; readonly retryAfterMs: number },
): Outcome {
  return { type: 'waiting', for: what, on: [], ...options };
}

export interface ReconcileContext {
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the process stops or the lease is lost. */
  readonly signal: AbortSignal;
  readonly lease: LeaseView;
  /** Recorded together with what the pass reports, or after it. */
  event(event: EventReport): void;
  /** What the pass had to say so far goes out together with what it reports just now. Absent in tests of providers. */
  tellEvents?(): void;
  /**
   * Whether any of these was told to have changed since the pass began, so that what was read of it may be old. Absent in
   * tests of providers: nobody knows.
   */
  hasChanged?(ids: readonly string[]): boolean;
  /** Told of each status that this pass reported, so that hearing of it wakes nobody. Absent in tests of providers. */
  reported?(statusVersion: number): void;
  /** Awaited, but for beforeWrite. */
  readonly failpoint?: Failpoint;
}

/** The right to act, as this process holds it now. */
export interface LeaseView {
  readonly key: string;
  readonly holder: string;
  readonly epoch: number;
  /** No outside write may start later than this (its margin is taken off already). Milliseconds of `clock`. */
  readonly deadlineMs: number;
}
