import { type Clock, sleep } from '../../lib/clock.js';
import type { Random } from '../../lib/random.js';
import type { ApiRequest, ApiResponse } from '../kubernetes/transport.js';
import { answer, subjectOf } from './api.js';
import { ApiError, toResponse } from './api-error.js';
import { parseApiPath } from './api-path.js';
import { createSandboxCloud, type SandboxCloud } from './cloud/cloud.js';
import { linkClusters } from './cloud/cluster-link.js';
import { createClusterTable, noAnswer } from './cluster-table.js';
import { type Delays, defaultDelays } from './delays.js';
import { createFaults, type FaultSubject, type Faults } from './faults.js';
import type { JournalRecord } from './journal.js';
import { expired } from './list-page.js';
import { nameSuffix } from './names.js';
import { followPodLog } from './pod-log.js';
import { checkRight } from './rights.js';
import type { SandboxCluster } from './sandbox-cluster.js';
import { authenticate } from './service-account-token.js';
import type { Target } from './write-target.js';

/**
 * The simulated world: clusters by name, each made when it is first asked for, and a cloud, which makes those of its own.
 * It speaks Kubernetes' REST API, moves by the clock it is given, and goes wrong as it is told. The same seed and the same
 * requests give the same world.
 */
export interface SandboxWorld {
  readonly clock: Clock;
  readonly faults: Faults;
  /** One request to one cluster. Throws UnreachableError where a network would give no answer. */
  request(cluster: string, request: WorldRequest): Promise<ApiResponse>;
  /** A watch: as Transport.stream. */
  stream(cluster: string, request: WorldRequest, onLine: (line: unknown) => void): Promise<ApiResponse | null>;
  /** A log: as Transport.lines. */
  lines(
    cluster: string,
    request: WorldRequest,
    onLines: (lines: readonly string[]) => Promise<void>,
  ): Promise<ApiResponse | null>;
  readonly cloud: SandboxCloud;
  /** Throws UnreachableError for one of the cloud's that is not there. */
  cluster(name: string): SandboxCluster;
  clusters(): readonly SandboxCluster[];
  /** Makes faults that came or went be noticed at once. */
  faultsChanged(): void;
  /** Everything that is there, for a snapshot. */
  dump(): Iterable<JournalRecord>;
  close(): void;
}

export interface WorldRequest extends ApiRequest {
  /** A service account's; whoever has none is the administrator. */
  readonly token?: string;
}

export interface SandboxWorldOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** How long things take; `defaultDelays` when left out. */
  readonly delays?: Delays;
  /** What an earlier process had. */
  readonly restored?: Iterable<JournalRecord>;
  /** Called with every change before its request is answered. */
  onChange?(record: JournalRecord): void;
}

