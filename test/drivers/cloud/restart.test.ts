import test from 'ava';
import { createSandboxCloudDriver } from '../../../drivers/sandbox/cloud/driver.js';
import { startSandbox } from '../../../drivers/sandbox/start.js';
import { systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { eventually } from '../../helpers/eventually.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';
import { equal, signal } from '../steps.js';
import { cloudPatience, create, inState, key, made, tags } from './cloud-steps.js';
import { makeCloud } from './make-cloud.js';

test('a SIGKILL loses nothing of the cloud that was answered, what was under way ends, and no id is given twice', async (t) => {
  const sandbox = await startSandbox({ folder: await temporaryFolder(t), seed: 7, isFast: true, log: silentLog });
  t.teardown(() => sandbox.close());
  const { socketPath } = sandbox;
  const driver = createSandboxCloudDriver({
    socketPath,
    account: 'here',
    credentials: { type: 'ambient' },
    clock: systemClock,
  });
  t.teardown(() => driver.close());
  const network = await made(driver, key('network', 'dev'), makeCloud.network());
  await create(driver, key('database', 'shop'), makeCloud.database());

  const killed = sandbox.pid;
  process.kill(killed, 'SIGKILL');
  await eventually(() => equal(sandbox.pid !== killed, true), cloudPatience);

  t.is((await inState(driver, key('network', 'dev'), 'available')).id, network.id);
  await inState(driver, key('database', 'shop'), 'available');
  for (const name of ['a', 'b', 'c']) await made(driver, key('network', name), makeCloud.network());
  const ids = (await driver.list({ tags }, signal)).map(({ id }) => id.split('-')[1]);
  t.is(new Set(ids).size, 5);
});
