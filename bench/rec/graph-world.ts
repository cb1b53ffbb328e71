import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { statement } from '../../db/statement.js';
import { startSandbox } from '../../drivers/sandbox/start.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { createSdk } from '../../sdk/client.js';
import { createGraphClient } from '../../sdk/graph-client.js';
import type { BenchContext } from '../case.js';
import { type BenchPlane, openBenchPlane } from '../harness/plane.js';
import { startControllersChild } from './controllers-child.js';
import { graphApp } from './graph-app.js';

/** A plane with controllers over the simulated cloud and cluster. */
export interface GraphWorld {
  /** Commits `count` apps that are not there yet; resolves when all of them are healthy. */
  make(count: number, patienceMs: number): Promise<void>;
  /** How many resources of clouds there are outside, and how many there should be. */
  outside(): Promise<{ readonly found: number; readonly wanted: number }>;
  readonly plane: BenchPlane;
  pids(): readonly number[];
  close(): Promise<void>;
}

export async function openGraphWorld(context: BenchContext, isFast: boolean): Promise<GraphWorld> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'portolan-graph-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const sandbox = await startSandbox({
    folder: join(folder, 'sandbox'),
    seed: context.seed,
    log: silentLog,
    isFast,
    isEven: true,
  });
  opened.defer(() => sandbox.close());
  // A real account has limits that were raised for whoever needs so many.
  await sandbox.control.setFault({ kind: 'quota', match: { account: '*', kind: 'stack' }, limit: 1_000_000 });
  const plane = await openBenchPlane({ ...context, folder });
  opened.defer(() => plane.close());
  const shared = { clock: systemClock, random: systemRandom, log: silentLog };
  const client = createGraphClient({ url: plane.url, token: plane.tokens.operator, ...shared });
  opened.defer(() => client.close());
  const sdk = createSdk(client);
  const create = (kind: string, name: string, spec: object) => ({ op: 'CREATE' as const, kind, name, spec });
  await sdk.Apply({
    input: {
      edits: [
        create('KubernetesRuntime', 'target', { provider: 'sandbox', default: true }),
        create('Tier', 'test', { order: 1 }),
        create('Environment', 'dev', { tier: 'test' }),
        create('App', 'graph', graphApp),
      ],
    },
  });
  const { signal } = context;
  const controllers = await startControllersChild(plane, { signal, sandboxSocketPath: sandbox.socketPath });
  opened.defer(() => controllers.stop());
  let made = 0;
  const closing = opened.move();
  return {
    async make(count, patienceMs) {
      const names = Array.from({ length: count }, (_, index) => `graph-${made + index}`);
      const spec = { app: 'graph' };
      for (let from = 0; from < count; from += EDITS_OF_A_COMMIT) {
        const edits = names
          .slice(from, from + EDITS_OF_A_COMMIT)
          .map((name) => ({ op: 'DEPLOY' as const, kind: 'AppInstance', name, environment: 'dev', spec }));
        await sdk.Apply({ input: { edits } });
      }
      made += count;
      const giveUpAt = performance.now() + patienceMs;
      for (;;) {
        const [row] = await plane.database.query(countHealthy);
        if (row?.healthy === made) return;
        if (performance.now() > giveUpAt) throw new Error(`Of ${made} apps only ${row?.healthy} are healthy in time.`);
        signal.throwIfAborted();
        await delay(POLL_MS);
      }
    },
    async outside() {
      const found = await sandbox.control.cloudResources();
      const stacks = found.filter(({ type }) => type === 'stack');
      return { found: stacks.length, wanted: made * graphApp.dependencies.length };
    },
    plane,
    pids: () => [plane.server.pid, plane.postgresPid, controllers.pid],
    close: () => closing.disposeAsync(),
  };
}

const EDITS_OF_A_COMMIT = 100;
const POLL_MS = 100;

const countHealthy = statement<{ readonly healthy: number }>(
  'bench.count-healthy',
  `select count(*)::int as healthy from resource r join resource_status s on s.resource_id = r.id
   where r.kind = 'AppInstance' and s.health = 'Healthy' and s.observed_generation = r.generation`,
);
