import test, { type ExecutionContext } from 'ava';
import { type Sandbox, startSandbox } from '../../drivers/sandbox/start.js';
import { isSecretReference } from '../../lib/kind.js';
import { silentLog } from '../../lib/log.js';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { createCloudRig, place, spawned } from './cloud-rig.js';

const folder = createGuardedFolder('portolan-cloud-');
let sandbox: Sandbox;

test.before(async () => {
  sandbox = await startSandbox({ folder, seed: 1, log: silentLog, isFast: true });
});
test.after.always(async () => {
  await sandbox?.close();
  removeGuardedFolder(folder);
});

const shop = { ...place, engine: 'postgres', size: 'small', storageGb: 20 };
const patience = { timeoutMs: 30_000, everyMs: 50 };

test.serial('a database comes to be, is changed in place, made anew where that is allowed, and goes', async (t) => {
  const rig = await given(t);
  rig.start();
  const id = await rig.apply('Database', 'shop', shop);
  const first = await rig.becomes(id, 'Healthy');
  t.like(first.outputs, { port: 5432, name: 'app', user: 'app' });
  t.true(isSecretReference(first.outputs.password), 'nobody sees it');
  const made = await rig.inCloud(id);
  const { password } = made?.properties ?? {};
  t.regex(String(password), /^[0-9a-f]{40}$/);

  await rig.apply('Database', 'shop', { ...shop, storageGb: 40 });
  await eventually(async () => {
    const { generation } = await rig.becomes(id, 'Healthy');
    if (generation !== 2) throw new Error('not yet');
  }, patience);
  const larger = await rig.inCloud(id);
  t.is(larger?.properties.storageGb, 40);
  t.is(larger?.id, made?.id);

  await rig.apply('Database', 'shop', { ...shop, storageGb: 40, engine: 'mysql' });
  const refused = await rig.says(id, 'Immutable');
  t.regex(refused.message, /engine: "postgres" -> "mysql".*replace: true/);
  t.is((await rig.inCloud(id))?.id, made?.id, 'it was not touched');

  await rig.apply('Database', 'shop', { ...shop, storageGb: 40, engine: 'mysql', replace: true });
  const anew = await rig.becomes(id, 'Healthy');
  t.is(anew.outputs.port, 3306);
  t.not(anew.outputs.host, first.outputs.host);
  t.deepEqual(anew.outputs.password, first.outputs.password);
  t.is((await rig.inCloud(id))?.properties.password, password);

  await rig.remove('Database', 'shop');
  await rig.isGone(id);
  t.is(await rig.inCloud(id), null);
});

test.serial('what a hand changes is changed back, and what a hand deletes is made again, as another one', async (t) => {
  const rig = await given(t);
  rig.start();
  const id = await rig.apply('Database', 'shop', shop);
  const before = await rig.becomes(id, 'Healthy');
  const made = await rig.inCloud(id);
  t.truthy(made);
  if (!made) return;
  await rig.control.editCloudByHand(made, { properties: { size: '4xlarge' }, tags: { 'portolan.dev/kind': null } });
  await eventually(async () => {
    const now = await rig.inCloud(id);
    if (now?.properties.size !== 'small' || now.state !== 'available') throw new Error(JSON.stringify(now));
  }, patience);
  await rig.becomes(id, 'Healthy');
  t.true((await rig.events(id)).some((event) => /^Drifted: .*size: "4xlarge" -> "small"/.test(event)));

  await rig.control.deleteCloudByHand(made);
  await eventually(async () => {
    const { outputs } = await rig.becomes(id, 'Healthy');
    if (outputs.host === before.outputs.host) throw new Error('It is not seen yet.');
  }, patience);
  t.not((await rig.inCloud(id))?.id, made.id);
  t.is((await rig.inCloud(id))?.properties.password, made.properties.password);
  t.true((await rig.events(id)).some((event) => event.startsWith('Vanished: ')));
});

