import type { ExecutionContext } from 'ava';
import { type Controllers, type ControllersOptions, startControllers } from '../../controllers/start-controllers.js';
import type { KubernetesDriver } from '../../drivers/kubernetes/driver.js';
import { type Clock, systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { namespaceOf } from '../../model/expand/namespace.js';
import type { ObjectPolicy } from '../../schema/kinds/object-policy.js';
import { createSdk, type Sdk } from '../../sdk/client.js';
import { createGraphClient, type GraphClient } from '../../sdk/graph-client.js';
import { disagreements } from '../helpers/agreement.js';
import { eventually } from '../helpers/eventually.js';
import type { TestServer } from '../helpers/server.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { type ControllersProcess, type SpawnOptions, spawnControllers } from './controllers-process.js';
import { type LoopWorld, madeBy, nameOf, namesOf, objectsOf } from './world.js';

/** What a rig needs of a server: one in this process, or one that can be killed. */
export type RigServer = Pick<TestServer, 'url' | 'operatorToken' | 'controllerToken'>;

/** A server with a registered runtime and two environments, and controllers as many as a test starts. */
export interface Rig {
  readonly sdk: Sdk;
  readonly runtimeId: string;
  readonly driver: KubernetesDriver;
  /** In this process. */
  start(options?: StartOptions): Controllers;
  /** As a process of its own, that ends or stops at a failpoint. */
  spawn(failpoint: string | null, options?: SpawnOptions): Promise<ControllersProcess>;
  /** Deploys `components` as a new release; the same app in another environment is another instance. */
  deploy(components: readonly object[], options?: DeployOptions): Promise<Instance>;
  health(id: string): Promise<Seen>;
  becomes(id: string, health: string): Promise<Seen>;
  /** Waits until the message of READY matches. */
  says(id: string, message: RegExp): Promise<Seen>;
  remove(instance: Instance): Promise<void>;
  isGone(instance: Instance): Promise<void>;
  /** `Kind/name` of what Portolan made for it, as the cluster has it. */
  made(instance: Instance): Promise<readonly string[]>;
  /** Their uids, by `Kind/name`. */
  uids(instance: Pick<Instance, 'id'>): Promise<Readonly<Record<string, string>>>;
  /** `Kind/name` of what the graph says that it owns. */
  inventory(instance: Instance): Promise<readonly string[]>;
  /** Waits until graph and cluster say the same of every object. Every test that passed ends with it by itself. */
  agree(): Promise<void>;
}

export interface StartOptions
  extends Pick<ControllersOptions, 'resyncMs' | 'failpoint' | 'runtimeEveryMs' | 'holder' | 'leaseTtlMs'> {
  /** Of the controllers alone. Left out: the machine's. */
  readonly clock?: Clock;
  /** No CHANGED ever arrives. */
  readonly dropsWakes?: boolean;
}

export interface DeployOptions {
  readonly app?: string;
  readonly environment?: string;
  /** Of the app: how its objects are treated outside. */
  readonly policy?: ObjectPolicy;
}

export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly environment: string;
  readonly namespace: string;
  readonly release: number;
}

export interface Seen {
  readonly health: string;
  readonly reason: string | null;
  readonly message: string;
}

