import type { TestFn } from 'ava';
import { BusyError, InUseError, ProtectedError } from '../../../drivers/cloud/errors.js';
import { signal } from '../steps.js';
import { create, deleted, gone, inState, key, made, tags } from './cloud-steps.js';
import type { Given } from './conformance.js';
import { makeCloud } from './make-cloud.js';

export function registerDeletions(test: TestFn, given: Given): void {
  test('deletes what is there, and says that there was nothing', async (t) => {
    const { driver, name } = await given(t);
    const at = key('network', name);
    t.is(await driver.delete(at, null, signal), 'absent');
    await made(driver, at, makeCloud.network());
    t.is(await driver.delete(at, null, signal), 'accepted');
    t.is(await driver.delete(at, null, signal), 'accepted');
    await gone(driver, at);
    t.is(await driver.delete(at, null, signal), 'absent');
  });

  test('deletes the one that is meant, and never one that took its place', async (t) => {
    const { driver, name } = await given(t);
    const at = key('network', name);
    const first = await made(driver, at, makeCloud.network());
    await deleted(driver, at);
    const second = await made(driver, at, makeCloud.network());
    t.is(await driver.delete(at, first.id, signal), 'absent');
    t.is((await inState(driver, at, 'available')).id, second.id);
    t.is(await driver.delete(at, second.id, signal), 'accepted');
    await gone(driver, at);
  });

  test('does not give the name of what is still being deleted', async (t) => {
    const { driver, name } = await given(t);
    const at = key('database', name);
    await made(driver, at, makeCloud.database());
    await driver.delete(at, null, signal);
    await t.throwsAsync(create(driver, at, makeCloud.database()), { instanceOf: BusyError });
    await gone(driver, at);
    await made(driver, at, makeCloud.database());
    t.pass();
  });

  test('keeps a network that has a cluster in it, and a cluster that has nodes', async (t) => {
    const { driver, name } = await given(t);
    const [network, cluster, nodes] = [key('network', name), key('cluster', name), key('nodeGroup', name)];
    await made(driver, network, makeCloud.network());
    await made(driver, cluster, makeCloud.cluster(name, `cloud-${name}`));
    await made(driver, nodes, makeCloud.nodeGroup(name));
    const error = await t.throwsAsync(driver.delete(network, null, signal), { instanceOf: InUseError });
    t.deepEqual((error as InUseError).users, [`cluster ${name}`]);
    await t.throwsAsync(driver.delete(cluster, null, signal), { instanceOf: InUseError });
    await deleted(driver, nodes);
    await deleted(driver, cluster);
    await deleted(driver, network);
  });

  test('keeps a zone that has records in it', async (t) => {
    const { driver, name } = await given(t);
    await made(driver, key('zone', name), makeCloud.zone(`${name}.example.org`));
    const record = await made(driver, key('record', name), makeCloud.record(name, 'shop'));
    t.is(record.attributes.domain, `shop.${name}.example.org`);
    await t.throwsAsync(driver.delete(key('zone', name), null, signal), { instanceOf: InUseError });
    await deleted(driver, key('record', name));
    await deleted(driver, key('zone', name));
  });

  test('keeps a bucket that holds something until it was emptied', async (t) => {
    const { driver, name, putIntoBucket } = await given(t);
    const at = key('bucket', name);
    await made(driver, at, {});
    await putIntoBucket(name, { 'a.txt': 'a', 'b.txt': 'b' });
    await t.throwsAsync(driver.delete(at, null, signal), { instanceOf: ProtectedError, message: /holds 2 objects/ });
    await driver.empty(at, signal);
    await deleted(driver, at);
  });

  test('keeps a database that is protected until it is not', async (t) => {
    const { driver, name } = await given(t);
    const at = key('database', name);
    await made(driver, at, makeCloud.database({ isProtected: true }));
    await t.throwsAsync(driver.delete(at, null, signal), { instanceOf: ProtectedError });
    await driver.update(at, { properties: makeCloud.database(), tags }, signal);
    await inState(driver, at, 'updating');
    await inState(driver, at, 'available');
    await deleted(driver, at);
  });
}