test.serial('of everything there is one, whatever replies are lost and however often the cloud says no', async (t) => {
  const rig = await given(t);
  await rig.fault({ kind: 'lostReply', probability: 0.3 });
  await rig.fault({ kind: 'throttle', probability: 0.2, retryAfterMs: 50 });
  await rig.fault({ kind: 'serverError', probability: 0.1 });
  rig.start();
  const names = ['a', 'b', 'c', 'd'];
  const ids = [];
  for (const name of names) ids.push(await rig.apply('Database', name, shop));
  for (const id of ids) await rig.becomes(id, 'Healthy');
  const made = await Promise.all(ids.map((id) => rig.inCloud(id)));
  t.is(new Set(made.map((entry) => entry?.id)).size, names.length);
  for (const name of names) await rig.remove('Database', name);
  for (const id of ids) await rig.isGone(id);
  t.deepEqual(await rig.control.cloudResources({ account: rig.accountId }), []);
});

test.serial(
  'a limit that is reached is said with its name, and what waits for it comes when it is raised, without an edit',
  async (t) => {
    const rig = await given(t);
    const limit = await rig.fault({ kind: 'quota', match: { kind: 'bucket' }, limit: 1 });
    rig.start();
    const first = await rig.apply('Bucket', 'first', place);
    await rig.becomes(first, 'Healthy');
    const second = await rig.apply('Bucket', 'second', place);
    const refused = await rig.says(second, 'QuotaExceeded');
    t.regex(refused.message, /the limit "buckets per region" is 1, and 1 are in use/);
    t.is(refused.health, 'Degraded');
    await rig.control.clearFaults(limit);
    t.is((await rig.becomes(second, 'Healthy')).generation, 1);
  },
);

test.serial('a right that is missing is named, by the account too, and all goes on when it is granted', async (t) => {
  const rig = await given(t);
  const denied = await rig.fault({ kind: 'forbidden', match: { kind: 'bucket', verb: 'create' } });
  rig.start();
  const id = await rig.apply('Bucket', 'files', place);
  t.regex((await rig.says(id, 'MissingRights')).message, /may not do bucket:create/);
  const account = await rig.says(rig.accountId, 'MissingRights');
  t.deepEqual(account.observed.missingActions, ['bucket:create']);
  t.is(account.health, 'Healthy', 'what needs no such right is not kept waiting');
  await rig.control.clearFaults(denied);
  await rig.becomes(id, 'Healthy');
  await rig.says(rig.accountId, 'Available');
});

test.serial(
  'a cloud that does not answer is said to, nothing is made again, and all is as it was when it is back',
  async (t) => {
    const rig = await given(t);
    rig.start();
    const id = await rig.apply('Database', 'shop', shop);
    const before = await rig.becomes(id, 'Healthy');
    const made = await rig.inCloud(id);
    const down = await rig.fault({ kind: 'apiDown' });
    const seen = await rig.says(id, 'CloudUnreachable');
    t.is(seen.health, 'Unknown');
    t.deepEqual(seen.outputs, before.outputs, 'what others use stays');
    await rig.says(rig.accountId, 'CloudUnreachable');
    await rig.control.clearFaults(down);
    t.deepEqual((await rig.becomes(id, 'Healthy')).outputs, before.outputs);
    await rig.becomes(rig.accountId, 'Healthy');
    t.is((await rig.inCloud(id))?.id, made?.id);
  },
);

test.serial('a creation that fails is said to, and is done again until it succeeds', async (t) => {
  const rig = await given(t);
  await rig.fault({ kind: 'creationFails', count: 2, message: 'no capacity for that size' });
  rig.start();
  const id = await rig.apply('Database', 'shop', shop);
  await rig.becomes(id, 'Healthy');
  t.true((await rig.events(id)).includes('CreationFailed: no capacity for that size'));
  t.truthy(await rig.inCloud(id));
});

