import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Bus } from '../db/bus.js';
import type { Feed } from '../db/contract.js';
import type { LiveStats } from '../resolvers/live-reads.js';
import type { ProbeBroker } from './probe-broker.js';

/** Numbers for Prometheus, in a registry of their own: two servers in one process do not mix. */
export interface Metrics {
  /** One operation ended. `code` is of the closed list, or OK. */
  operationEnded(name: string | null, type: OperationType, code: string, seconds: number): void;
  storeVerbEnded(verb: string, code: string, seconds: number): void;
  /** A socket was refused or ended by us, in one word. */
  socketEnded(reason: string): void;
  /** The text that Prometheus reads, and its media type. */
  text(): Promise<{ readonly type: string; readonly body: string }>;
  close(): void;
}

export type OperationType = 'query' | 'mutation' | 'subscription' | 'unknown';

export interface MetricsSources {
  readonly feed: Pick<Feed, 'stats'> | null;
  readonly probes: Pick<ProbeBroker, 'stats'> | null;
  readonly bus: Pick<Bus, 'stats'> | null;
  readonly live: { stats(): LiveStats };
  sockets(): { readonly sockets: number; readonly subscriptions: number };
}

export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: NEVER_MS });
  for (const name of LAG_NAMES) registry.removeSingleMetric(`nodejs_eventloop_lag_${name}_seconds`);
  const operations = new Counter({
    name: 'portolan_operations_total',
    help: 'GraphQL operations that ended, by name, type and code.',
    labelNames: ['operation', 'type', 'code'],
    registers,
  });
  const durations = new Histogram({
    name: 'portolan_operation_seconds',
    help: 'Time from the request to the answer of queries and mutations.',
    labelNames: ['operation', 'type'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const verbs = new Histogram({
    name: 'portolan_store_verb_seconds',
    help: 'Time of the transactions of the store, by verb and code.',
    labelNames: ['verb', 'code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const ends = new Counter({
    name: 'portolan_sockets_ended_total',
    help: 'Sockets that the server refused or ended, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const activeHelp = 'Time in which the event loop did not rest; its rate is how busy this process is, of 1.';
  counter('nodejs_eventloop_active_seconds_total', activeHelp, () => performance.eventLoopUtilization().active / 1000);
  gauge('portolan_sockets', 'Open WebSockets.', () => sources.sockets().sockets);
  gauge('portolan_subscriptions', 'Open operations on WebSockets.', () => sources.sockets().subscriptions);
  const { live } = sources;
  gauge(
    'portolan_live_reads',
    'Live reads that differ in what they read or with which rights.',
    () => live.stats().reads,
  );
  gauge('portolan_live_readers', 'Subscriptions that share those.', () => live.stats().readers);
  counter('portolan_live_runs_total', 'Executions of live reads.', () => live.stats().runs);
  const { feed } = sources;
  if (feed) {
    gauge('portolan_feed_watchers', 'Attached watches.', () => feed.stats().watchers);
    gauge('portolan_feed_readers', 'Attached readers of the log.', () => feed.stats().readers);
    gauge('portolan_feed_listeners', 'Attached listeners; live reads have one together.', () => feed.stats().listeners);
    gauge('portolan_feed_seq', 'Newest commit that was delivered.', () => Number(feed.stats().seq));
  }

  const { bus } = sources;
  if (bus) {
    const help = 'Whether messages between servers take a slower way than the one that was set up: 1, else 0.';
    gauge('portolan_bus_degraded', help, () => Number(bus.stats().isDegraded));
  }
  const { probes } = sources;
  if (probes) {
    const of = (key: 'asked' | 'answered' | 'failed') => () => probes.stats()[key];
    counter('portolan_probes_asked_total', 'Questions to controllers.', of('asked'));
    counter('portolan_probes_answered_total', 'Questions to controllers that were answered in full.', of('answered'));
    counter('portolan_probes_failed_total', 'Questions to controllers without a whole answer.', of('failed'));
    gauge('portolan_probes', 'Open questions to controllers.', () => probes.stats().open);
    gauge('portolan_probe_holders', 'Attached controllers that can be asked.', () => probes.stats().holders);
  }

  function counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }

  const names = new Set<string>();
  const label = (name: string | null): string => {
    if (name === null) return 'anonymous';
    if (names.has(name)) return name;
    if (names.size >= MAX_OPERATION_NAMES || name.length > MAX_NAME_LENGTH) return 'other';
    names.add(name);
    return name;
  };

  return {
    operationEnded(name, type, code, seconds) {
      const operation = label(name);
      operations.inc({ operation, type, code });
      if (type !== 'subscription') durations.observe({ operation, type }, seconds);
    },
    storeVerbEnded: (verb, code, seconds) => verbs.observe({ verb, code }, seconds),
    socketEnded: (reason) => ends.inc({ reason }),
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
    close: () => registry.clear(),
  };
}

/**
 * The histogram of the lag would wake the process a hundred times a second, which costs more than all else that it does
 * at rest. The lag itself is measured whenever somebody asks.
 */
const NEVER_MS = 2 ** 31 - 1;
const LAG_NAMES = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'];

/** Clients choose the names of operations, and each label is a time series for ever. */
const MAX_OPERATION_NAMES = 200;
const MAX_NAME_LENGTH = 100;
