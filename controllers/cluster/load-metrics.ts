import type { TransportLoad } from '../../drivers/kubernetes/adaptive-transport.js';

/** What is asked of each cluster, in the text format that Prometheus reads; `loads` by the id of the runtime. */
export function loadMetricsText(loads: ReadonlyMap<string, TransportLoad>): string {
  if (loads.size === 0) return '';
  return described
    .map(({ name, type, help, of }) => {
      const lines = [...loads].map(([runtime, load]) => `${name}{runtime="${runtime}"} ${of(load)}\n`);
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}

const described: readonly {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  of(load: TransportLoad): number;
}[] = [
  {
    name: 'portolan_cluster_concurrency',
    type: 'gauge',
    help: 'Requests that may be under way at a time.',
    of: ({ limit }) => limit,
  },
  {
    name: 'portolan_cluster_requests_in_flight',
    type: 'gauge',
    help: 'Requests that are under way, without watches.',
    of: ({ inFlight }) => inFlight,
  },
  {
    name: 'portolan_cluster_requests_waiting',
    type: 'gauge',
    help: 'Requests that wait for their turn.',
    of: ({ waiting }) => waiting,
  },
  {
    name: 'portolan_cluster_requests_total',
    type: 'counter',
    help: 'Requests that were sent, without watches.',
    of: ({ requests }) => requests,
  },
  {
    name: 'portolan_cluster_slowdowns_total',
    type: 'counter',
    help: 'Times that less was asked for, because it was too much.',
    of: ({ slowdowns }) => slowdowns,
  },
  {
    name: 'portolan_cluster_requests_given_up_total',
    type: 'counter',
    help: 'Requests that were not sent, because there was no turn in time.',
    of: ({ refused }) => refused,
  },
  {
    name: 'portolan_cluster_held_seconds',
    type: 'gauge',
    help: 'For how long nothing is sent, as the cluster asked.',
    of: ({ heldMs }) => heldMs / 1000,
  },
];
