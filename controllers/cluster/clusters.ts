import type { TransportLoad } from '../../drivers/kubernetes/adaptive-transport.js';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { type Backoff, backoffMs } from '../../lib/backoff.js';
import type { Clock } from '../../lib/clock.js';
import { NotFoundError } from '../../lib/errors.js';
import type { SpecOf } from '../../lib/kind.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import { listSecretReferences, resolveSecrets } from '../../model/secrets.js';
import type { kubernetesRuntimeKind } from '../../schema/kinds/kubernetes-runtime.js';
import type { EventReport, ResourceView } from '../../sdk/resource.js';
import type { FencedCall, ResourceClient } from '../../sdk/resource-client.js';
import { marksOf, outsideLabels } from '../marks.js';
import { type Cluster, createCluster } from './cluster.js';
import { NotMadeError } from './not-made-error.js';
import type { OpenedDriver } from './open-driver.js';
import { type TokenLifetime, tokenLifetime } from './token-lifetime.js';

export type RuntimeSpec = SpecOf<typeof kubernetesRuntimeKind>;

/**
 * The clusters that this process works on, one for each runtime: opened when first asked for, with the credential
 * released for that, and again when the runtime's spec changed or the credential was refused.
 */
export interface Clusters {
  /** The cluster of a runtime, as it was last opened. */
  get(runtimeId: string, call: FencedCall): Promise<Cluster>;
  /**
   * Since its last look the runtime cannot be reached: until `error` is null again, `get` throws it at once, so that nobody
   * waits for what is known. That holds for a time
   * only: nobody looks any more while the runtime waits to be deleted.
   */
  setAway(runtimeId: string, error: Error | null): void;
  /** The same, opened anew when the spec is another one than it was opened with. */
  refresh(runtime: ResourceView<RuntimeSpec>, call: FencedCall): Promise<Cluster>;
  /** How long the token is good that the runtime was opened with; null: it is not open, or its token does not expire. */
  tokenLifetime(runtimeId: string): TokenLifetime | null;
  /** Closes it, so that the next use opens it anew. */
  drop(runtimeId: string): Promise<void>;
  /** The next use opens it anew, with the newest credential; passes in flight end with what they have. */
  renew(runtimeId: string): void;
  /** From now on, what happens to objects and pods of the workload on that runtime wakes it. */
  follow(runtimeId: string, workload: FollowedWorkload): void;
  /** The workload is gone, or leaves that runtime: nothing there wakes it any more. */
  unfollow(runtimeId: string, workload: FollowedWorkload): void;
  /** Wakes all workloads of that runtime, because it can be reached again. */
  wakeFollowers(runtimeId: string): void;
  /** What each cluster takes, by the id of its runtime. */
  loads(): ReadonlyMap<string, TransportLoad>;
  close(): Promise<void>;
}

export interface FollowedWorkload {
  readonly id: string;
  readonly instanceId: string;
  readonly component: string;
}

export interface ClustersOptions {
  readonly runtimes: ResourceClient<RuntimeSpec>;
  readonly workloads: Pick<ResourceClient<unknown>, 'recordEvents'>;
  /** `spec` holds plaintext: it is kept by the driver alone. */
  openDriver(runtimeId: string, spec: RuntimeSpec, onRefused: () => void): OpenedDriver;
  /** Look again at a workload or a runtime. */
  wake(id: string): void;
  /** Whether an object of a workload, as a view tells of it now, is what that workload itself has just made of it. Default: no. */
  takesEcho?(workloadId: string, object: KubernetesObject, isDeleted: boolean): boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
}

interface Opened {
  readonly generation: number;
  readonly cluster: Cluster;
  readonly load: () => TransportLoad;
}

