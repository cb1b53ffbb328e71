import type { ExecutionContext, TestFn } from 'ava';
import { createTestDatabase } from '../helpers/database.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { password, shop, shopObjects } from './apps.js';
import { createRig, type Instance, type Rig } from './rig.js';
import { startServerProcess } from './server-process.js';
import type { LoopWorld } from './world.js';

/** What must hold of the loop, whatever the cluster is. `world` is asked for when a test begins. */
export function declareCoreList(test: TestFn, world: () => LoopWorld): void {
  const createOwn = async (t: ExecutionContext): Promise<Rig> => createRig(t, await startTestServer(t), world());

  test.serial('a mutation becomes a healthy app, and a deletion leaves nothing', async (t) => {
    const server = await startTestServer(t);
    const rig = await createRig(t, server, world());
    rig.start();
    const instance = await rig.deploy(shop());
    await isWhole(t, rig, instance);
    const shown = await server.query<{ resources: { nodes: readonly { outputs: unknown }[] } }>(everything);
    const text = JSON.stringify(shown);
    t.true(text.includes(`http://web.${instance.namespace}.svc.cluster.local`), text);
    t.false(text.includes(password) || text.includes(Buffer.from(password).toString('base64')));

    await rig.remove(instance);
    await rig.isGone(instance);
    const left = await server.query<{ resources: { nodes: readonly object[] } }>(
      '{ resources(filter: { kinds: ["AppInstance", "Workload"] }) { nodes { kind name } } }',
    );
    t.deepEqual(left.data?.resources.nodes, []);
    const rows = await (await server.database.orm()).em.getConnection().execute('select * from object');
    t.deepEqual(rows, []);
  });

  test.serial('it converges by the resync alone when every wake-up is dropped', async (t) => {
    const rig = await createOwn(t);
    rig.start({ dropsWakes: true, resyncMs: 500 });
    const instance = await rig.deploy(shop());
    await isWhole(t, rig, instance);
    await rig.remove(instance);
    await rig.isGone(instance);
    t.pass();
  });

  test.serial('it converges when the server is killed in the middle of a pass', async (t) => {
    const database = await createTestDatabase();
    t.teardown(() => database.drop());
    const server = await startServerProcess(t, database.connection);
    const rig = await createRig(t, server, world());
    const killed = Promise.withResolvers<void>();
    let isKilled = false;
    rig.start({
      async failpoint(name) {
        if (name !== 'afterApply' || isKilled) return;
        isKilled = true;
        await server.kill();
        killed.resolve();
      },
    });
    const instance = await rig.deploy(shop());
    await killed.promise;
    await server.start();
    await isWhole(t, rig, instance);
  });

  test.serial('there is one of everything after its controllers were killed after each write in turn', async (t) => {
    const rig = await createOwn(t);
    const instance = await rig.deploy(shop());
    const isHealthy = async () => (await rig.health(instance.id)).health === 'Healthy';
    const created = await liveAndDie(rig, isHealthy);
    t.true(created >= shopObjects(instance.namespace).length, `${created} were killed`);
    t.deepEqual(await rig.made(instance), shopObjects(instance.namespace));
    await rig.remove(instance);
    const removed = await liveAndDie(rig, async () => (await rig.health(instance.id)).health === 'gone');
    t.true(removed >= shopObjects(instance.namespace).length, `${removed} were killed`);
    await rig.isGone(instance);
  });

  test.serial('there is one of everything with two controllers at once, and with the one that is left', async (t) => {
    const rig = await createOwn(t);
    const first = rig.start();
    rig.start();
    const instance = await rig.deploy(shop());
    await isWhole(t, rig, instance);
    const before = await rig.uids(instance);
    await first.close();
    await rig.deploy(shop('example.com/web:2'));
    await rig.becomes(instance.id, 'Healthy');
    t.deepEqual(await rig.uids(instance), before);
  });

  test.serial('a cluster that goes away loses nothing, and has the last wish met when it is back', async (t) => {
    const rig = await createOwn(t);
    rig.start();
    const instance = await rig.deploy(shop());
    await isWhole(t, rig, instance);
    const before = await rig.uids(instance);
    await world().goAway(rig.runtimeId);
    t.is((await rig.becomes(rig.runtimeId, 'Unknown')).reason, 'RuntimeUnreachable');
    await rig.deploy(shop('example.com/web:2'));
    t.deepEqual(await rig.inventory(instance), shopObjects(instance.namespace));
    t.not((await rig.health(instance.id)).health, 'Healthy');
    await world().comeBack(rig.runtimeId);
    await rig.becomes(rig.runtimeId, 'Healthy');
    await isWhole(t, rig, instance);
    t.deepEqual(await rig.uids(instance), before);
  });

  test.serial('two instances of one name live in two environments, and one goes without the other', async (t) => {
    const rig = await createOwn(t);
    rig.start();
    const dev = await rig.deploy(shop());
    const prod = await rig.deploy(shop(), { environment: 'prod' });
    t.not(dev.namespace, prod.namespace);
    await isWhole(t, rig, dev);
    await isWhole(t, rig, prod);
    const before = await rig.uids(prod);
    await rig.remove(dev);
    await rig.isGone(dev);
    await isWhole(t, rig, prod);
    t.deepEqual(await rig.uids(prod), before);
  });
}

/** Healthy, and exactly one of everything. */
async function isWhole(t: ExecutionContext, rig: Rig, instance: Instance): Promise<void> {
  await rig.becomes(instance.id, 'Healthy');
  t.deepEqual(await rig.made(instance), shopObjects(instance.namespace));
}

/**
 * Lives of controllers until `isDone`, each ended by SIGKILL after its first write: what those before it did is found,
 * not done again. Returns how many were killed so.
 */
async function liveAndDie(rig: Rig, isDone: () => Promise<boolean>): Promise<number> {
  for (let deaths = 0; deaths < MOST_LIVES; deaths++) {
    const { child, ended } = await rig.spawn('afterApply:1');
    const outcome = await Promise.race([ended, untilDone(isDone)]);
    child.kill('SIGKILL');
    await ended;
    if (outcome === 'done') return deaths;
  }
  throw new Error(`It is not done after ${MOST_LIVES} lives.`);
}

const MOST_LIVES = 40;

function untilDone(isDone: () => Promise<boolean>): Promise<'done'> {
  return eventually(
    async () => {
      if (await isDone()) return 'done' as const;
      throw new Error('It is not done.');
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );
}

/** All that a reader of the graph can see of the resources. */
const everything = `{ resources(first: 50) { nodes {
  document managers labels
  status { message observed outputs { value } }
  objects { nodes { message } }
  events { nodes { message object } }
  revisions { nodes { document before after } }
} } }`;
