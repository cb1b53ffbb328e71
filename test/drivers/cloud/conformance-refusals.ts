import type { TestFn } from 'ava';
import {
  ConflictError,
  CredentialRefusedError,
  InvalidError,
  NotFoundError,
  UnreachableError,
} from '../../../drivers/cloud/errors.js';
import { signal } from '../steps.js';
import { create, key, made, tags } from './cloud-steps.js';
import type { Given } from './conformance.js';
import { makeCloud } from './make-cloud.js';

export function registerRefusals(test: TestFn, given: Given): void {
  test('says that nobody answers, whatever is asked', async (t) => {
    const { unreachable: driver, name } = await given(t);
    const unreachable = { instanceOf: UnreachableError, message: /^Cannot reach the cloud at .+: .+\.$/ };
    await t.throwsAsync(driver.identify(signal), unreachable);
    await t.throwsAsync(driver.describe(key('network', name), signal), unreachable);
    await t.throwsAsync(create(driver, key('network', name), makeCloud.network()), unreachable);
  });

  test('says that the credentials are wrong', async (t) => {
    const { refused: driver, name } = await given(t);
    await t.throwsAsync(driver.identify(signal), { instanceOf: CredentialRefusedError });
    await t.throwsAsync(driver.list({ tags }, signal), { instanceOf: CredentialRefusedError });
    await t.throwsAsync(create(driver, key('bucket', name), {}), { instanceOf: CredentialRefusedError });
  });

  test('says what it does not take, and makes nothing', async (t) => {
    const { driver, name } = await given(t);
    const at = key('database', name);
    const invalid = (message: RegExp) => ({ instanceOf: InvalidError, message });
    await t.throwsAsync(create(driver, at, makeCloud.database({ engine: 'oracle' })), invalid(/engine/));
    await t.throwsAsync(create(driver, at, makeCloud.database({ storageGb: 1 })), invalid(/storageGb/));
    await t.throwsAsync(create(driver, at, makeCloud.database({ colour: 'blue' })), invalid(/colour/));
    const error = await t.throwsAsync(create(driver, at, makeCloud.database({ password: 'short' })), invalid(/./));
    t.false(error?.message.includes('short'));
    await t.throwsAsync(create(driver, key('network', name), {}), invalid(/cidr/));
    t.is(await driver.delete(at, null, signal), 'absent');
  });

  test('refuses to shrink what only grows', async (t) => {
    const { driver, name } = await given(t);
    const at = key('database', name);
    await made(driver, at, makeCloud.database({ engineVersion: '16.4' }));
    const refused = (rest: Parameters<typeof makeCloud.database>[0], message: RegExp) =>
      t.throwsAsync(driver.update(at, { properties: makeCloud.database(rest), tags }, signal), {
        instanceOf: InvalidError,
        message,
      });
    await refused({ engineVersion: '16.4', storageGb: 10 }, /storageGb can only be raised, and would go from 20 to 10/);
    await refused({ engineVersion: '15.10' }, /engineVersion can only be raised/);
  });

  test('makes nothing in what is not there, or not there yet', async (t) => {
    const { driver, name } = await given(t);
    const at = key('cluster', name);
    const properties = makeCloud.cluster(name, `cloud-${name}`);
    await t.throwsAsync(create(driver, at, properties), { instanceOf: NotFoundError });
    await create(driver, key('network', name), makeCloud.network());
    await t.throwsAsync(create(driver, at, properties), { instanceOf: ConflictError, message: /is creating/ });
  });

  test('does not give to two what only one can have', async (t) => {
    const { driver, name } = await given(t);
    await made(driver, key('zone', name), makeCloud.zone(`${name}.example.org`));
    await made(driver, key('record', name), makeCloud.record(name, 'shop'));
    const other = create(driver, key('record', `${name}-2`), makeCloud.record(name, 'shop'));
    await t.throwsAsync(other, { instanceOf: ConflictError, message: /A record of shop .* is taken by/ });
  });
}
