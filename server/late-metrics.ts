import type { Clock } from '../lib/clock.js';
import type { Metrics, MetricsSources } from './metrics.js';

/**
 * Metrics that are loaded a moment after the start, or when somebody asks for them: loading what counts would be a tenth
 * of what a start costs. What there is to count until then is kept, and counted first.
 */
export function createLateMetrics(sources: MetricsSources, clock: Clock): Metrics {
  let waiting: ((metrics: Metrics) => void)[] = [];
  let loaded: Metrics | null = null;
  let loading: Promise<Metrics> | null = null;
  let isClosed = false;

  const load = async (): Promise<Metrics> => {
    const { createMetrics } = await import('./metrics.js');
    const metrics = createMetrics(sources);
    for (const count of waiting) count(metrics);
    waiting = [];
    if (isClosed) metrics.close();
    loaded = metrics;
    return metrics;
  };
  const open = (): Promise<Metrics> => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
  /** Whoever asks for the metrics gets the reason, should it fail. */
  const openUnasked = (): void => void open().catch(() => {});
  const count = (one: (metrics: Metrics) => void): void => {
    if (loaded) one(loaded);
    else if (waiting.length < MOST_WAITING) waiting.push(one);
    if (waiting.length === LOADED_FROM) openUnasked();
  };
  const cancel = clock.after(LOADED_AFTER_MS, openUnasked);

  return {
    operationEnded: (...given) => count((metrics) => metrics.operationEnded(...given)),
    storeVerbEnded: (...given) => count((metrics) => metrics.storeVerbEnded(...given)),
    socketEnded: (...given) => count((metrics) => metrics.socketEnded(...given)),
    text: async () => (await open()).text(),
    close() {
      isClosed = true;
      cancel();
      loaded?.close();
    },
  };
}

/** The first answer is given by then. */
const LOADED_AFTER_MS = 1_000;

/** So much is told in less than that only under a load that makes no difference to a start. */
const LOADED_FROM = 1_000;

/** Loading takes some milliseconds. */
const MOST_WAITING = 10_000;