/** Opens nothing by itself. */
export function createClusters(options: ClustersOptions): Clusters {
  const { runtimes, wake, clock } = options;
  const loads = new Map<string, () => TransportLoad>();
  const refusals = new Map<string, { count: number; untilMs: number }>();
  const opened = new Map<string, Promise<Opened>>();
  const lifetimes = new Map<string, TokenLifetime | null>();
  /** Each with what forgets that it is to be closed. */
  const retired = new Map<Cluster, () => void>();
  let isClosed = false;
  const away = new Map<string, { readonly error: Error; readonly untilMs: number }>();
  const followers = new Map<string, Map<string, string>>();
  const wakeFollowers = (runtimeId: string) => {
    // Views that failed wait longer and longer, and whoever is woken needs them.
    opened
      .get(runtimeId)
      ?.then(({ cluster }) => cluster.retry())
      .catch(() => {});
    new Set(followers.get(runtimeId)?.values()).forEach(wake);
  };

  const open = async (runtime: ResourceView<RuntimeSpec>, call: FencedCall): Promise<Opened> => {
    const spec = await withCredential(runtime, runtimes, call);
    const { driver, load } = options.openDriver(sandboxNameOf(runtime), spec, () => void refused(runtime.id, cluster));
    lifetimes.set(runtime.id, tokenLifetime(spec.cluster?.token));
    const onChange = (object: KubernetesObject, isDeleted: boolean) => {
      const id = marksOf(object).resourceId ?? followers.get(runtime.id)?.get(placeOf(object));
      if (id !== undefined && !options.takesEcho?.(id, object, isDeleted)) wake(id);
    };
    const recordEvents = (workloadId: string, events: readonly EventReport[]) =>
      options.workloads.recordEvents(workloadId, 'kubernetes', events, call);
    const onLookAgain = (id: string) => {
      // A view may come back before the next look at the runtime is due.
      if (away.has(runtime.id)) wake(runtime.id);
      wake(id);
    };
    const cluster = createCluster({ ...options, driver, onChange, onLookAgain, recordEvents });
    // Whoever lost the lease has no business there any more; the next one who may opens it again.
    call.signal?.addEventListener('abort', () => void dropThis(runtime.id, cluster), { once: true });
    loads.set(runtime.id, load);
    return { generation: runtime.generation, cluster, load };
  };
  const openOnce = (runtimeId: string, opening: Promise<Opened>): Promise<Opened> => {
    opened.set(runtimeId, opening);
    // What could not be opened is tried again by the next use.
    opening.catch(() => opened.get(runtimeId) === opening && opened.delete(runtimeId));
    return opening;
  };
  const drop = async (runtimeId: string): Promise<void> => {
    const known = opened.get(runtimeId);
    opened.delete(runtimeId);
    lifetimes.delete(runtimeId);
    const left = await known?.catch(() => null);
    if (left && loads.get(runtimeId) === left.load) loads.delete(runtimeId);
    await left?.cluster.close();
  };

  const dropThis = async (runtimeId: string, cluster: Cluster): Promise<void> => {
    const now = await opened.get(runtimeId)?.catch(() => null);
    if (now?.cluster === cluster) await drop(runtimeId);
  };

  const closeRetired = async (cluster: Cluster): Promise<void> => {
    retired.get(cluster)?.();
    retired.delete(cluster);
    await cluster.close();
  };
  const retire = async (cluster: Cluster): Promise<void> => {
    if (isClosed) return cluster.close();
    const cancel = clock.after(RETIRED_FOR_MS, () => void closeRetired(cluster));
    retired.set(cluster, cancel);
  };

  /**
   * A token that was renewed is only used by those who log in anew: at once when it is refused, later and later while the
   * new one is refused as well. Then the runtime alone is woken; once it is well again it wakes the others.
   */
  const refused = async (runtimeId: string, cluster: Cluster): Promise<void> => {
    // What was let go of already is refused as it should be.
    if ((await opened.get(runtimeId)?.catch(() => null))?.cluster !== cluster) return;
    const last = refusals.get(runtimeId) ?? { count: 0, untilMs: Number.NEGATIVE_INFINITY };
    if (clock.monotonicMs() < last.untilMs) return;
    const isFirst = clock.monotonicMs() > last.untilMs + REOPEN.capMs;
    const count = isFirst ? 1 : last.count + 1;
    refusals.set(runtimeId, { count, untilMs: clock.monotonicMs() + backoffMs(count, REOPEN, options.random) });
    await dropThis(runtimeId, cluster);
    wake(runtimeId);
    if (isFirst) wakeFollowers(runtimeId);
  };

  return {
    setAway(runtimeId, error) {
      if (error) away.set(runtimeId, { error, untilMs: clock.monotonicMs() + AWAY_FOR_MS });
      else away.delete(runtimeId);
    },
    async get(runtimeId, call) {
      const absence = away.get(runtimeId);
      if (absence && clock.monotonicMs() < absence.untilMs) throw absence.error;
      const known = opened.get(runtimeId);
      if (known) return (await known).cluster;
      const opening = runtimes.get(runtimeId, call).then((runtime) => {
        if (runtime) return open(runtime, call);
        throw new NotFoundError(`The KubernetesRuntime ${runtimeId} is gone, so nothing can be done on it.`);
      });
      return (await openOnce(runtimeId, opening)).cluster;
    },
    async refresh(runtime, call) {
      const known = await opened.get(runtime.id)?.catch(() => null);
      if (known && known.generation >= runtime.generation) return known.cluster;
      await drop(runtime.id);
      const { cluster } = await openOnce(runtime.id, open(runtime, call));
      wakeFollowers(runtime.id);
      return cluster;
    },
    tokenLifetime: (runtimeId) => lifetimes.get(runtimeId) ?? null,
    drop,
    renew(runtimeId) {
      const known = opened.get(runtimeId);
      opened.delete(runtimeId);
      known?.then(({ cluster }) => retire(cluster)).catch(() => {});
    },
    wakeFollowers,
    follow(runtimeId, { id, instanceId, component }) {
      const ids = followers.get(runtimeId) ?? new Map<string, string>();
      followers.set(runtimeId, ids.set(followedAt(instanceId, component), id));
    },
    unfollow(runtimeId, { id, instanceId, component }) {
      const ids = followers.get(runtimeId);
      const place = followedAt(instanceId, component);
      if (ids?.get(place) === id) ids.delete(place);
      opened
        .get(runtimeId)
        ?.then(({ cluster }) => cluster.need(id, []))
        .catch(() => {});
    },
    loads: () => new Map([...loads].map(([runtimeId, load]) => [runtimeId, load()])),
    async close() {
      isClosed = true;
      await Promise.all([...[...opened.keys()].map(drop), ...[...retired.keys()].map(closeRetired)]);
    },
  };
}

