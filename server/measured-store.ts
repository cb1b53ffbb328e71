import type { Store } from '../db/contract.js';
import type { Clock } from '../lib/clock.js';
import { PortolanError } from '../lib/errors.js';
import type { Metrics } from './metrics.js';

/** The same store, with the time and outcome of each verb told to the metrics. */
export function measureStore(store: Store, metrics: Pick<Metrics, 'storeVerbEnded'>, clock: Clock): Store {
  const wrapped = new Map<PropertyKey, unknown>();
  return new Proxy(store, {
    get(target, verb) {
      const value: unknown = Reflect.get(target, verb, target);
      if (typeof value !== 'function') return value;
      const known = wrapped.get(verb);
      if (known) return known;
      const measured = async (...input: unknown[]): Promise<unknown> => {
        const startMs = clock.monotonicMs();
        const ended = (code: string) =>
          metrics.storeVerbEnded(String(verb), code, (clock.monotonicMs() - startMs) / 1000);
        try {
          const result: unknown = await value.apply(target, input);
          ended('OK');
          return result;
        } catch (error) {
          ended(error instanceof PortolanError ? error.code : 'INTERNAL');
          throw error;
        }
      };
      wrapped.set(verb, measured);
      return measured;
    },
  });
}
