import test from 'ava';
import { startSandboxCluster } from '../../crash/outside/sandbox-cluster.js';
import { runTrials } from '../../crash/run-trials.js';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';

test('two trials leave nothing lost, doubled, orphaned or stuck, and the log whole', async (t) => {
  t.timeout(600_000);
  const folder = createGuardedFolder('portolan-crash-test-');
  t.teardown(() => removeGuardedFolder(folder));
  const cluster = await startSandboxCluster(folder);
  t.teardown(() => cluster.close());
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  // By this seed Postgres is killed in the first one, and the controllers in the second.
  // The promised 30 s are for a machine that does nothing else.
  const options = { trials: 2, seed: 4, world: 'sandbox', goesOn: false, withinMs: 120_000 } as const;
  const { passed, failed } = await runTrials(options, { folder, cluster, print });
  t.deepEqual({ passed, failed }, { passed: 2, failed: 0 }, lines.join('\n'));
  t.is(lines.length, 2);
});