/** Longer than from one look at a runtime that does not answer to the next. */
const AWAY_FOR_MS = 90_000;
/** Longer than an answer of an API server may take. */
const RETIRED_FOR_MS = 60_000;
/** Of logging in again where the credential was refused. */
const REOPEN: Backoff = { baseMs: 1000, capMs: 30_000 };

/** Pods carry labels, not marks. */
function placeOf({ metadata }: KubernetesObject): string {
  return followedAt(metadata.labels?.[outsideLabels.instanceId], metadata.labels?.[outsideLabels.component]);
}

/** By join: what a template puts together holds its parts as well, and this is kept for every workload. */
function followedAt(instanceId = '', component = ''): string {
  return [instanceId, component].join('/');
}

/** By what name the sandbox knows it: by its own id, or by what its cluster in the cloud says. */
function sandboxNameOf({ id, name, spec, references }: ResourceView<RuntimeSpec>): string {
  if (spec.provider !== 'cloud') return id;
  const cluster = references.find(({ kind }) => kind === 'CloudCluster');
  const found = cluster?.outputs.cluster?.value;
  if (typeof found === 'string') return found;
  throw new NotMadeError(`The runtime ${name} cannot be reached yet: its CloudCluster does not say where it is.`);
}

async function withCredential(
  runtime: ResourceView<RuntimeSpec>,
  runtimes: ResourceClient<RuntimeSpec>,
  call: FencedCall,
): Promise<RuntimeSpec> {
  if (listSecretReferences(runtime.spec).length === 0) return runtime.spec;
  const released = await runtimes.releaseCredential(runtime.id, call);
  // By id alone: what was renewed has a higher version than the spec names.
  const values = new Map(released.map(({ id, value }) => [id, value]));
  return resolveSecrets(runtime.spec, ({ $secret }) => values.get($secret.id) ?? null);
}
