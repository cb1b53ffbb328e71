import test from 'ava';
import { assert } from '../../lib/assert.js';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { shop } from './apps.js';
import { createRig } from './rig.js';
import { declareRuntimeList } from './runtime-list.js';
import { type SandboxLoopWorld, startSandboxWorld } from './sandbox-world.js';

const folder = createGuardedFolder('portolan-runtimes-');
let world: SandboxLoopWorld;

test.before(async () => {
  world = await startSandboxWorld(folder);
});
test.after.always(async () => {
  await world?.sandbox.close();
  removeGuardedFolder(folder);
});

declareRuntimeList(test, () => world);

test.serial('a credential that is refused is said, and the runtime is healthy again once it is taken', async (t) => {
  const rig = await createRig(t, await startTestServer(t), world);
  rig.start();
  await rig.becomes(rig.runtimeId, 'Healthy');
  await world.sandbox.control.setFault({ kind: 'unauthorized', match: { cluster: rig.runtimeId } });
  const seen = await rig.becomes(rig.runtimeId, 'Degraded');
  t.is(seen.reason, 'CredentialRefused');
  t.regex(seen.message, /does not accept the credential/);
  await world.sandbox.control.clearFaults();
  await rig.becomes(rig.runtimeId, 'Healthy');
});

test.serial(
  'a runtime that points nowhere says so in the words of the error, and what is deployed there waits',
  async (t) => {
    const server = await startTestServer(t);
    // Port 1 of the loopback is reserved, and nothing listens there.
    const runtimeSpec = { provider: 'kubeconfig', cluster: { server: 'https://127.0.0.1:1', token: 'not-a-token' } };
    const rig = await createRig(t, server, { ...world, runtimeSpec });
    rig.start();
    const seen = await rig.becomes(rig.runtimeId, 'Unknown');
    t.is(seen.reason, 'RuntimeUnreachable');
    t.regex(seen.message, /127\.0\.0\.1:1/);
    const instance = await rig.deploy(shop());
    const { resources } = await rig.sdk.ListResources({ filter: { kinds: ['Workload'], ownerId: instance.id } });
    t.true(resources.nodes.length > 1);
    for (const workload of resources.nodes) t.not((await rig.health(workload.id)).health, 'Healthy');
    t.deepEqual(await rig.inventory(instance), []);
  },
);

test.serial('a runtime that is dead and slow delays no other, and what is on it says so', async (t) => {
  const rig = await createRig(t, await startTestServer(t), world);
  const create = { op: 'CREATE' as const, kind: 'KubernetesRuntime', name: 'dead', spec: { provider: 'sandbox' } };
  const cluster = (await rig.sdk.Apply({ input: { edits: [create] } })).apply.edits[0]?.resourceId ?? '';
  const names = Array.from({ length: 12 }, (_, index) => `stuck-${index}`);
  const deployAll = (apps: readonly string[], image: string) =>
    Promise.all(
      apps.map(async (app) => {
        const input = { app, environment: 'dev', runtime: 'dead', appSpec: { components: shop(image) } };
        return (await rig.sdk.Deploy({ input })).deploy.instance.id;
      }),
    );
  const controllers = rig.start();
  const ids = await deployAll([...names, 'calm'], 'example.com/web:1');
  for (const id of ids) await rig.becomes(id, 'Healthy');
  // It takes every request, and answers none in time.
  await world.sandbox.control.setFault({ kind: 'slow', delayMs: 120_000, match: { cluster } });
  await deployAll(names, 'example.com/web:2');
  const theyWait = () =>
    eventually(() => assert(controllers.stats().inFlight >= 8, 'They do not wait for the dead one.'), {
      timeoutMs: 20_000,
    });
  await theyWait();

  const begunAt = performance.now();
  await rig.becomes((await rig.deploy(shop())).id, 'Healthy');
  const tookMs = performance.now() - begunAt;
  t.true(tookMs < 29_000, `It took ${tookMs} ms, and an answer of the dead one is waited for 30 s.`);
  await theyWait();

  const calm = ids.at(-1) ?? '';
  const seen = await rig.says(calm, /did not answer within/);
  t.is(`${seen.health} ${seen.reason}`, 'Unknown RuntimeUnreachable');
  const { node } = await rig.sdk.GetControlledResource({ id: calm });
  const since = node && 'status' in node ? node.status.conditions.find(({ type }) => type === 'Ready')?.since : '';
  t.true(Date.parse(since ?? '') > 0, 'since when');
  await world.comeBack(cluster);
  await rig.becomes(calm, 'Healthy');
  const { op, kind, name } = { ...create, op: 'DELETE' as const };
  await rig.sdk.Apply({ input: { edits: [{ op, kind, name, force: true }] } });
  for (const id of [...ids, cluster]) await rig.becomes(id, 'gone');
});

test.serial('another spec of a runtime is used at once', async (t) => {
  const rig = await createRig(t, await startTestServer(t), {
    ...world,
    runtimeSpec: { provider: 'kubeconfig', cluster: { server: 'https://127.0.0.1:1', token: 'a' } },
  });
  rig.start();
  t.regex((await rig.becomes(rig.runtimeId, 'Unknown')).message, /127\.0\.0\.1:1\b/);
  const spec = { provider: 'kubeconfig', cluster: { server: 'https://localhost:1', token: 'b' } };
  await rig.sdk.Apply({ input: { edits: [{ op: 'UPDATE', kind: 'KubernetesRuntime', name: 'target', spec }] } });
  await rig.says(rig.runtimeId, /localhost:1\b/);
  t.is((await rig.health(rig.runtimeId)).reason, 'RuntimeUnreachable');
});
