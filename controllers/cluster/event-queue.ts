import type { Clock } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import { GraphError } from '../../sdk/graph-error.js';
import type { EventReport } from '../../sdk/resource.js';
import type { ClusterEvent } from './cluster-event.js';
import type { EventOwners } from './event-owner.js';

/**
 * Events on their way to the graph. An event waits for the next round, and one that happens again meanwhile takes its
 * place, so that a storm of the same costs one write a second. A round tells what waits, workload by workload, up to a
 * bound; what could not be told waits for the next round. Telling twice does no harm: the graph counts as the cluster does.
 */
export interface EventQueue {
  add(event: ClusterEvent): void;
  /** Lets go of what waits: whoever watches the cluster next sees it again. */
  close(): Promise<void>;
}

export interface EventQueueOptions {
  readonly owners: Pick<EventOwners, 'find'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  record(workloadId: string, events: readonly EventReport[]): Promise<void>;
}

export function createEventQueue(options: EventQueueOptions): EventQueue {
  const { owners, clock, log, signal } = options;
  const pending = new Map<string, ClusterEvent>();
  let running: Promise<void> = Promise.resolve();
  let cancelRound: (() => void) | null = null;
  let failures = 0;

  const schedule = () => {
    if (signal.aborted || pending.size === 0) return;
    const afterMs = Math.min(ROUND_MS * 2 ** failures, LONGEST_WAIT_MS);
    cancelRound ??= clock.after(afterMs, () => {
      running = round().finally(() => {
        cancelRound = null;
        schedule();
      });
    });
  };

  const round = async () => {
    const batch = [...pending.values()].slice(0, MOST_PER_ROUND);
    for (const { uid } of batch) pending.delete(uid);
    const byWorkload = new Map<string, ClusterEvent[]>();
    const reports = new Map<string, EventReport>();
    try {
      for (const event of batch) {
        const owner = await owners.find(event.about, signal);
        if (!owner) continue;
        reports.set(event.uid, reportOf(event, owner.title));
        byWorkload.set(owner.workloadId, [...(byWorkload.get(owner.workloadId) ?? []), event]);
      }
      for (const [workloadId, events] of [...byWorkload].slice(0, MOST_WRITES)) {
        await tell(workloadId, events, reports);
        byWorkload.delete(workloadId);
      }
      keep([...byWorkload.values()].flat());
      failures = 0;
    } catch (error) {
      failures += 1;
      keep(byWorkload.size > 0 ? [...byWorkload.values()].flat() : batch);
      if (!signal.aborted) log.debug('Events could not be told; it is tried again', { error: errorText(error) });
    }
  };

  const tell = async (
    workloadId: string,
    events: readonly ClusterEvent[],
    reports: ReadonlyMap<string, EventReport>,
  ) => {
    try {
      await options.record(
        workloadId,
        events.flatMap(({ uid }) => reports.get(uid) ?? []),
      );
    } catch (error) {
      // The workload is gone, or is another controller's by now: not ours to tell any more.
      if (!(error instanceof GraphError) || error.code === 'INTERNAL') throw error;
      log.debug('Events were not taken', { workloadId, error: errorText(error) });
    }
  };

  const keep = (untold: readonly ClusterEvent[]) => {
    // What came meanwhile is newer.
    for (const event of untold) if (!pending.has(event.uid)) add(event);
  };

  const add = (event: ClusterEvent) => {
    pending.delete(event.uid);
    pending.set(event.uid, event);
    if (pending.size > MOST_PENDING) {
      for (const [oldest] of pending) {
        pending.delete(oldest);
        break;
      }
    }
    schedule();
  };

  return {
    add,
    async close() {
      cancelRound?.();
      pending.clear();
      await running;
    },
  };
}

const ROUND_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** The graph takes 500 events of a resource at once. */
const MOST_PER_ROUND = 500;
/** Of workloads, one after another: while thousands of them roll out, their events must not be what the plane does most. */
const MOST_WRITES = 100;
/** Ten megabytes or so. The oldest are dropped first: of a storm, the newest say most. */
const MOST_PENDING = 20_000;

function reportOf(event: ClusterEvent, owner: string): EventReport {
  const { uid, type, reason, message, count, firstAt, lastAt, about } = event;
  return {
    type,
    reason,
    message,
    object: about.title,
    ...(owner === about.title ? {} : { ownerObject: owner }),
    outside: { id: uid, count, firstAt, lastAt },
  };
}