export async function createRig(t: ExecutionContext, server: RigServer, world: LoopWorld): Promise<Rig> {
  const home = await temporaryFolder(t);
  const opened = new AsyncDisposableStack();
  const instanceIds = new Set<string>();
  t.teardown(async () => {
    await using _ = opened;
    if (t.passed) await agree();
  });
  const connect = (token: string): GraphClient => {
    const { url } = server;
    const shared = { clock: systemClock, random: systemRandom, log: silentLog, reconnectCapMs: 300 };
    const client = createGraphClient({ url, token, ...shared });
    opened.defer(() => client.close());
    return client;
  };
  const sdk = createSdk(connect(server.operatorToken));
  const applied = await sdk.Apply({ input: { edits: [...edits(world)] } });
  const runtimeId = applied.apply.edits.find(({ kind }) => kind === 'KubernetesRuntime')?.resourceId ?? '';
  const driver = world.openDriver(runtimeId);
  opened.defer(() => driver.close());
  const agree = () =>
    eventually(
      async () => {
        const readCluster = () => world.readAll(runtimeId);
        const found = await disagreements({ server, readCluster, instanceIds: [...instanceIds] });
        if (found.length > 0) throw new Error(`Graph and cluster disagree:\n${found.join('\n')}`);
      },
      { timeoutMs: world.patienceMs, everyMs: 200 },
    );

  const health = async (id: string): Promise<Seen> => {
    const { node } = await sdk.GetControlledResource({ id });
    if (!node || !('status' in node)) return { health: 'gone', reason: null, message: '' };
    const ready = node.status.conditions.find(({ type }) => type === 'Ready');
    return { health: node.status.health, reason: ready?.reason ?? null, message: ready?.message ?? '' };
  };
  const seesThat = (id: string, isSo: (seen: Seen) => boolean, wanted: string) =>
    eventually(
      async () => {
        const seen = await health(id);
        if (!isSo(seen)) throw new Error(`It is ${JSON.stringify(seen)} and not ${wanted}.`);
        return seen;
      },
      { timeoutMs: world.patienceMs, everyMs: 100 },
    );
  const becomes = (id: string, wanted: string) => seesThat(id, (seen) => seen.health === wanted, wanted);

  return {
    sdk,
    runtimeId,
    driver,
    health,
    becomes,
    agree,
    says: (id, message) => seesThat(id, (seen) => message.test(seen.message), String(message)),
    start({ dropsWakes = false, ...options } = {}) {
      const client = connect(server.controllerToken);
      const controllers = startControllers({
        clock: systemClock,
        random: systemRandom,
        log: silentLog,
        runtimeEveryMs: 500,
        sandboxSocketPath: world.sandboxSocketPath,
        ...options,
        client: dropsWakes ? withoutWakes(client) : client,
      });
      opened.defer(() => controllers.close());
      return controllers;
    },
    async spawn(failpoint, spawning = {}) {
      const { url, controllerToken: token } = server;
      const { sandboxSocketPath } = world;
      const started = await spawnControllers({ url, token, home, sandboxSocketPath, failpoint, ...spawning });
      opened.defer(async () => {
        started.child.kill('SIGKILL');
        await started.ended;
      });
      return started;
    },
    async deploy(components, { app = 'shop', environment = 'dev', policy } = {}) {
      const appSpec = { components, ...(policy && { policy }) };
      const { deploy } = await sdk.Deploy({ input: { app, environment, runtime: 'target', appSpec } });
      const { id, name } = deploy.instance;
      instanceIds.add(id);
      return { id, name, environment, namespace: namespaceOf({ id, name }), release: deploy.release };
    },
    async remove({ name, environment }) {
      await sdk.Apply({ input: { edits: [{ op: 'DELETE', kind: 'AppInstance', name, environment }] } });
    },
    async isGone({ id }) {
      await becomes(id, 'gone');
      await eventually(
        async () => {
          const left = await objectsOf(driver, id);
          if (left.length > 0) throw new Error(left.map(({ kind, metadata }) => `${kind}/${metadata.name}`).join());
        },
        { timeoutMs: world.patienceMs },
      );
    },
    made: async ({ id }) => namesOf(await objectsOf(driver, id)),
    async uids({ id }) {
      const objects = madeBy(await objectsOf(driver, id));
      return Object.fromEntries(objects.map((object) => [nameOf(object), object.metadata.uid ?? '']));
    },
    async inventory({ id }) {
      const { resources } = await sdk.ListResources({ filter: { kinds: ['Workload'], ownerId: id } });
      const lists = await Promise.all(resources.nodes.map((workload) => sdk.ListObjects({ id: workload.id })));
      return lists
        .flatMap(({ node }) => (node && 'objects' in node ? node.objects.nodes : []))
        .map(({ kind, name }) => `${kind}/${name}`)
        .sort();
    },
  };
}

function edits(world: LoopWorld) {
  const create = (kind: string, name: string, spec: object) => ({ op: 'CREATE' as const, kind, name, spec });
  return [
    create('KubernetesRuntime', 'target', world.runtimeSpec),
    create('Tier', 'test', { order: 1 }),
    create('Environment', 'dev', { tier: 'test' }),
    create('Environment', 'prod', { tier: 'test' }),
  ];
}

/** A client whose subscriptions deliver SYNC and never CHANGED: as if every wake-up were lost on the way. */
function withoutWakes(client: GraphClient): GraphClient {
  return {
    ...client,
    subscribe<Result, Variables extends object>(...args: Parameters<GraphClient['subscribe']>) {
      const inner = client.subscribe<Result, Variables>(args[0], args[1] as Variables, args[2]);
      const next = async (): Promise<IteratorResult<Result>> => {
        for (;;) {
          const result = await inner.next();
          if (result.done || !JSON.stringify(result.value).includes('"CHANGED"')) return result;
        }
      };
      const iterator: AsyncIterableIterator<Result> = {
        next,
        return: async () => (await inner.return?.()) ?? { value: undefined, done: true },
        [Symbol.asyncIterator]: () => iterator,
      };
      return iterator;
    },
  };
}
