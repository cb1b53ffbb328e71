import { assertNever } from '../../lib/assert.js';
import type { Clock } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import type { Sdk } from '../client.js';
import type { EventReport } from '../resource.js';
import type { KnownResources } from './known.js';
import type { HeldLease, Leases } from './leases.js';
import { type PassEnd, runPass } from './pass.js';
import { WorkQueue } from './queue.js';
import type { Failpoint, Outcome, Reconciler } from './reconciler.js';
import { createRecorder } from './recorder.js';

/** Works through the queue of one kind, some passes at a time, under the leases that this process holds. */
export interface Worker {
  add(id: string, group: string): void;
  forget(id: string): void;
  /** Something watched has changed: a pass in flight may have read it before. */
  noteChange(id: string): void;
  stats(): {
    readonly passes: number;
    readonly failures: number;
    readonly ready: number;
    readonly inFlight: number;
    readonly delayed: number;
  };
  /** Begins no more passes; resolves when those in flight have ended and all was told. */
  drain(): Promise<void>;
}

export interface WorkerOptions {
  readonly kind: string;
  readonly reconciler: Reconciler;
  readonly concurrency?: number;
  readonly perLease?: number;
  readonly sdk: Sdk;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly known: KnownResources;
  readonly leases: Leases;
  readonly stopping: AbortSignal;
  readonly failpoint: Failpoint | undefined;
}

export function createWorker(options: WorkerOptions): Worker {
  const { kind, reconciler, concurrency = CONCURRENCY, perLease = null, clock, log, random, known, leases } = options;
  const queue = new WorkQueue({ clock, random, onReady: () => pump() });
  const recorder = createRecorder({ sdk: options.sdk, kind, log });
  const passes = new Map<string, { readonly running: Promise<void>; readonly changed: Set<string> }>();
  const inGroup = new Map<string, number>();
  const count = { passes: 0, failures: 0 };
  let isDraining = false;

  const pump = () => {
    while (!isDraining && passes.size < concurrency) {
      const id = queue.take(isOpen);
      if (id === null) return;
      const held = heldFor(id);
      // Without the lease it waits outside the queue: acquiring the lease adds everything under it again.
      if (!held) queue.done(id);
      else begin(id, held);
    }
  };

  const isOpen = (group: string) => perLease === null || (inGroup.get(group) ?? 0) < perLease;
  /** Where what is outside bounds the passes, it is also what takes turns: one that is slow delays nobody else. */
  const groupOf = (id: string, project: string) => (perLease === null ? project : (known.get(id)?.leaseKey ?? project));

  const heldFor = (id: string): HeldLease | null => {
    const leaseKey = known.get(id)?.leaseKey ?? null;
    return leaseKey === null ? null : leases.held(leaseKey);
  };

  const begin = (id: string, held: HeldLease) => {
    count.passes += 1;
    const changed = new Set<string>();
    const group = held.lease.key;
    inGroup.set(group, (inGroup.get(group) ?? 0) + 1);
    const run = async () => {
      const { stopping, failpoint } = options;
      const { end, events } = await runPass({ id, reconciler, held, stopping, clock, log, failpoint });
      passes.delete(id);
      leave(group);
      finish(id, end, events, held, changed);
      pump();
    };
    // The promise is in the map before the pass can end.
    const running = Promise.resolve().then(run);
    passes.set(id, { running, changed });
  };

  const leave = (group: string) => {
    const left = (inGroup.get(group) ?? 1) - 1;
    if (left > 0) inGroup.set(group, left);
    else inGroup.delete(group);
  };

  const finish = (
    id: string,
    end: PassEnd,
    events: readonly EventReport[],
    held: HeldLease,
    changed: ReadonlySet<string>,
  ) => {
    const call = { lease: held.lease };
    switch (end.type) {
      case 'outcome':
        recorder.events(id, events, call);
        return settle(id, end.outcome, held, changed);
      case 'stopped':
        queue.done(id);
        return isDraining ? undefined : queue.add(id, groupOf(id, ''));
      case 'unavailable': {
        const { delayMs } = queue.failed(id);
        return log.debug('The server did not answer a pass', { kind, id, error: errorText(end.error), delayMs });
      }
      case 'overtaken': {
        recorder.events(id, events, call);
        if (queue.failures(id) >= QUIET_FAILURES) return fail(id, end.error, [], held);
        queue.failed(id);
        return log.debug('A pass was overtaken', { kind, id, error: errorText(end.error) });
      }
      case 'terminal': {
        count.failures += 1;
        const attempts = queue.failures(id) + 1;
        queue.done(id);
        log.info('A spec is invalid; it waits for the next change', { kind, id, error: errorText(end.error) });
        recorder.invalid(id, end.error, call);
        return tellFailure(id, end.error, events, held, { count: attempts, nextRetryAt: null });
      }
      case 'failed':
        return fail(id, end.error, events, held);
      default:
        return assertNever(end, 'end of a pass');
    }
  };

  const settle = (id: string, outcome: Outcome, held: HeldLease, changed: ReadonlySet<string>) => {
    const resource = known.get(id);
    if (resource?.hasAttempt) {
      resource.hasAttempt = false;
      recorder.attempt(id, { count: 0, lastError: '', nextRetryAt: null }, { lease: held.lease });
    }
    const on = outcome.on ?? [];
    if (resource) known.waitFor(id, on);
    if (on.some((awaited) => changed.has(awaited))) queue.add(id);
    if (outcome.type === 'waiting') {
      log.debug('A pass waits', { kind, id, for: outcome.for, retryAfterMs: outcome.retryAfterMs });
      queue.addAfter(id, outcome.retryAfterMs * (0.9 + random.next() * 0.2));
    }
    queue.done(id);
  };

  const fail = (id: string, error: unknown, events: readonly EventReport[], held: HeldLease) => {
    count.failures += 1;
    const { failures, delayMs } = queue.failed(id);
    log.warn('A pass failed and is tried again', { kind, id, failures, delayMs, error: errorText(error) });
    const nextRetryAt = new Date(clock.now() + delayMs).toISOString();
    tellFailure(id, error, events, held, { count: failures, nextRetryAt });
  };

  const tellFailure = (
    id: string,
    error: unknown,
    events: readonly EventReport[],
    held: HeldLease,
    attempt: { readonly count: number; readonly nextRetryAt: string | null },
  ) => {
    const call = { lease: held.lease };
    const lastError = errorText(error);
    const failed: EventReport = { type: 'Warning', reason: 'ReconcileFailed', message: lastError, object: '' };
    const resource = known.get(id);
    if (resource) resource.hasAttempt = true;
    // First what no commit tells: whoever is woken by the event sees both.
    recorder.attempt(id, { ...attempt, lastError }, call);
    recorder.events(id, [...events, failed], call);
  };

  return {
    add(id, group) {
      if (!isDraining) queue.add(id, groupOf(id, group));
    },
    forget: (id) => queue.forget(id),
    noteChange(id) {
      for (const pass of passes.values()) pass.changed.add(id);
    },
    stats: () => ({ ...count, ...queue.sizes() }),
    async drain() {
      isDraining = true;
      queue.clear();
      await Promise.all([...passes.values()].map((pass) => pass.running));
      queue.clear();
      await recorder.idle();
    },
  };
}

const CONCURRENCY = 8;
/** A fence that refuses this often in a row is not a race any more, and is told. */
const QUIET_FAILURES = 3;
