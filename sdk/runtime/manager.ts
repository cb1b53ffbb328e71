import { backoffMs } from '../../lib/backoff.js';
import { type Clock, sleep } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import type { Failpoint } from '../../lib/failpoint.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import { createSdk } from '../client.js';
import type { GraphClient } from '../graph-client.js';
import { isNoBetter } from './is-no-better.js';
import { KnownResources } from './known.js';
import { createLeases } from './leases.js';
import { createProbeAnswers } from './probes.js';
import type { Urgency } from './queue.js';
import type { LeaseView, Reconciler } from './reconciler.js';
import { isTurnOf } from './turns.js';
import { listKeys, type ResourceKey, runWatch, type WatchedChange } from './watch.js';
import { createWorker, type Worker } from './worker.js';

export interface ManagerOptions {
  readonly client: GraphClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly reconcilers: readonly ReconcilerEntry[];
  /** Who holds the leases: unique per process. Default: a random UUID. */
  readonly holder?: string;
  /**
   * How often all is listed, jittered by a tenth, because every wake may be lost: what changed since the last listing, or
   * is not settled, is looked at, and of the rest a part each time. Default 600,000.
   */
  readonly resyncMs?: number;
  /** Of every lease: how long after a sudden death another process takes over. Default 15,000. */
  readonly leaseTtlMs?: number;
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
  /** A change waits so long for others, and all of them are one pass. For kinds that only say how their parts are. Default 0. */
  readonly gatherMs?: number;
  /** Passes at a time under one lease: what is outside may be slow, and others must not wait for it. Default: no bound of its own. */
  readonly perLease?: number;
}

/** Runs reconcilers: registers, watches, holds leases, works through the queue. */
export interface Manager {
  /** Returns at once; a server that is away is waited for. */
  start(): void;
  /** Look again at `id`: for controllers that watch the outside. Unknown ids are ignored. */
  wake(id: string): void;
  stats(): ManagerStats;
  /** The leases under which it may write outside now. */
  leases(): readonly LeaseView[];
  /** Lets passes in flight end (within 10 s, then they are aborted), releases the leases. */
  close(): Promise<void>;
}

export interface ManagerStats {
  /** Since the start. */
  readonly passes: number;
  readonly failures: number;
  readonly wakes: number;
  readonly syncs: number;
  readonly resyncs: number;
  readonly leasesLost: number;
  /** To other processes, which had fewer. */
  readonly leasesGiven: number;
  /** Questions about the outside. */
  readonly probes: number;
  /** Now. */
  readonly queued: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly known: number;
  readonly leases: number;
  /** Questions that are being answered. */
  readonly answering: number;
}

