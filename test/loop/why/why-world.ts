import { type Controllers, startControllers } from '../../../controllers/start-controllers.js';
import { rootOf } from '../../../drivers/kubernetes/discovery.js';
import type { KubernetesObject, ObjectKey } from '../../../drivers/kubernetes/driver.js';
import type { JsonObject } from '../../../lib/canonical.js';
import { systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { systemRandom } from '../../../lib/random.js';
import { namespaceOf } from '../../../model/expand/namespace.js';
import { createSdk } from '../../../sdk/client.js';
import { createGraphClient, type GraphClient } from '../../../sdk/graph-client.js';
import { eventually } from '../../helpers/eventually.js';
import { startTestServer } from '../../helpers/server.js';
import { startSandboxWorld } from '../sandbox-world.js';
import type { Edit, WhyWorld } from './fault-case.js';
import { untilWhy } from './until-why.js';

export interface RunningWhyWorld extends WhyWorld {
  /** Nothing acts before. */
  startControllers(): void;
  close(): Promise<void>;
}

/** A server over a database of its own, a sandbox in a process of its own, one environment, and one cluster to begin with. */
export async function startWhyWorld(folder: string): Promise<RunningWhyWorld> {
  await using opened = new AsyncDisposableStack();
  const server = await startTestServer(null);
  opened.defer(() => server.close());
  const world = await startSandboxWorld(folder);
  opened.defer(() => world.sandbox.close());
  const connect = (token: string): GraphClient => {
    const shared = { clock: systemClock, random: systemRandom, log: silentLog };
    const client = createGraphClient({ url: server.url, token, ...shared });
    opened.defer(() => client.close());
    return client;
  };
  const sdk = createSdk(connect(server.operatorToken));
  const controllerClient = connect(server.controllerToken);
  const apply = async (...edits: readonly Edit[]) => (await sdk.Apply({ input: { edits: [...edits] } })).apply.edits;
  const create = (kind: string, name: string, spec: object): Edit => ({ op: 'CREATE', kind, name, spec });
  const make = async (kind: string, name: string, spec: JsonObject): Promise<string> => {
    const place = inEnvironment.has(kind) ? { environment: 'dev' } : {};
    const [made] = await apply({ ...create(kind, name, spec), ...place });
    return made?.resourceId ?? '';
  };
  const [runtime] = await apply(
    create('KubernetesRuntime', 'main', { provider: 'sandbox', default: true }),
    create('Tier', 'test', { order: 1 }),
    create('Environment', 'dev', { tier: 'test' }),
  );
  const cluster = runtime?.resourceId ?? '';
  const driver = world.openDriver(cluster);
  opened.defer(() => driver.close());
  const transport = world.openTransport(cluster);
  opened.defer(() => transport.close());
  const { control } = world.sandbox;
  const read = (key: ObjectKey) => driver.get(key, AbortSignal.timeout(PATIENCE_MS));
  let controllers: Controllers | null = null;
  opened.defer(async () => controllers?.close());
  const settled = (id: string) => untilWhy(sdk, id, ({ isSettled }) => isSettled, 'settled').then(() => {});

  const closing = opened.move();
  return {
    sdk,
    control,
    cluster,
    apply,
    settled,
    read,
    async addRuntime(name) {
      const [made] = await apply(create('KubernetesRuntime', name, { provider: 'sandbox' }));
      await settled(made?.resourceId ?? '');
      return made?.resourceId ?? '';
    },
    async addAccount(name) {
      const id = await make('CloudAccount', name, { provider: 'sandbox' });
      await settled(id);
      return id;
    },
    make,
    async deploy(app, components, { runtime: on = 'main', policy, dependencies } = {}) {
      const appSpec = { components, ...(policy && { policy }), ...(dependencies && { dependencies }) };
      const { deploy } = await sdk.Deploy({ input: { app, environment: 'dev', runtime: on, appSpec } });
      const { id, name } = deploy.instance;
      return { id, name, environment: 'dev', namespace: namespaceOf({ id, name }), release: deploy.release };
    },
    async create(given) {
      const { apiVersion, kind, metadata } = given as KubernetesObject;
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const type = await driver.resolve(apiVersion, kind, signal);
      const within = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
      const path = `${rootOf(apiVersion)}${within}/${type?.plural}`;
      const query = { fieldManager: 'kubectl-create' };
      const answer = await transport.request({ method: 'POST', path, query, body: given, signal });
      if (answer.status >= 300) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`);
    },
    async contest(key, patch) {
      for (let round = 1; round <= ROUNDS; round++) {
        const { metadata } = await control.editByHand(cluster, key, patch(round), 'kubectl-patch');
        if (round === ROUNDS) return;
        await eventually(
          async () => {
            const seen = await read(key);
            if (seen?.metadata.resourceVersion === metadata.resourceVersion) throw new Error('It is not put back.');
          },
          { timeoutMs: PATIENCE_MS, everyMs: 50 },
        );
      }
    },
    startControllers() {
      controllers = startControllers({
        client: controllerClient,
        clock: systemClock,
        random: systemRandom,
        log: silentLog,
        runtimeEveryMs: 1000,
        cloudEveryMs: 1000,
        cloudPollMs: 100,
        sandboxSocketPath: world.sandboxSocketPath,
      });
    },
    close: () => closing.disposeAsync(),
  };
}

export const PATIENCE_MS = 90_000;
const inEnvironment: ReadonlySet<string> = new Set(['Database', 'Bucket', 'ManagedService', 'TerraformStack']);
/** More often than an object is put back within a minute. */
const ROUNDS = 6;
