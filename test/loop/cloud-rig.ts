import type { ExecutionContext } from 'ava';
import { type Controllers, startControllers } from '../../controllers/start-controllers.js';
import type { CloudEntry } from '../../drivers/sandbox/cloud/cloud-entry.js';
import type { SandboxControl } from '../../drivers/sandbox/control.js';
import type { Fault } from '../../drivers/sandbox/faults.js';
import type { Sandbox } from '../../drivers/sandbox/start.js';
import type { Json, JsonObject } from '../../lib/canonical.js';
import { systemClock } from '../../lib/clock.js';
import type { Failpoint } from '../../lib/failpoint.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { createSdk, type Sdk } from '../../sdk/client.js';
import type { ControlledResourceFragment } from '../../sdk/generated/operations.js';
import { createGraphClient } from '../../sdk/graph-client.js';
import { eventually } from '../helpers/eventually.js';
import type { TestServer } from '../helpers/server.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { type ControllersProcess, spawnControllers } from './controllers-process.js';

/** A server with a cloud account in the sandbox, and controllers as many as a test starts. */
export interface CloudRig {
  readonly sdk: Sdk;
  readonly control: SandboxControl;
  readonly accountId: string;
  /** `holder`: that of a process that is gone, whose leases need not run out then. */
  start(holder?: string, failpoint?: Failpoint): Controllers;
  spawn(failpoint: string | null): Promise<ControllersProcess>;
  /** Returns the id. */
  apply(kind: string, name: string, spec: JsonObject): Promise<string>;
  remove(kind: string, name: string): Promise<void>;
  becomes(id: string, health: string): Promise<SeenResource>;
  /** Waits until the reason of READY is that. */
  says(id: string, reason: string): Promise<SeenResource>;
  isGone(id: string): Promise<void>;
  /** What the cloud truly has of a resource; null when nothing. Fails when it has more than one. */
  inCloud(id: string): Promise<CloudEntry | null>;
  /** In the account of this rig. Returns the fault's id. */
  fault(fault: Fault): Promise<string>;
  /** `Reason: message` of its events. */
  events(id: string): Promise<readonly string[]>;
}

export interface SeenResource {
  readonly health: string;
  readonly reason: string;
  readonly message: string;
  readonly generation: number;
  readonly outputs: Readonly<Record<string, Json>>;
  readonly observed: JsonObject;
}

/** Whose leases a process that a rig spawned holds. */
export const spawned = 'loop-test';

/** Where resources of the rig are, unless a test says otherwise. */
export const place = { account: 'cloud', location: 'europe-frankfurt' };

export async function createCloudRig(t: ExecutionContext, server: TestServer, sandbox: Sandbox): Promise<CloudRig> {
  const home = await temporaryFolder(t);
  const opened = new AsyncDisposableStack();
  t.teardown(() => opened.disposeAsync());
  const { url, operatorToken, controllerToken } = server;
  const { control, socketPath } = sandbox;
  const shared = { clock: systemClock, random: systemRandom, log: silentLog, reconnectCapMs: 300 };
  const connect = (token: string) => {
    const client = createGraphClient({ url, token, ...shared });
    opened.defer(() => client.close());
    return client;
  };
  const sdk = createSdk(connect(operatorToken));
  const environmentOf = (kind: string) => (inEnvironment.has(kind) ? { environment: 'dev' } : {});
  const apply = async (kind: string, name: string, spec: JsonObject): Promise<string> => {
    const edit = { op: 'APPLY' as const, kind, name, spec, ...environmentOf(kind) };
    return (await sdk.Apply({ input: { edits: [edit] } })).apply.edits[0]?.resourceId ?? '';
  };
  await apply('KubernetesRuntime', 'dev', { provider: 'sandbox' });
  await apply('Environment', 'dev', { runtime: 'dev' });
  const accountId = await apply('CloudAccount', 'cloud', { provider: 'sandbox' });

  const look = async (id: string): Promise<SeenResource | null> => {
    const { node } = await sdk.GetControlledResource({ id });
    return node && 'kind' in node ? seenOf(node as ControlledResourceFragment) : null;
  };
  const seesThat = (id: string, isSo: (seen: SeenResource) => boolean, wanted: string) =>
    eventually(
      async () => {
        const seen = await look(id);
        if (!seen || !isSo(seen)) throw new Error(`It is ${JSON.stringify(seen)} and not ${wanted}.`);
        return seen;
      },
      { timeoutMs: PATIENCE_MS, everyMs: 50 },
    );

  return {
    sdk,
    control,
    accountId,
    apply,
    start(holder, failpoint) {
      const client = connect(controllerToken);
      const often = { runtimeEveryMs: 500, cloudEveryMs: 300, cloudPollMs: 50 };
      const controllers = startControllers({
        ...shared,
        client,
        sandboxSocketPath: socketPath,
        ...often,
        ...(holder !== undefined && { holder }),
        ...(failpoint && { failpoint }),
      });
      opened.defer(() => controllers.close());
      return controllers;
    },
    async spawn(failpoint) {
      const settings = { url, token: controllerToken, home, sandboxSocketPath: socketPath, failpoint, holder: spawned };
      const started = await spawnControllers(settings);
      opened.defer(async () => {
        started.child.kill('SIGKILL');
        await started.ended;
      });
      return started;
    },
    async remove(kind, name) {
      await sdk.Apply({ input: { edits: [{ op: 'DELETE', kind, name, ...environmentOf(kind) }] } });
    },
    becomes: (id, health) => seesThat(id, (seen) => seen.health === health, health),
    says: (id, reason) => seesThat(id, (seen) => seen.reason === reason, reason),
    async isGone(id) {
      await eventually(
        async () => {
          const seen = await look(id);
          if (seen) throw new Error(`It is still there: ${JSON.stringify(seen)}`);
        },
        { timeoutMs: PATIENCE_MS, everyMs: 50 },
      );
    },
    async inCloud(id) {
      const found = (await control.cloudResources({ account: accountId })).filter(
        ({ tags, type }) => tags['portolan.dev/resource'] === id && type !== 'snapshot',
      );
      if (found.length > 1) throw new Error(`There are ${found.length} of it.`);
      return found[0] ?? null;
    },
    fault: (fault) => control.setFault({ ...fault, match: { account: accountId, ...fault.match } }),
    async events(id) {
      const { events } = await sdk.ListEvents({ filter: { resourceId: id }, first: 100 });
      return events.nodes.map(({ reason, message }) => `${reason}: ${message}`);
    },
  };
}

const PATIENCE_MS = 60_000;
const inEnvironment: ReadonlySet<string> = new Set([
  'Database',
  'Bucket',
  'ManagedService',
  'TerraformStack',
  'Gateway',
]);

function seenOf({ status, generation }: ControlledResourceFragment): SeenResource {
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  return {
    health: status.health,
    reason: ready?.reason ?? '',
    message: ready?.message ?? '',
    generation,
    outputs: Object.fromEntries(status.outputs.map(({ name, value }) => [name, value as Json])),
    observed: status.observed as JsonObject,
  };
}
