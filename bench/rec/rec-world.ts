import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { statement } from '../../db/statement.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { createSdk, type Sdk } from '../../sdk/client.js';
import { createGraphClient } from '../../sdk/graph-client.js';
import type { BenchContext } from '../case.js';
import { type BenchPlane, openBenchPlane } from '../harness/plane.js';
import { type ApiConnection, connectToApi } from './api-connection.js';
import { type ApiPlane, startApiPlane } from './api-plane.js';
import { type ControllersChild, startControllersChild } from './controllers-child.js';
import { instanceName, loadApp } from './load-app.js';

/** A real API server, a real plane that knows it as its runtime, and as many instances as were deployed. */
export interface RecWorld {
  readonly api: ApiPlane;
  readonly look: ApiConnection;
  readonly plane: BenchPlane;
  readonly sdk: Sdk;
  /** Of the plane. */
  readonly folder: string;
  /** In the order of their numbers. */
  readonly instances: readonly DeployedInstance[];
  /** Commits `count` more instances; nobody makes them outside unless controllers run. */
  deploy(count: number): Promise<void>;
  startControllers(): Promise<ControllersChild>;
  /** The controllers that were started last, as long as they run. */
  readonly controllers: ControllersChild | null;
  stopControllers(): Promise<void>;
  /** kill -9. */
  killControllers(): Promise<void>;
  /** Resolves when all instances are settled and healthy. Throws when they are not within `patienceMs`. */
  settled(patienceMs: number): Promise<void>;
  /** Of server, Postgres and controllers. */
  pids(): readonly number[];
  close(): Promise<void>;
}

export interface DeployedInstance {
  readonly id: string;
  readonly name: string;
}

/** `nodeArgs`: for the controllers. */
export async function openRecWorld(context: BenchContext, nodeArgs: readonly string[] = []): Promise<RecWorld> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'portolan-rec-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  context.tell('starting etcd and kube-apiserver');
  const api = await startApiPlane();
  opened.defer(() => api.close());
  const plane = await openBenchPlane({ ...context, folder });
  opened.defer(() => plane.close());
  const look = connectToApi(api);
  opened.defer(() => look.close());
  const client = createGraphClient({
    url: plane.url,
    token: plane.tokens.operator,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
  });
  opened.defer(() => client.close());
  const sdk = createSdk(client);
  await sdk.Apply({ input: { edits: places(api) } });

  const instances: DeployedInstance[] = [];
  let controllers: ControllersChild | null = null;
  const stopControllers = async () => {
    const running = controllers;
    controllers = null;
    await running?.stop();
  };
  opened.defer(stopControllers);
  const closing = opened.move();
  return {
    api,
    look,
    plane,
    sdk,
    folder,
    instances,
    get controllers() {
      return controllers;
    },
    async deploy(count) {
      const last = instances.length + count;
      while (instances.length < last) {
        const names = Array.from({ length: Math.min(EDITS_OF_A_COMMIT, last - instances.length) }, (_, index) =>
          instanceName(instances.length + index),
        );
        const edits = names.map((name) => ({ op: 'DEPLOY' as const, kind: 'AppInstance', name, ...place }));
        const { apply } = await sdk.Apply({ input: { edits } });
        instances.push(...apply.edits.map(({ resourceId }, index) => ({ id: resourceId, name: names[index] ?? '' })));
      }
      // As autovacuum does after a while: plans that were made for empty tables are no plans for full ones.
      await plane.database.query(analyze);
    },
    async startControllers() {
      await stopControllers();
      controllers = await startControllersChild(plane, { signal: context.signal, nodeArgs });
      return controllers;
    },
    stopControllers,
    async killControllers() {
      const running = controllers;
      controllers = null;
      await running?.kill();
    },
    async settled(patienceMs) {
      const giveUpAt = performance.now() + patienceMs;
      for (;;) {
        const [row] = await plane.database.query(countSettled);
        if (row?.settled === instances.length) return;
        if (performance.now() > giveUpAt) {
          throw new Error(`Of ${instances.length} instances only ${row?.settled} are healthy after ${patienceMs} ms.`);
        }
        context.signal.throwIfAborted();
        await delay(Math.max(SETTLED_POLL_MS, instances.length / 2));
      }
    },
    pids: () => [plane.server.pid, plane.postgresPid, ...(controllers ? [controllers.pid] : [])],
    close: () => closing.disposeAsync(),
  };
}

const place = { environment: 'dev', spec: { app: 'load' } } as const;
const EDITS_OF_A_COMMIT = 250;
/** And half a second for a thousand instances: counting them costs what is measured. */
const SETTLED_POLL_MS = 250;

function places({ server, caPem, tokens }: ApiPlane) {
  const create = (kind: string, name: string, spec: object) => ({ op: 'CREATE' as const, kind, name, spec });
  const cluster = { server, certificateAuthority: caPem, token: tokens.ours };
  return [
    create('KubernetesRuntime', 'target', { provider: 'kubeconfig', default: true, cluster }),
    create('Tier', 'test', { order: 1 }),
    create('Environment', 'dev', { tier: 'test' }),
    create('App', 'load', loadApp),
  ];
}

const analyze = statement('bench.analyze-all', 'analyze');

const countSettled = statement<{ readonly settled: number }>(
  'bench.count-settled',
  `select count(*)::int as settled from resource r join resource_status s on s.resource_id = r.id
   where r.kind = 'AppInstance' and s.health = 'Healthy' and s.observed_generation = r.generation`,
);
