import test, { type ExecutionContext } from 'ava';
import { CloudError } from '../../../drivers/cloud/errors.js';
import { UnreachableError } from '../../../drivers/kubernetes/errors.js';
import type { JournalRecord } from '../../../drivers/sandbox/journal.js';
import { make } from '../make.js';
import { keyOf, signal } from '../steps.js';
import { create, key, tags } from './cloud-steps.js';
import { makeCloud } from './make-cloud.js';
import { manualCloud } from './manual-cloud.js';

test('the same seed, faults and requests give the same cloud, millisecond by millisecond', async (t) => {
  const first = await play(t);
  t.true(first.some((line) => line.includes('Error')) && first.some((line) => line.includes('available')));
  t.deepEqual(await play(t), first);
});

test('what was journaled is all there, and what was under way goes on', async (t) => {
  const records: JournalRecord[] = [];
  const { driver, control, clock, cluster, place } = manualCloud(t, { onChange: (record) => records.push(record) });
  await create(driver, key('network', 'dev'), makeCloud.network());
  clock.step(500);
  await create(driver, key('cluster', 'dev'), makeCloud.cluster('dev', 'cloud-dev'));
  await create(driver, key('bucket', 'files'), {});
  await create(driver, key('bucket', 'old'), {});
  clock.step(1000);
  await create(driver, key('database', 'shop'), makeCloud.database());
  await driver.delete(key('bucket', 'old'), null, signal);
  const chart = make.configMap('default', 'chart', {});
  await cluster('cloud-dev').apply(chart, { force: false, signal });
  clock.step(50);
  await control.putIntoBucket(place('bucket', 'files'), { 'a.txt': 'a' });

  const again = manualCloud(t, { restored: structuredClone(records) });
  t.deepEqual(await again.control.cloudResources(), await control.cloudResources());
  t.truthy(await again.cluster('cloud-dev').get(keyOf(chart), signal));
  const inMemory = await control.cloudResources({ type: 'database' });
  again.clock.step(10_000);
  const [database] = await again.control.cloudResources({ type: 'database' });
  t.is(database?.state, 'available');
  t.is(database?.id, inMemory[0]?.id);
});

test('a snapshot holds what the journal does, and a cluster that is gone stays gone', async (t) => {
  const records: JournalRecord[] = [];
  const { driver, world, clock } = manualCloud(t, { onChange: (record) => records.push(record) });
  await create(driver, key('network', 'dev'), makeCloud.network());
  clock.step(500);
  await create(driver, key('cluster', 'dev'), makeCloud.cluster('dev', 'cloud-dev'));
  clock.step(1000);
  await driver.delete(key('cluster', 'dev'), null, signal);
  clock.step(1000);
  for (const restored of [records, [...world.dump()]]) {
    const again = manualCloud(t, { restored });
    t.deepEqual(
      (await again.control.cloudResources()).map(({ type }) => type),
      ['network'],
    );
    await t.throwsAsync(again.cluster('cloud-dev').version(signal), { instanceOf: UnreachableError });
  }
});

async function play(t: ExecutionContext): Promise<readonly string[]> {
  const { driver, control, clock } = manualCloud(t);
  await control.setFault({ kind: 'throttle', match: { account: '*' }, probability: 0.2 });
  await control.setFault({ kind: 'lostReply', match: { account: '*' }, probability: 0.2 });
  await control.setFault({ kind: 'creationFails', match: { account: '*' }, probability: 0.3 });
  const told: string[] = [];
  for (let step = 0; step < 200; step += 1) {
    const at = key('database', `db-${step % 7}`);
    const tried = step % 3 === 0 ? driver.delete(at, null, signal) : create(driver, at, makeCloud.database());
    const outcome = await tried.then(
      (value) => String(value),
      (error: unknown) => (error instanceof CloudError ? `${error.name}: ${error.message}` : String(error)),
    );
    const seen = await driver.list({ tags }, signal).catch(String);
    told.push(`${outcome} ${JSON.stringify(seen)}`);
    clock.step(7);
  }
  return told;
}
