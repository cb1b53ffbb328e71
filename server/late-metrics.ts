import type { Clock } from '../lib/clock.js';
import { createLate } from './late.js';
import type { Metrics, MetricsSources } from './metrics.js';

/**
 * Metrics that are loaded late: loading what counts would be a tenth of what a start costs. What there is to count until
 * then is kept, and counted first.
 */
export function createLateMetrics(sources: MetricsSources, clock: Clock): Metrics {
  let waiting: ((metrics: Metrics) => void)[] = [];
  let isClosed = false;
  const late = createLate(clock, async () => {
    const { createMetrics } = await import('./metrics.js');
    const metrics = createMetrics(sources);
    for (const count of waiting) count(metrics);
    waiting = [];
    if (isClosed) metrics.close();
    return metrics;
  });
  const count = (one: (metrics: Metrics) => void): void => {
    const loaded = late.now();
    if (loaded) one(loaded);
    else if (waiting.length < MOST_WAITING) waiting.push(one);
    if (waiting.length === LOADED_FROM) late.loadUnasked();
  };

  return {
    operationEnded: (...given) => count((metrics) => metrics.operationEnded(...given)),
    storeVerbEnded: (...given) => count((metrics) => metrics.storeVerbEnded(...given)),
    socketEnded: (...given) => count((metrics) => metrics.socketEnded(...given)),
    text: async () => (await late.load()).text(),
    close() {
      isClosed = true;
      void late.end();
      late.now()?.close();
    },
  };
}

/** So much is told in less than that only under a load that makes no difference to a start. */
const LOADED_FROM = 1_000;

/** Loading takes some milliseconds. */
const MOST_WAITING = 10_000;
