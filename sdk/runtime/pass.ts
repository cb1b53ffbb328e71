import type { Clock } from '../../lib/clock.js';
import { TerminalError } from '../../lib/errors.js';
import type { Failpoint } from '../../lib/failpoint.js';
import type { Log } from '../../lib/log.js';
import { GraphError, ServerUnreachableError } from '../graph-error.js';
import type { EventReport } from '../resource.js';
import { type HeldLease, LeaseLostError } from './leases.js';
import type { Outcome, ReconcileContext, Reconciler } from './reconciler.js';

export interface PassOptions {
  readonly id: string;
  readonly reconciler: Reconciler;
  readonly held: HeldLease;
  /** Aborts when the process stops. */
  readonly stopping: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  readonly failpoint: Failpoint | undefined;
  /** Told of each status that the pass reported. */
  reported(statusVersion: number): void;
  /** Records what it had to say so far. */
  record(events: readonly EventReport[]): void;
  /** Whether any of these was told to have changed since the pass began. */
  hasChanged(ids: readonly string[]): boolean;
}

/** How a pass ended, as far as the queue is concerned. */
export type PassEnd =
  | { readonly type: 'outcome'; readonly outcome: Outcome }
  /** The lease was lost or the process stops: nothing was wrong. */
  | { readonly type: 'stopped' }
  /** The server has a newer state than the pass decided from. */
  | { readonly type: 'overtaken'; readonly error: unknown }
  /** The server was away, or not well: that says nothing of the resource. */
  | { readonly type: 'unavailable'; readonly error: unknown }
  | { readonly type: 'terminal'; readonly error: TerminalError }
  | { readonly type: 'failed'; readonly error: unknown };

export interface PassResult {
  readonly end: PassEnd;
  /** What the pass had to say and was not recorded yet, in order. */
  readonly events: readonly EventReport[];
}

/** Runs one pass. Never throws. */
export async function runPass(options: PassOptions): Promise<PassResult> {
  const { id, reconciler, held, stopping, clock, log, failpoint } = options;
  const events: EventReport[] = [];
  const signal = signalOf(held, stopping);
  const context: ReconcileContext = {
    clock,
    log: log.child({ kind: reconciler.kind, id }),
    signal,
    lease: held.lease,
    event: (event) => void events.push(event),
    tellEvents: () => options.record(events.splice(0)),
    reported: options.reported,
    hasChanged: options.hasChanged,
    ...(failpoint ? { failpoint } : {}),
  };
  try {
    return { end: { type: 'outcome', outcome: await reconciler.reconcile(id, context) }, events };
  } catch (error) {
    return { end: classify(error, signal), events };
  }
}

/** One for all passes under a lease: to combine signals costs, and each that is combined is kept for as long as they are. */
function signalOf(held: HeldLease, stopping: AbortSignal): AbortSignal {
  const known = signals.get(held);
  if (known) return known;
  const signal = AbortSignal.any([held.signal, stopping]);
  signals.set(held, signal);
  return signal;
}

const signals = new WeakMap<HeldLease, AbortSignal>();

function classify(error: unknown, signal: AbortSignal): PassEnd {
  if (signal.aborted || error instanceof LeaseLostError) return { type: 'stopped' };
  if (error instanceof TerminalError) return { type: 'terminal', error };
  if (error instanceof ServerUnreachableError) return { type: 'unavailable', error };
  if (error instanceof GraphError && error.code === 'INTERNAL') return { type: 'unavailable', error };
  if (error instanceof GraphError && OVERTAKEN.has(error.code)) return { type: 'overtaken', error };
  return { type: 'failed', error };
}

/** CONFLICT: a fence. NOT_FOUND: it is gone. BLOCKED: a dependent came meanwhile. The next pass sees which. */
const OVERTAKEN: ReadonlySet<string> = new Set(['CONFLICT', 'NOT_FOUND', 'BLOCKED']);
