import type { ExecutionContext } from 'ava';
import { type Controllers, startControllers } from '../../controllers/start-controllers.js';
import type { SandboxControl } from '../../drivers/sandbox/control.js';
import type { Sandbox } from '../../drivers/sandbox/start.js';
import type { Json, JsonObject } from '../../lib/canonical.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { createSdk, type Sdk } from '../../sdk/client.js';
import type { EditInput } from '../../sdk/generated/operations.js';
import { createGraphClient } from '../../sdk/graph-client.js';
import { eventually } from '../helpers/eventually.js';
import type { TestServer } from '../helpers/server.js';

/** A server without anything in it, a sandbox, and controllers: for apps with all that they depend on. */
export interface GraphRig {
  readonly sdk: Sdk;
  readonly control: SandboxControl;
  start(): Controllers;
  /** All or none, in one changeset. Returns the ids in the order of the edits. */
  apply(edits: readonly RigEdit[]): Promise<readonly string[]>;
  /** A release of the app from `spec`, and its instance in `dev` at it. Returns the id of the instance. */
  deploy(app: string, spec: JsonObject, instance?: JsonObject, environment?: string): Promise<string>;
  remove(kind: string, name: string, environment?: string): Promise<void>;
  becomes(id: string, health: string): Promise<GraphSeen>;
  /** Waits until the message of READY matches. */
  says(id: string, message: RegExp): Promise<GraphSeen>;
  isGone(id: string): Promise<void>;
  see(id: string): Promise<GraphSeen | null>;
  /** The one that the instance owns, directly. */
  childOf(ownerId: string, kind: string, name: string): Promise<GraphSeen>;
  /** Every resource there is, as `Kind/name`. */
  resources(): Promise<readonly string[]>;
  /** The log since the start, oldest first, as `op Kind/name`; of status changes: `health Kind/name`. */
  log(): Promise<readonly string[]>;
  /** Objects of all simulated clusters of a kind, events left out. */
  objects(kind: string): Promise<readonly JsonObject[]>;
}

/** In the environment `dev` where its kind is of one and it names none. */
export type RigEdit = Omit<EditInput, 'op'> & { readonly op?: EditInput['op'] };

export interface GraphSeen {
  readonly id: string;
  readonly health: string;
  readonly reason: string;
  readonly message: string;
  readonly generation: number;
  readonly spec: JsonObject;
  readonly outputs: Readonly<Record<string, Json>>;
}

export async function createGraphRig(t: ExecutionContext, server: TestServer, sandbox: Sandbox): Promise<GraphRig> {
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

  const see = async (id: string): Promise<GraphSeen | null> => {
    const { node } = await sdk.GetControlledResource({ id });
    if (!node || !('kind' in node) || !('status' in node)) return null;
    const { status, generation, document } = node;
    const ready = status.conditions.find(({ type }) => type === 'Ready');
    return {
      id,
      health: status.health,
      reason: ready?.reason ?? '',
      message: ready?.message ?? '',
      generation,
      spec: document as JsonObject,
      outputs: Object.fromEntries(status.outputs.map(({ name, value }) => [name, value as Json])),
    };
  };
  const seesThat = (id: string, isSo: (seen: GraphSeen) => boolean, wanted: string) =>
    eventually(
      async () => {
        const seen = await see(id);
        if (!seen || !isSo(seen)) throw new Error(`It is ${JSON.stringify(seen)} and not ${wanted}.`);
        return seen;
      },
      { timeoutMs: PATIENCE_MS, everyMs: 100 },
    );
  const apply = async (edits: readonly RigEdit[]): Promise<readonly string[]> => {
    const whole = edits.map((edit) => ({ op: 'APPLY' as const, ...placeOf(edit), ...edit }));
    const answer = await sdk.Apply({ input: { edits: whole } });
    return answer.apply.edits.map(({ resourceId }) => resourceId);
  };

  return {
    sdk,
    control,
    apply,
    see,
    start() {
      const often = { runtimeEveryMs: 500, cloudEveryMs: 500, cloudPollMs: 50 };
      const client = connect(controllerToken);
      const controllers = startControllers({ ...shared, client, sandboxSocketPath: socketPath, ...often });
      opened.defer(() => controllers.close());
      return controllers;
    },
    async deploy(app, spec, instance = {}, environment = 'dev') {
      const ids = await apply([
        { kind: 'App', name: app, spec },
        { op: 'DEPLOY', kind: 'AppInstance', name: app, environment, spec: { app, ...instance } },
      ]);
      return ids[1] ?? '';
    },
    async remove(kind, name, environment) {
      await apply([{ op: 'DELETE', kind, name, ...(environment !== undefined && { environment }) }]);
    },
    becomes: (id, health) => seesThat(id, (seen) => seen.health === health, health),
    says: (id, message) => seesThat(id, (seen) => message.test(seen.message), String(message)),
    async isGone(id) {
      await eventually(
        async () => {
          const seen = await see(id);
          if (seen) throw new Error(`It is still there: ${JSON.stringify(seen)}`);
        },
        { timeoutMs: PATIENCE_MS, everyMs: 100 },
      );
    },
    async childOf(ownerId, kind, name) {
      const { resources } = await sdk.ListResources({ filter: { kinds: [kind], ownerId }, first: 100 });
      const found = resources.nodes.find((node) => node.name === name);
      const seen = found && (await see(found.id));
      if (seen) return seen;
      throw new Error(`It owns no ${kind} ${name}.`);
    },
    async resources() {
      const names: string[] = [];
      let after: string | null = null;
      for (;;) {
        const page: Awaited<ReturnType<Sdk['ListResources']>> = await sdk.ListResources({ first: 100, after });
        names.push(...page.resources.nodes.map(({ kind, name }) => `${kind}/${name}`));
        if (!page.resources.pageInfo.hasNextPage) return names.sort();
        after = page.resources.pageInfo.endCursor;
      }
    },
    async log() {
      const lines: string[] = [];
      let after: string | null = null;
      for (;;) {
        const page: Awaited<ReturnType<Sdk['ListHistory']>> = await sdk.ListHistory({ first: 100, after });
        for (const { op, kind, name, after: seen } of page.revisions.nodes) {
          const health = (seen as { health?: string } | null)?.health;
          lines.push(op === 'status' ? `${health} ${kind}/${name}` : `${op} ${kind}/${name}`);
        }
        if (!page.revisions.pageInfo.hasNextPage) return lines.reverse();
        after = page.revisions.pageInfo.endCursor;
      }
    },
    async objects(kind) {
      return (await control.objects({ kind })).map(({ object }) => object as unknown as JsonObject);
    },
  };
}

/** From nothing to a cluster with an app takes some dozens of passes, on a machine that may be busy. */
const PATIENCE_MS = 90_000;

const inEnvironment: ReadonlySet<string> = new Set([
  'AppInstance',
  'Database',
  'Bucket',
  'Secret',
  'Gateway',
  'ManagedService',
  'TerraformStack',
  'ObservabilityStack',
]);

function placeOf({ kind }: RigEdit): { readonly environment?: string } {
  return inEnvironment.has(kind) ? { environment: 'dev' } : {};
}