/** Opens nothing before start(). Throws when two entries serve one kind. */
export function createManager(options: ManagerOptions): Manager {
  const { clock, log, random, failpoint } = options;
  const sdk = createSdk(options.client);
  const holder = options.holder ?? random.uuid();
  const stopping = new AbortController();
  const known = new KnownResources();
  const count = { wakes: 0, syncs: 0, resyncs: 0 };
  const workers = new Map<string, Worker>();
  const wakesOwner = new Map<string, boolean>();
  let isStarted = false;
  let isSyncing = false;
  let isSyncAskedFor = false;
  /** The next sync looks at all that there is. */
  let isFullAskedFor = false;
  let cancelResync = () => {};
  let running: Promise<unknown> = Promise.resolve();

  const leases = createLeases({
    sdk,
    holder,
    clock,
    log,
    ...(options.leaseTtlMs !== undefined && { ttlMs: options.leaseTtlMs }),
    ...(failpoint && { failpoint }),
    onAcquired: (key) => {
      for (const id of known.under(key)) enqueueListed(id);
    },
    onLost: (key) => log.debug('Its keys wait for the lease', { key, keys: known.under(key).length }),
  });

  for (const entry of options.reconcilers) {
    if (workers.has(entry.kind))
      throw new Error(`Two reconcilers serve the kind ${entry.kind}. Leave one of them out.`);
    wakesOwner.set(entry.kind, entry.wakesOwner ?? false);
    workers.set(
      entry.kind,
      createWorker({ ...entry, sdk, clock, log, random, known, leases, stopping: stopping.signal, failpoint }),
    );
  }
  const probes = createProbeAnswers({
    sdk,
    holder,
    reconcilers: new Map(options.reconcilers.map(({ kind, reconciler }) => [kind, reconciler])),
    known,
    leases,
    clock,
    log,
    random,
    stopping: stopping.signal,
  });
  const hasProbes = options.reconcilers.some(({ reconciler }) => reconciler.probe);
  const served = [...workers.keys()];
  const watched = [...new Set([...served, ...options.reconcilers.flatMap((entry) => entry.alsoWatches ?? [])])];

  const enqueue = (id: string, urgency: Urgency = 'fresh', isOnTheWay = false) => {
    const resource = known.get(id);
    if (!resource || stopping.signal.aborted || resource.leaseKey === null) return;
    leases.want(resource.leaseKey);
    // Another process looks at it; acquiring the lease adds everything under it.
    if (!leases.held(resource.leaseKey)) return;
    workers.get(resource.kind)?.add(resource.id, resource.group, urgency, isOnTheWay);
  };

  /** What was not settled when it was last heard of goes first: after a crash, that is what is left to do. */
  const enqueueListed = (id: string) => enqueue(id, known.get(id)?.isSettled ? 'backlog' : 'fresh');

  const forget = (id: string) => {
    const resource = known.get(id);
    if (!resource) return;
    workers.get(resource.kind)?.forget(id);
    probes.forget(id);
    const unneeded = known.forget(id);
    if (unneeded !== null) leases.unwant(unneeded);
  };

  /** Whom a change of it concerns beside itself. */
  const wakeOthers = (it: Pick<WatchedChange, 'kind' | 'ownerId' | 'sameHealth'>, waiters: readonly string[]) => {
    const isOnTheWay = it.sameHealth === 'Progressing';
    if (it.ownerId !== null && wakesOwner.get(it.kind) !== false) enqueue(it.ownerId, 'fresh', isOnTheWay);
    for (const waiter of waiters) if (!isNoBetter(it) || !known.get(waiter)?.untilHealth) enqueue(waiter);
  };

  const onChange = (change: WatchedChange) => {
    count.wakes += 1;
    for (const worker of workers.values()) worker.noteChange(change.id, isNoBetter(change));
    const waiters = known.waitersOf(change.id);
    if (change.isRemoved) forget(change.id);
    else if (workers.has(change.kind)) {
      const isNew = known.get(change.id) === null;
      known.hear(change.id, { ...change, group: change.projectId ?? '' });
      // Nobody but its controller reports its status: what that reported itself is nothing to look at again.
      if (isNew) enqueue(change.id);
      else if (change.statusVersion === null) enqueue(change.id, 'urgent');
      else if (workers.get(change.kind)?.isNews(change.id, change.statusVersion)) enqueue(change.id);
    }
    wakeOthers(change, waiters);
  };

  /** One at a time; asked for again meanwhile, it runs once more. */
  const sync = async () => {
    isSyncAskedFor = true;
    if (isSyncing) return;
    isSyncing = true;
    while (isSyncAskedFor && !stopping.signal.aborted) {
      const isFull = isFullAskedFor;
      isSyncAskedFor = false;
      isFullAskedFor = false;
      await register();
      await Promise.all(served.map((kind) => list(kind, isFull)));
    }
    isSyncing = false;
  };

  const register = async () => {
    for (let failures = 1; !stopping.signal.aborted; failures += 1) {
      try {
        await sdk.RegisterController({ input: { holder, kinds: served, version: options.version ?? '0' } });
        return;
      } catch (error) {
        log.warn('The server did not take the registration; it is tried again', { error: errorText(error) });
      }
      await sleep(clock, backoffMs(failures, REGISTER_BACKOFF, random), stopping.signal);
    }
  };

  const list = async (kind: string, isFull: boolean) => {
    const begunAt = known.now();
    const take = (keys: readonly ResourceKey[]) => {
      for (const { id, projectId, ownerId, leaseKey, attempt, status, generation, version } of keys) {
        const { isSettled } = status;
        // They only grow.
        const counted = generation + version + status.version;
        const before = known.get(id);
        const isChanged = before?.counted !== counted || before.leaseKey !== leaseKey;
        const heard = { kind, group: projectId ?? '', ownerId, leaseKey, hasAttempt: attempt !== null, isSettled };
        known.hear(id, { ...heard, counted });
        if (isFull || isChanged || !isSettled || attempt !== null || isTurnOf(id, count.resyncs)) enqueueListed(id);
        if (isChanged && !isFull) wakeOthers({ kind, ownerId, sameHealth: null }, known.waitersOf(id));
      }
    };
    if (!(await listKeys(kind, { sdk, clock, log, random, signal: stopping.signal }, take))) return;
    for (const id of known.silentSince(kind, begunAt)) {
      const gone = { kind, ownerId: known.get(id)?.ownerId ?? null, sameHealth: null };
      const waiters = known.waitersOf(id);
      forget(id);
      wakeOthers(gone, waiters);
    }
  };

  const scheduleResync = () => {
    const everyMs = options.resyncMs ?? RESYNC_MS;
    cancelResync = clock.after(everyMs * (0.9 + random.next() * 0.2), () => {
      count.resyncs += 1;
      void sync();
      scheduleResync();
    });
  };

  return {
    start() {
      if (isStarted) return;
      isStarted = true;
      const onSync = () => {
        count.syncs += 1;
        isFullAskedFor = true;
        void sync();
      };
      const watching = runWatch({ sdk, kinds: watched, clock, log, random, signal: stopping.signal, onSync, onChange });
      running = Promise.all([watching, hasProbes && probes.run()]);
      scheduleResync();
    },
    wake: (id) => enqueue(id),
    stats() {
      const sums = { passes: 0, failures: 0, queued: 0, inFlight: 0, delayed: 0 };
      for (const worker of workers.values()) {
        const { passes, failures, ready, inFlight, delayed } = worker.stats();
        sums.passes += passes;
        sums.failures += failures;
        sums.queued += ready;
        sums.inFlight += inFlight;
        sums.delayed += delayed;
      }
      const { held, lost, given } = leases.stats();
      const { asked, answering } = probes.stats();
      const ofLeases = { leases: held, leasesLost: lost, leasesGiven: given };
      return { ...count, ...sums, known: known.size, ...ofLeases, probes: asked, answering };
    },
    leases: () => leases.inUse(),
    async close() {
      cancelResync();
      const drained = Promise.all([...workers.values()].map((worker) => worker.drain()));
      const abort = () => stopping.abort(new Error('The controllers are stopping'));
      const over = new AbortController();
      const cancelLimit = clock.after(DRAIN_MS, abort);
      await Promise.race([drained, sleep(clock, DRAIN_MS + ABORTED_MS, over.signal)]);
      over.abort();
      cancelLimit();
      abort();
      await running;
      await leases.close();
    },
  };
}

/** Ten minutes: seldom enough to cost nothing, and the longest that a lost wake can matter. */
const RESYNC_MS = 600_000;
/** Less than the grace of common process supervisors (Kubernetes: 30 s). */
const DRAIN_MS = 10_000;
/** For passes that were aborted; one that does not listen to its signal is left behind. */
const ABORTED_MS = 2_000;
const REGISTER_BACKOFF = { baseMs: 500, capMs: 15_000 };
