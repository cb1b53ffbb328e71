import { assertNever } from '../../lib/assert.js';
import type { Clock } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Failpoint } from '../../lib/failpoint.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import type { Sdk } from '../client.js';
import type { EventReport } from '../resource.js';
import type { KnownResources } from './known.js';
import type { HeldLease, Leases } from './leases.js';
import { type PassEnd, runPass } from './pass.js';
import { type Urgency, WorkQueue } from './queue.js';
import type { Outcome, Reconciler } from './reconciler.js';
import { createRecorder } from './recorder.js';

/** Works through the queue of one kind, some passes at a time, under the leases that this process holds. */
export interface Worker {
  /** `isOnTheWay`: of what only says that it goes on, more is told together. */
  add(id: string, group: string, urgency?: Urgency, isOnTheWay?: boolean): void;
  forget(id: string): void;
  /** Something watched has changed: a pass in flight may have read it before. `hasSameHealth`: in its status alone, and its health is what it was. */
  noteChange(id: string, hasSameHealth: boolean): void;
  /** Whether a status of that version was reported by somebody else. While a pass is in flight, that decides when it ends. */
  isNews(id: string, statusVersion: number): boolean;
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
  readonly gatherMs?: number;
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
  const { kind, reconciler, concurrency = CONCURRENCY, perLease = null, gatherMs = 0 } = options;
  const { clock, log, random, known, leases } = options;
  const queue = new WorkQueue({ clock, random, onReady: () => pump() });
  const recorder = createRecorder({ sdk: options.sdk, kind, log });
  const passes = new Map<string, Running>();
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
    const pass: Running = { running: Promise.resolve(), changed: new Map(), toldStatus: -1 };
    const group = held.lease.key;
    const ended = held.use();
    inGroup.set(group, (inGroup.get(group) ?? 0) + 1);
    const reported = (statusVersion: number) => {
      const resource = known.get(id);
      if (resource) resource.reportedStatus = statusVersion;
    };
    const hasChanged = (ids: readonly string[]) => ids.some((each) => pass.changed.has(each));
    const run = async () => {
      const { stopping, failpoint } = options;
      const record = (events: readonly EventReport[]) => recorder.events(id, events, { lease: held.lease });
      const told = { reported, hasChanged, record };
      const { end, events } = await runPass({ id, reconciler, held, stopping, clock, log, failpoint, ...told });
      passes.delete(id);
      leave(group);
      if (pass.toldStatus > (known.get(id)?.reportedStatus ?? -1)) queue.add(id);
      finish(id, end, events, held, pass.changed);
      pump();
      // What it had to say is told under the lease too.
      void recorder.told(id).then(ended);
    };
    // The pass is in the map before it can end.
    passes.set(id, pass);
    pass.running = Promise.resolve().then(run);
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
    changed: Running['changed'],
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

  const settle = (id: string, outcome: Outcome, held: HeldLease, changed: Running['changed']) => {
    const resource = known.get(id);
    if (resource?.hasAttempt) {
      resource.hasAttempt = false;
      recorder.attempt(id, { count: 0, lastError: '', nextRetryAt: null }, { lease: held.lease });
    }
    const on = outcome.on ?? [];
    const untilHealth = outcome.type === 'waiting' && outcome.untilHealth === true;
    if (resource) known.waitFor(id, on, untilHealth);
    if (on.some((awaited) => (untilHealth ? changed.get(awaited) === false : changed.has(awaited)))) queue.add(id);
    if (outcome.type === 'waiting') {
      log.debug('A pass waits', { kind, id, for: outcome.for, retryAfterMs: outcome.retryAfterMs });
      if (outcome.retryAfterMs === 0) queue.add(id, '', 'urgent');
      else queue.addAfter(id, outcome.retryAfterMs * (0.9 + random.next() * 0.2));
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
    add(id, group, urgency, isOnTheWay = false) {
      if (isDraining) return;
      const gathers = gatherMs > 0 && urgency !== 'backlog' && queue.failures(id) === 0;
      if (gathers) queue.addAfter(id, isOnTheWay ? gatherMs * ON_THE_WAY : gatherMs, groupOf(id, group));
      else queue.add(id, groupOf(id, group), urgency);
    },
    forget: (id) => queue.forget(id),
    noteChange(id, hasSameHealth) {
      for (const { changed } of passes.values()) changed.set(id, hasSameHealth && changed.get(id) !== false);
    },
    isNews(id, statusVersion) {
      const pass = passes.get(id);
      if (pass) pass.toldStatus = Math.max(pass.toldStatus, statusVersion);
      return !pass && statusVersion > (known.get(id)?.reportedStatus ?? -1);
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

interface Running {
  running: Promise<void>;
  /** What changed since it began, and whether nothing did but its status, with the same health. */
  readonly changed: Map<string, boolean>;
  /** The newest version of its status that was told of since it began. */
  toldStatus: number;
}

const CONCURRENCY = 8;
/** So many times longer is gathered what others say of themselves while they are no better and no worse. */
const ON_THE_WAY = 4;
/** A fence that refuses this often in a row is not a race any more, and is told. */
const QUIET_FAILURES = 3;