test.serial('a database whose disk is full says so, and is well again when it has a larger one', async (t) => {
  const rig = await given(t);
  rig.start();
  const id = await rig.apply('Database', 'shop', shop);
  await rig.becomes(id, 'Healthy');
  await rig.fault({ kind: 'diskFull', limit: 20 });
  t.regex((await rig.becomes(id, 'Degraded')).message, /its storage of 20 GB is full/);
  await rig.apply('Database', 'shop', { ...shop, storageGb: 40 });
  await rig.becomes(id, 'Healthy');
});

test.serial('whoever changes their mind while it is being made gets it deleted, and nothing is left', async (t) => {
  const rig = await given(t);
  const id = await rig.apply('Database', 'shop', shop);
  const begun = Promise.withResolvers<string | undefined>();
  let isRemoved = false;
  rig.start(spawned, async (name, resourceId) => {
    if (name !== 'afterApply' || resourceId !== id || isRemoved) return;
    isRemoved = true;
    await rig.remove('Database', 'shop');
    begun.resolve((await rig.inCloud(id))?.id);
  });
  t.truthy(await begun.promise, 'it was asked for');
  await rig.isGone(id);
  t.is(await rig.inCloud(id), null);
});

test.serial(
  'credentials that are refused are said to be, and all goes on with others, in the same process',
  async (t) => {
    const rig = await given(t);
    const account = (key: string) => ({ provider: 'sandbox', credentials: { keyId: 'portolan', key } });
    await rig.apply('CloudAccount', 'cloud', account('good'));
    rig.start();
    const id = await rig.apply('Bucket', 'files', place);
    await rig.becomes(id, 'Healthy');
    await rig.apply('CloudAccount', 'cloud', account('expired'));
    t.regex((await rig.says(rig.accountId, 'CredentialRefused')).message, /have expired.*set spec\.credentials/);
    await rig.says(id, 'CredentialRefused');
    await rig.apply('CloudAccount', 'cloud', account('better'));
    await rig.becomes(rig.accountId, 'Healthy');
    await rig.becomes(id, 'Healthy');
  },
);

test.serial('a cloud that is asked too much is said to be, and asked again when it says', async (t) => {
  const rig = await given(t);
  const busy = await rig.fault({ kind: 'throttle', match: { verb: 'create' }, retryAfterMs: 200 });
  rig.start();
  const id = await rig.apply('Bucket', 'files', place);
  const seen = await rig.says(id, 'Throttled');
  t.is(seen.health, 'Progressing');
  t.regex(seen.message, /the rate of requests is exceeded/);
  await rig.control.clearFaults(busy);
  await rig.becomes(id, 'Healthy');
});

for (const point of ['beforePrepare:1', 'beforeApply:1', 'afterApply:1', 'beforeStatus:2', 'beforeFinalize:1']) {
  test.serial(`a crash at ${point} leaves one database and one password, and it goes on`, async (t) => {
    const rig = await given(t);
    // The account is looked at first; its passes would count too.
    const settling = rig.start();
    await rig.becomes(rig.accountId, 'Healthy');
    await settling.close();
    const crashing = await rig.spawn(point);
    const id = await rig.apply('Database', 'shop', shop);
    if (point.startsWith('beforeFinalize')) {
      await rig.becomes(id, 'Healthy');
      await rig.remove('Database', 'shop');
    }
    t.is(await crashing.ended, 'SIGKILL');
    const made = await rig.inCloud(id);
    rig.start(spawned);
    if (point.startsWith('beforeFinalize')) {
      await rig.isGone(id);
    } else {
      await rig.becomes(id, 'Healthy');
      const now = await rig.inCloud(id);
      if (made) t.is(now?.id, made.id);
      if (made) t.is(now?.properties.password, made.properties.password);
      await rig.remove('Database', 'shop');
      await rig.isGone(id);
    }
    t.deepEqual(await rig.control.cloudResources({ account: rig.accountId }), []);
  });
}

async function given(t: ExecutionContext) {
  t.teardown(() => sandbox.control.clearFaults());
  return createCloudRig(t, await startTestServer(t), sandbox);
}
