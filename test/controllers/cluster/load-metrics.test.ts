import test from 'ava';
import { loadMetricsText } from '../../../controllers/cluster/load-metrics.js';

const load = { limit: 16, inFlight: 3, waiting: 0, requests: 120, slowdowns: 2, refused: 1, heldMs: 1500 };

test('tells what is asked of each cluster, under the id of its runtime', (t) => {
  const lines = loadMetricsText(
    new Map([
      ['a', load],
      ['b', { ...load, limit: 1 }],
    ]),
  ).split('\n');
  t.true(lines.includes('portolan_cluster_concurrency{runtime="a"} 16'));
  t.true(lines.includes('portolan_cluster_concurrency{runtime="b"} 1'));
  t.true(lines.includes('portolan_cluster_held_seconds{runtime="a"} 1.5'));
  t.is(lines.filter((line) => line.startsWith('# TYPE portolan_cluster_concurrency ')).length, 1);
});

test('says nothing where there is no cluster', (t) => {
  t.is(loadMetricsText(new Map()), '');
});
