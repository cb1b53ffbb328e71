import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import type { GraphClient } from '../graph-client.js';
import type { Failpoint, Reconciler } from './reconciler.js';

export interface ManagerOptions {
  readonly client: GraphClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly reconcilers: readonly ReconcilerEntry[];
  /** Who holds the leases: unique per process. Default: a random UUID. */
  readonly holder?: string;
  /** A full look at everything, jittered by a tenth, because every wake may be lost. Default 600,000. */
  readonly resyncMs?: number;
  /** Of this program, for the record. Default `0`. */
  readonly version?: string;
  readonly failpoint?: Failpoint;
}

export interface ReconcilerEntry {
  readonly kind: string;
  readonly reconciler: Reconciler;
  /** A change of a resource of this kind wakes its owner. */
  readonly wakesOwner?: boolean;
  /** Kinds that it does not serve but refers to or owns: their changes wake waiters and owners. */
  readonly alsoWatches?: readonly string[];
  /** Passes at a time. Default 8. */
  readonly concurrency?: number;
}

/** Runs reconcilers: registers, watches, holds leases, works through the queue. */
export interface Manager {
  /** Returns at once; a server that is away is waited for. */
  start(): void;
  /** Look again at `id`: for controllers that watch the outside. Unknown ids are ignored. */
  wake(id: string): void;
  stats(): ManagerStats;
  /** Lets passes in flight end (within 10 s, then they are aborted), releases the leases. */
  close(): Promise<void>;
}

export interface ManagerStats {
  readonly passes: number;
  readonly failures: number;
  readonly wakes: number;
  readonly syncs: number;
  readonly resyncs: number;
  readonly queued: number;
  readonly inFlight: number;
  readonly waiting: number;
  readonly known: number;
  readonly leases: number;
  readonly leasesLost: number;
}

/** Opens nothing before start(). */
export function createManager(_options: ManagerOptions): Manager {
  throw new Error('The manager comes with the next commit');
}
