import type { KubernetesDriver, KubernetesObject, ResourceType } from '../drivers/kubernetes/driver.js';
import { UnreachableError } from '../drivers/kubernetes/errors.js';
import { createReflector, type Reflector } from '../drivers/kubernetes/reflector.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { Random } from '../lib/random.js';
import { outsideLabels } from './marks.js';

/**
 * One cluster as controllers use it: its driver, and a view of our objects for each type, kept up to date by one
 * list and one watch, whatever the number of workloads. A view is opened on first use and lives as long as the cluster.
 */
export interface Cluster {
  readonly driver: KubernetesDriver;
  /**
   * The view of a type, complete and up to date. Waits for its first list. Throws what reading failed with while it
   * is not up to date: a failed read is not an empty one.
   */
  view(type: ResourceType, signal: AbortSignal): Promise<ClusterView>;
  /** Ends views and driver. */
  close(): Promise<void>;
}

export type ClusterView = Pick<Reflector, 'get' | 'list'>;

export interface ClusterOptions {
  readonly driver: KubernetesDriver;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  /** An object of ours came, changed or went. */
  onChange(object: KubernetesObject): void;
  /** Reading works again after it had failed. */
  onRecovered(): void;
}

/** Opens nothing by itself. */
export function createCluster(options: ClusterOptions): Cluster {
  const views = new Map<string, View>();
  return {
    driver: options.driver,
    async view(type, signal) {
      const key = `${type.apiVersion}/${type.kind}`;
      const known = views.get(key);
      const view = known ?? createView(type, options);
      if (!known) views.set(key, view);
      await view.settled(signal);
      return view.reflector;
    },
    async close() {
      const open = [...views.values()];
      views.clear();
      await Promise.all(open.map((view) => view.close()));
      await options.driver.close();
    },
  };
}

interface View {
  readonly reflector: Reflector;
  /** Resolves when it is up to date; rejects when reading fails. */
  settled(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

function createView(type: ResourceType, options: ClusterOptions): View {
  let failure: unknown = null;
  let waiters: { resolve(): void; reject(error: unknown): void }[] = [];
  const settle = (tell: (waiter: (typeof waiters)[number]) => void) => {
    const left = waiters;
    waiters = [];
    left.forEach(tell);
  };
  const reflector = createReflector({
    ...options,
    type,
    // Not the managed-by label: a person's own one is kept, and must not take the object out of sight.
    selector: outsideLabels.instanceId,
    onChange: ({ object }) => options.onChange(object),
    onSynced() {
      const hadFailed = failure !== null;
      failure = null;
      settle((waiter) => waiter.resolve());
      if (hadFailed) options.onRecovered();
    },
    onFailure(error) {
      failure = error;
      settle((waiter) => waiter.reject(error));
    },
  });
  return {
    reflector,
    settled(signal) {
      if (reflector.isFresh) return Promise.resolve();
      if (failure !== null) return Promise.reject(failure);
      if (signal.aborted) return Promise.reject(signal.reason);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      waiters.push({ resolve, reject });
      return promise.finally(() => signal.removeEventListener('abort', abort));
    },
    async close() {
      await reflector.close();
      settle((waiter) => waiter.reject(new UnreachableError(`The view of ${type.plural} was closed.`)));
    },
  };
}
