import test from 'ava';
import { metricsText } from '../../sdk/runtime/metrics-text.js';

test('every number of a manager is a metric, with what it means and its type', (t) => {
  const stats = {
    passes: 1,
    failures: 2,
    wakes: 3,
    syncs: 4,
    resyncs: 5,
    leasesLost: 6,
    queued: 7,
    inFlight: 8,
    delayed: 9,
    known: 10,
    leases: 11,
    probes: 12,
    answering: 13,
    leasesGiven: 14,
  };
  const lines = metricsText(stats).split('\n');
  t.is(lines.pop(), '', 'the last line is ended');
  t.deepEqual(lines.slice(0, 3), [
    '# HELP portolan_passes_total Passes that ended.',
    '# TYPE portolan_passes_total counter',
    'portolan_passes_total 1',
  ]);
  t.true(lines.includes('portolan_queue_ready 7'));
  const values = lines.filter((line) => !line.startsWith('#')).map((line) => Number(line.split(' ')[1]));
  t.deepEqual(
    values.sort((a, b) => a - b),
    Object.values(stats),
  );
});
