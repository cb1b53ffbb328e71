import type { ManagerStats } from './manager.js';

/** The numbers of a manager in the text format that Prometheus reads, each line ended. */
export function metricsText(stats: ManagerStats): string {
  return described.map(({ name, type, help, of }) => metric(name, type, help, stats[of])).join('');
}

function metric(name: string, type: 'counter' | 'gauge', help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`;
}

const described: readonly {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly of: keyof ManagerStats;
}[] = [
  { name: 'portolan_passes_total', type: 'counter', help: 'Passes that ended.', of: 'passes' },
  { name: 'portolan_pass_failures_total', type: 'counter', help: 'Passes that failed.', of: 'failures' },
  { name: 'portolan_wakes_total', type: 'counter', help: 'Changes that a watch told of.', of: 'wakes' },
  { name: 'portolan_syncs_total', type: 'counter', help: 'Times that a watch was attached.', of: 'syncs' },
  { name: 'portolan_resyncs_total', type: 'counter', help: 'Full looks because it was time.', of: 'resyncs' },
  { name: 'portolan_leases_lost_total', type: 'counter', help: 'Leases that ended while wanted.', of: 'leasesLost' },
  {
    name: 'portolan_leases_given_total',
    type: 'counter',
    help: 'Leases given to other processes.',
    of: 'leasesGiven',
  },
  { name: 'portolan_leases_held', type: 'gauge', help: 'Leases that this process holds.', of: 'leases' },
  { name: 'portolan_queue_ready', type: 'gauge', help: 'Resources that wait for a pass.', of: 'queued' },
  { name: 'portolan_queue_delayed', type: 'gauge', help: 'Resources to look at later.', of: 'delayed' },
  { name: 'portolan_passes_in_flight', type: 'gauge', help: 'Passes that run.', of: 'inFlight' },
  { name: 'portolan_controller_probes_total', type: 'counter', help: 'Questions about the outside.', of: 'probes' },
  { name: 'portolan_controller_probes', type: 'gauge', help: 'Questions that are answered now.', of: 'answering' },
  { name: 'portolan_resources_known', type: 'gauge', help: 'Resources that this process looks after.', of: 'known' },
];
