import test, { type ExecutionContext } from 'ava';
import { type Sandbox, startSandbox } from '../../drivers/sandbox/start.js';
import { isSecretReference } from '../../lib/kind.js';
import { silentLog } from '../../lib/log.js';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { createCloudRig, place } from './cloud-rig.js';

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

async function given(t: ExecutionContext) {
  return createCloudRig(t, await startTestServer(t), sandbox);
}
