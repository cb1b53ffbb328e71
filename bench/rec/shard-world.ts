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
import { openBenchPlane } from '../harness/plane.js';
import { type ControllersChild, startControllersChild } from './controllers-child.js';
import { type HolderWatch, watchHolders } from './holder-watch.js';

/** A plane over several simulated clusters, with as many processes of controllers as are asked for. */
export interface ShardWorld {
  /** Resolves once they share the leases evenly and have nothing to do. */
  startControllers(count: number, patienceMs: number): Promise<void>;
  stopControllers(): Promise<void>;
  /** Commits `count` more instances, spread over the clusters; resolves when all are healthy. */
  make(count: number, patienceMs: number): Promise<void>;
  /** How many objects of instances there are outside, and how many there should be. */
  outside(): Promise<{ readonly found: number; readonly wanted: number }>;
  readonly holders: HolderWatch;
  pids(): readonly number[];
  close(): Promise<void>;
}

export async function openShardWorld(context: BenchContext): Promise<ShardWorld> {
  const { signal } = context;
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'portolan-shards-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const options = { folder: join(folder, 'sandbox'), seed: context.seed, log: silentLog, isFast: true };
  const sandbox = await startSandbox(options);
  opened.defer(() => sandbox.close());
  const plane = await openBenchPlane({ ...context, folder });
  opened.defer(() => plane.close());
  const shared = { clock: systemClock, random: systemRandom, log: silentLog };
  const client = createGraphClient({ url: plane.url, token: plane.tokens.operator, ...shared });
  opened.defer(() => client.close());
  const sdk = createSdk(client);
  await sdk.Apply({ input: { edits: places() } });
  const holders = watchHolders(plane.database);
  opened.defer(() => holders.close());

  let controllers: ControllersChild[] = [];
  let made = 0;
  const stopControllers = async () => {
    const running = controllers;
    controllers = [];
    await Promise.all(running.map((child) => child.stop()));
  };
  opened.defer(stopControllers);
  const until = async (isDone: () => Promise<boolean>, what: string, patienceMs: number) => {
    const giveUpAt = performance.now() + patienceMs;
    while (!(await isDone())) {
      if (performance.now() > giveUpAt) throw new Error(`${what} within ${patienceMs} ms.`);
      signal.throwIfAborted();
      await delay(POLL_MS);
    }
  };
  const isIdle = async (child: ControllersChild) => {
    const metrics = await child.metrics().catch(() => new Map<string, number>());
    const busy = ['portolan_queue_ready', 'portolan_passes_in_flight'].map((name) => metrics.get(name) ?? 1);
    return busy.every((count) => count === 0);
  };
  const closing = opened.move();
  return {
    async startControllers(count, patienceMs) {
      const start = (index: number) =>
        startControllersChild(plane, {
          ...{ signal, sandboxSocketPath: sandbox.socketPath, holder: `shards-${index}` },
          ...(context.isSmoke && { leaseTtlMs: SMOKE_TTL_MS }),
        });
      controllers = await Promise.all(Array.from({ length: count }, (_, index) => start(index)));
      const isReady = async () =>
        holders.isEven(count, CLUSTERS) && (await Promise.all(controllers.map(isIdle))).every(Boolean);
      await until(isReady, `${count} processes did not come to share the leases evenly`, patienceMs);
    },
    stopControllers,
    async make(count, patienceMs) {
      const names = Array.from({ length: count }, (_, index) => made + index);
      for (let from = 0; from < count; from += EDITS_OF_A_COMMIT) {
        const edits = names.slice(from, from + EDITS_OF_A_COMMIT).map((index) => ({
          ...{ op: 'DEPLOY' as const, kind: 'AppInstance', name: `shards-${index}`, spec: { app: 'load' } },
          environment: `dev-${index % CLUSTERS}`,
        }));
        await sdk.Apply({ input: { edits } });
      }
      made += count;
      const isHealthy = async () => (await plane.database.query(countHealthy))[0]?.healthy === made;
      await until(isHealthy, `Not all of ${made} instances were healthy`, patienceMs);
    },
    async outside() {
      const found = await sandbox.control.objects({ kind: 'ConfigMap' });
      const own = found.filter(({ object }) => object.metadata.name.startsWith('settings'));
      return { found: own.length, wanted: made * CONFIG_MAPS };
    },
    holders,
    pids: () => [plane.server.pid, plane.postgresPid, ...controllers.map(({ pid }) => pid)],
    close: () => closing.disposeAsync(),
  };
}

/** Twice as many as there are processes at most, so that each has the same number. */
const CLUSTERS = 8;
const CONFIG_MAPS = 3;
const EDITS_OF_A_COMMIT = 100;
const POLL_MS = 250;
/** Shares are even a while after the last process came, which counts in leases. */
const SMOKE_TTL_MS = 3_000;

function places() {
  const create = (kind: string, name: string, spec: object) => ({ op: 'CREATE' as const, kind, name, spec });
  const settings = (index: number) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `settings-${index}` } },
    data: { text: 'x'.repeat(300) },
  });
  const objects = Array.from({ length: CONFIG_MAPS }, (_, index) => settings(index));
  const clusters = Array.from({ length: CLUSTERS }, (_, index) => index);
  return [
    create('Tier', 'test', { order: 1 }),
    ...clusters.flatMap((index) => [
      create('KubernetesRuntime', `target-${index}`, { provider: 'sandbox' }),
      create('Environment', `dev-${index}`, { tier: 'test', runtime: `target-${index}` }),
    ]),
    create('App', 'load', { components: [{ name: 'web', type: 'manifests', objects }] }),
  ];
}

const countHealthy = statement<{ readonly healthy: number }>(
  'bench.count-healthy',
  `select count(*)::int as healthy from resource r join resource_status s on s.resource_id = r.id
   where r.kind = 'AppInstance' and s.health = 'Healthy' and s.observed_generation = r.generation`,
);
