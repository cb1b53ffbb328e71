import test, { type ExecutionContext } from 'ava';
import type { Failpoint, FailpointName } from '../../lib/failpoint.js';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { createTestDatabase } from '../helpers/database.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { shop, shopObjects } from './apps.js';
import { createRig, type Instance, type Rig } from './rig.js';
import { type SandboxLoopWorld, startSandboxWorld } from './sandbox-world.js';
import { startServerProcess } from './server-process.js';

/* Each failpoint that has a fault of its own is reached on real parts, and afterwards there is one of everything. */

const folder = createGuardedFolder('portolan-failpoints-');
let world: SandboxLoopWorld;

test.before(async () => {
  world = await startSandboxWorld(folder);
});
test.after.always(async () => {
  await world?.sandbox.close();
  removeGuardedFolder(folder);
});

test.serial('a server that dies after a commit and before anybody was woken has lost nothing', async (t) => {
  const { connection, drop } = await createTestDatabase();
  t.teardown(drop);
  const server = await startServerProcess(t, connection);
  const rig = await createRig(t, server, world);
  await server.kill();
  await server.start('afterCommit:1');
  const input = {
    idempotencyKey: 'one-app',
    edits: [{ op: 'CREATE' as const, kind: 'App', name: 'once', spec: { components: [...shop()] as object[] } }],
  };
  await t.throwsAsync(rig.sdk.Apply({ input }));
  await server.hasEnded();

  await server.start();
  rig.start({ holder: 'loop-test' });
  const { apply } = await rig.sdk.Apply({ input });
  const found = await rig.sdk.ListResources({ filter: { kinds: ['App'] } });
  t.deepEqual(
    found.resources.nodes.map(({ id }) => id),
    apply.edits.map(({ resourceId }) => resourceId),
  );
  const instance = await rig.deploy(shop());
  await isWhole(t, rig, instance);
});

test.serial('what was created and never answered is found, and not created again', async (t) => {
  const rig = await createRig(t, await startTestServer(t), world);
  const { failpoint, reached } = everyTime('createReplyLost', { atMost: 5 });
  rig.start({ failpoint });
  const instance = await rig.deploy(shop());
  await isWhole(t, rig, instance);
  t.is(reached(), 5);
  const creations = (await world.sandbox.control.objects({ cluster: rig.runtimeId, kind: 'Namespace' })).filter(
    ({ object }) => object.metadata.name.startsWith('shop-'),
  );
  t.is(creations.length, 1);
});

test.serial('what was created in a cloud and never answered is found, and not created again', async (t) => {
  const rig = await createRig(t, await startTestServer(t), world);
  const { failpoint, reached } = everyTime('createReplyLost', { atMost: 2 });
  rig.start({ failpoint });
  const spec = { account: 'cloud', location: 'europe-frankfurt', engine: 'postgres', size: 'small', storageGb: 20 };
  const { apply } = await rig.sdk.Apply({
    input: {
      edits: [
        { op: 'CREATE', kind: 'CloudAccount', name: 'cloud', spec: { provider: 'sandbox' } },
        { op: 'CREATE', kind: 'Database', name: 'db', environment: 'dev', spec },
      ],
    },
  });
  const id = apply.edits[1]?.resourceId ?? '';
  await rig.becomes(id, 'Healthy');
  t.true(reached() > 0);
  const made = await world.sandbox.control.cloudResources({ type: 'database' });
  t.is(made.filter(({ tags }) => tags['portolan.dev/resource'] === id).length, 1);
});

test.serial('one killed between a creation and its reply leaves what the next one finds', async (t) => {
  const rig = await createRig(t, await startTestServer(t), world);
  const instance = await rig.deploy(shop());
  t.is(await (await rig.spawn('createReplyLost:2:kill')).ended, 'SIGKILL');
  const before = await rig.uids(instance);
  t.is(Object.keys(before).length, 2);
  rig.start({ holder: 'loop-test' });
  await isWhole(t, rig, instance);
  t.like(await rig.uids(instance), before);
});

test.serial(
  'a lease that is lost in the middle of a pass ends it, and whoever has it goes on from there',
  async (t) => {
    const server = await startTestServer(t);
    const rig = await createRig(t, server, world);
    const lost = Promise.withResolvers<void>();
    let applies = 0;
    let losses = 0;
    const controllers = rig.start({
      leaseTtlMs: 1_500,
      async failpoint(name) {
        if (name === 'leaseLost' && applies === 2 && losses === 0) {
          losses += 1;
          lost.resolve();
          return true;
        }
        // The second write of the first pass is held up until then.
        if (name === 'beforeApply' && ++applies === 2) {
          await lost.promise;
          await eventually(
            () => controllers.stats().leasesLost > 0 || Promise.reject(new Error('It has its leases.')),
            {
              timeoutMs: 10_000,
            },
          );
        }
        return false;
      },
    });
    const instance = await rig.deploy(shop());
    await isWhole(t, rig, instance);
    t.is(losses, 1);
    t.true(controllers.stats().leasesLost > 0);
    // Lost once by force; a busy machine may not renew one that short in time either.
    const epochs = `select epoch::int as epoch from lease where key = 'KubernetesRuntime/${rig.runtimeId}' and epoch > 1`;
    t.is((await server.database.query({ name: 'test.epochs', text: epochs })).length, 1);
  },
);

test.serial('wakes that are delivered twice make nothing twice', async (t) => {
  const { failpoint, reached } = everyTime('wakeTwice', { atMost: Number.POSITIVE_INFINITY });
  const server = await startTestServer(t, { failpoint });
  const rig = await createRig(t, server, world);
  rig.start();
  const instance = await rig.deploy(shop());
  await isWhole(t, rig, instance);
  const before = await rig.uids(instance);
  await rig.deploy(shop('example.com/web:2'));
  await isWhole(t, rig, instance);
  t.deepEqual(await rig.uids(instance), before);
  t.true(reached() > 0);
});

test.serial('a mutation whose answer is cut in the middle is done once, however often it is sent again', async (t) => {
  const { failpoint, reached } = everyTime('replyCut', { atMost: 3 });
  const server = await startTestServer(t, { failpoint });
  const edits = [{ op: 'CREATE', kind: 'Tier', name: 'once', spec: { order: 1 } }];
  const send = () =>
    server.query<{ apply: { changesetId: string } }>(
      'mutation($input: ApplyInput!) { apply(input: $input) { changesetId } }',
      { input: { idempotencyKey: 'once', edits } },
    );
  for (let cuts = 0; cuts < 3; cuts++) await t.throwsAsync(send());
  t.is(reached(), 3);
  const answer = await send();
  t.is(answer.errors, undefined);
  const made = await server.query<{ tiers: { totalCount: number } }>('{ tiers { totalCount } }');
  t.is(made.data?.tiers.totalCount, 1);
  const rig = await createRig(t, server, world);
  rig.start();
  await isWhole(t, rig, await rig.deploy(shop()));
});

/** Healthy, and exactly one of everything. */
async function isWhole(t: ExecutionContext, rig: Rig, instance: Instance): Promise<void> {
  await rig.becomes(instance.id, 'Healthy');
  t.deepEqual(await rig.made(instance), shopObjects(instance.namespace));
}

function everyTime(
  wanted: FailpointName,
  { atMost }: { readonly atMost: number },
): { readonly failpoint: Failpoint; reached(): number } {
  let count = 0;
  return {
    failpoint(name) {
      if (name !== wanted || count >= atMost) return false;
      count += 1;
      return true;
    },
    reached: () => count,
  };
}