export function createSandboxWorld(options: SandboxWorldOptions): SandboxWorld {
  const { clock, random, delays = defaultDelays } = options;
  const faults = createFaults(random);
  const tell = (record: JournalRecord) => options.onChange?.(record);
  const clusters = createClusterTable({ clock, random, delays, faults }, tell);
  const { find } = clusters;
  const cloud = createSandboxCloud({
    clock,
    random,
    delays: delays.cloud,
    faults,
    onChange({ version, place, entry }) {
      tell({ cloud: place, version, ...(entry ? { entry } : {}) });
      linkClusters(cloud.store, clusters.linked, place.type);
    },
  });
  for (const record of options.restored ?? []) {
    if ('cluster' in record) clusters.restore(record);
    else cloud.restore(record);
  }
  clusters.goOn();
  cloud.goOn();
  linkClusters(cloud.store, clusters.linked, 'cluster');

  /** What happens to a request before it is looked at; an answer when it gets no further. */
  const hinder = async (
    { store }: SandboxCluster,
    subject: FaultSubject,
    { signal, token }: WorldRequest,
  ): Promise<ApiResponse | null> => {
    if (faults.take('apiDown', subject))
      throw noAnswer(store.name, 'the connection was refused, nothing listens there');
    const slow = faults.take('slow', subject);
    if (slow) await sleep(clock, slow.delayMs ?? 1000, signal);
    signal.throwIfAborted();
    return answered(() => {
      const user = token === undefined ? 'admin' : authenticate(store, token, clock.now());
      refuse(faults, subject);
      checkRight(store, faults, subject, user);
      return null;
    });
  };

  return {
    clock,
    faults,
    async request(name, request) {
      const cluster = find(name);
      const { store, writes } = cluster;
      const subject = { cluster: name, ...subjectOf(store, request) };
      const hindered = await hinder(cluster, subject, request);
      if (hindered) return hindered;
      const response = answered(() => {
        if (request.query?.continue && faults.take('gone', subject)) throw expired();
        const suffix = () => nameSuffix(random);
        return answer({ store, writes, faults, nowMs: clock.now(), suffix }, request);
      });
      const isWrite = request.method !== 'GET';
      if (isWrite && faults.take('lostReply', subject)) throw noAnswer(name, 'the connection was cut');
      return response;
    },
    async stream(name, request, onLine) {
      const cluster = find(name);
      const { store, watchers } = cluster;
      const subject = { cluster: name, ...subjectOf(store, request) };
      const hindered = await hinder(cluster, subject, request);
      if (hindered) return hindered;
      const cut = faults.take('watchCut', subject);
      const watching = answered(() => {
        const path = parseApiPath(request.path, store.types());
        if (path.at !== 'collection') throw new ApiError(400, 'BadRequest', 'only collections can be watched');
        const { query = {}, accept, signal } = request;
        return watchers.watch({
          type: path.type,
          namespace: path.namespace,
          query,
          accept,
          signal,
          isGone: faults.take('gone', subject) !== null,
          cut: cut && { afterMs: cut.delayMs ?? 1000, error: noAnswer(name, 'the connection was cut') },
          onLine,
        });
      });
      if (!(watching instanceof Promise)) return watching;
      await watching;
      return null;
    },
    async lines(name, request, onLines) {
      const cluster = find(name);
      const { store } = cluster;
      const { query = {}, signal } = request;
      const path = parseApiPath(request.path, store.types());
      if (path.at !== 'object' || path.part !== 'log' || query.follow !== 'true') {
        const response = await this.request(name, request);
        if (response.status !== 200) return response;
        const lines = String(response.body).split('\n').slice(0, -1);
        await onLines(lines);
        return null;
      }
      const hindered = await hinder(cluster, { cluster: name, ...subjectOf(store, request) }, request);
      if (hindered) return hindered;
      const target: Target = { type: path.type, namespace: path.namespace, name: path.name };
      const following = answered(() => followPodLog({ store, clock }, target, query, onLines, signal));
      try {
        await following;
        return null;
      } catch (error) {
        if (error instanceof ApiError) return toResponse(error);
        throw error;
      }
    },
    cloud,
    cluster: find,
    clusters: clusters.all,
    faultsChanged() {
      for (const cluster of clusters.all()) {
        const { name } = cluster.store;
        cluster.wakeAll();
        const isDown = faults
          .list()
          .some(
            ({ kind, match }) =>
              (kind === 'apiDown' || kind === 'watchCut') &&
              match?.account === undefined &&
              (match?.cluster ?? name) === name &&
              !match?.kind,
          );
        if (isDown) cluster.watchers.cutAll(noAnswer(name, 'the connection was cut'));
      }
    },
    *dump() {
      yield* cloud.dump();
      yield* clusters.dump();
    },
    close() {
      cloud.close();
      clusters.close();
    },
  };
}

/** The answer, or what is answered instead when something is refused. */
function answered<Answer>(action: () => Answer): Answer | ApiResponse {
  try {
    return action();
  } catch (error) {
    if (error instanceof ApiError) return toResponse(error);
    throw error;
  }
}

/** Throws what faults refuse, whatever is asked for. */
function refuse(faults: Faults, subject: FaultSubject): void {
  const throttled = faults.take('throttle', subject);
  if (throttled) {
    const retryAfterMs = throttled.retryAfterMs ?? 1000;
    throw new ApiError(
      429,
      'TooManyRequests',
      'the server has received too many requests and has asked us to try again later',
      { retryAfterMs },
    );
  }
  if (faults.take('unauthorized', subject)) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  if (faults.take('serverError', subject))
    throw new ApiError(500, 'InternalError', 'Internal error occurred: the sandbox was told to fail');
  const isWrite =
    subject.verb === 'apply' || subject.verb === 'create' || subject.verb === 'update' || subject.verb === 'delete';
  if (!isWrite || !faults.take('conflict', subject)) return;
  const what = `${subject.kind ?? ''} "${subject.name ?? ''}"`;
  throw new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${what}: the object has been modified; please apply your changes to the latest version and try again`,
  );
}
