import type { KubernetesDriver, KubernetesObject, ResourceType } from '../../drivers/kubernetes/driver.js';
import { createReflector, type Reflector, type ReflectorChange } from '../../drivers/kubernetes/reflector.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Random } from '../../lib/random.js';
import { marksOf, outsideLabels } from '../marks.js';

/**
 * Our objects of one type in one cluster, kept by one list and one watch. States: opening (nobody knows yet), fresh,
 * failing (what it holds may be out of date, so nobody is given it), closed.
 */
export interface ClusterView {
  readonly reflector: Reflector;
  readonly isFailing: boolean;
  /** Resolves with true when it is up to date, with false when it was closed; rejects with what reading failed with. */
  settled(signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

export interface ClusterViewOptions {
  readonly driver: KubernetesDriver;
  readonly type: ResourceType;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  onChange(change: ReflectorChange): void;
  /** Reading has failed for so long that it should be told. Once per outage. */
  onFailing(): void;
  /** Reading works again after it had failed. */
  onRecovered(): void;
}

/** Starts at once. */
export function createClusterView(options: ClusterViewOptions): ClusterView {
  let failure: unknown = null;
  let isClosed = false;
  let cancelTelling = () => {};
  let waiters: { resolve(isFresh: boolean): void; reject(error: unknown): void }[] = [];
  const settle = (tell: (waiter: (typeof waiters)[number]) => void) => {
    const left = waiters;
    waiters = [];
    left.forEach(tell);
  };
  const reflector = createReflector({
    ...options,
    // Not the managed-by label: a person's own one is kept, and must not take the object out of sight.
    selector: outsideLabels.instanceId,
    keep: withoutNeedless,
    onChange: options.onChange,
    onSynced() {
      const hadFailed = failure !== null;
      failure = null;
      cancelTelling();
      settle((waiter) => waiter.resolve(true));
      if (hadFailed) options.onRecovered();
    },
    onFailure(error) {
      if (failure === null) cancelTelling = options.clock.after(TELL_AFTER_MS, options.onFailing);
      failure = error;
      settle((waiter) => waiter.reject(error));
    },
  });
  return {
    reflector,
    get isFailing() {
      return failure !== null;
    },
    settled(signal) {
      if (isClosed) return Promise.resolve(false);
      if (reflector.isFresh) return Promise.resolve(true);
      if (failure !== null) return Promise.reject(failure);
      if (signal.aborted) return Promise.reject(signal.reason);
      const { promise, resolve, reject } = Promise.withResolvers<boolean>();
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      waiters.push({ resolve, reject });
      return promise.finally(() => signal.removeEventListener('abort', abort));
    },
    async close() {
      isClosed = true;
      cancelTelling();
      settle((waiter) => waiter.resolve(false));
      await reflector.close();
    },
  };
}

/**
 * Who wrote which field is needed of what we apply ourselves. Of what a controller of the cluster makes, pods above all,
 * nobody asks, and it is a third of it.
 */
function withoutNeedless(object: KubernetesObject): KubernetesObject {
  const isControlled = object.metadata.ownerReferences?.some(({ controller }) => controller === true) ?? false;
  if (!isControlled || marksOf(object).resourceId !== null) return object;
  const { managedFields: _needless, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** A restart of an API server is over by then, and not worth a word on every resource. */
const TELL_AFTER_MS = 10_000;
