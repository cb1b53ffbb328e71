import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorText } from '../lib/errors.js';
import { systemRandom } from '../lib/random.js';
import { startControlPlane } from '../test/helpers/control-plane.js';
import { parseOptions } from './options.js';
import type { OutsideCluster } from './outside/outside-cluster.js';
import { openRealCluster } from './outside/real-cluster.js';
import { startSandboxCluster } from './outside/sandbox-cluster.js';
import { runTrials } from './run-trials.js';

/*
 * npm run crash: kills -9 server, controllers and Postgres of a real system at random moments, starts them again, and
 * checks from outside that nothing was lost, doubled, orphaned or stuck. The last line says how it went.
 */
const print = (line: string) => process.stdout.write(`${line}\n`);
try {
  const options = parseOptions(process.argv.slice(2), systemRandom.below(1_000_000_000));
  const folder = await mkdtemp(join(tmpdir(), 'portolan-crash-'));
  print(
    `seed ${options.seed}, ${options.trials} trials on ${options.world === 'real' ? 'a real API server' : 'the sandbox'}, fsync on`,
  );
  const { cluster, close } = await openCluster(options.world, folder);
  const { passed, failed, convergedAfterMs } = await runTrials(options, { folder, cluster, print }).finally(close);
  const sorted = convergedAfterMs.toSorted((a, b) => a - b);
  print(`converged after: median ${sorted[sorted.length >> 1] ?? 0} ms, slowest ${sorted.at(-1) ?? 0} ms`);
  if (failed === 0) await rm(folder, { recursive: true, force: true });
  print(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed === options.trials ? 0 : 1);
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exit(2);
}

async function openCluster(
  world: 'real' | 'sandbox',
  folder: string,
): Promise<{ readonly cluster: OutsideCluster; close(): Promise<void> }> {
  if (world === 'sandbox') {
    const cluster = await startSandboxCluster(folder);
    return { cluster, close: () => cluster.close() };
  }
  const plane = await startControlPlane();
  const cluster = await openRealCluster(plane, folder);
  const close = async () => {
    await cluster.close();
    await plane.close();
  };
  return { cluster, close };
}
