import type { TestFn } from 'ava';
import { AlreadyExistsError, BusyError, ImmutablePropertyError, NotFoundError } from '../../../drivers/cloud/errors.js';
import { eventually } from '../../helpers/eventually.js';
import { equal, signal } from '../steps.js';
import { cloudPatience, create, deleted, inState, key, made, tags } from './cloud-steps.js';
import type { Given } from './conformance.js';
import { makeCloud } from './make-cloud.js';

export function registerWrites(test: TestFn, given: Given): void {
  test('accepts a creation at once, and shows it as creating before it is available', async (t) => {
    const { driver, name } = await given(t);
    const at = key('database', name);
    await create(driver, at, makeCloud.database());
    const first = await eventually(async () => {
      const found = await driver.describe(at, signal);
      if (!found) throw new Error('not shown yet');
      return found;
    }, cloudPatience);
    t.is(first.state, 'creating');
    t.deepEqual(first.attributes, {});
    const { attributes, id } = await inState(driver, at, 'available');
    t.is(id, first.id);
    t.like(attributes, { port: 5432, databaseName: 'shop', user: 'shop' });
    t.regex(String(attributes.host), /\./);
  });

  test('takes the same creation again as the same request, and refuses another one', async (t) => {
    const { driver, name } = await given(t);
    const at = key('network', name);
    await create(driver, at, makeCloud.network());
    await create(driver, at, makeCloud.network());
    const { id } = await inState(driver, at, 'available');
    await create(driver, at, makeCloud.network());
    t.is((await inState(driver, at, 'available')).id, id);
    const wish = { properties: makeCloud.network(), tags, token: 'another' };
    await t.throwsAsync(driver.create(at, wish, signal), { instanceOf: AlreadyExistsError });
    await t.throwsAsync(create(driver, at, { cidr: '10.9.0.0/16' }), { instanceOf: AlreadyExistsError });
  });

  test('changes properties in place, and keeps a secret that is left out', async (t) => {
    const { driver, name } = await given(t);
    const at = key('database', name);
    const before = await made(driver, at, makeCloud.database());
    const { password: _, ...rest } = makeCloud.database({ storageGb: 50, port: 6000 });
    await driver.update(at, { properties: rest, tags }, signal);
    const after = await eventually(async () => {
      const found = await inState(driver, at, 'available');
      equal(found.properties.storageGb, 50);
      return found;
    }, cloudPatience);
    t.is(after.id, before.id);
    t.like(after.attributes, { host: before.attributes.host, port: 6000 });
  });

  test('changes tags alone', async (t) => {
    const { driver, name } = await given(t);
    const at = key('bucket', name);
    await made(driver, at, {});
    await driver.update(at, { properties: {}, tags: { other: 'yes' } }, signal);
    await eventually(async () => equal((await driver.describe(at, signal))?.tags.other, 'yes'), cloudPatience);
    t.deepEqual((await inState(driver, at, 'available')).tags, { other: 'yes' });
  });

  test('refuses to change what cannot be changed, and names it', async (t) => {
    const { driver, name } = await given(t);
    const at = key('database', name);
    await made(driver, at, makeCloud.database());
    const properties = makeCloud.database({ engine: 'mysql', databaseName: 'other', storageGb: 30 });
    const error = await t.throwsAsync(driver.update(at, { properties, tags }, signal), {
      instanceOf: ImmutablePropertyError,
    });
    t.deepEqual([...(error as ImmutablePropertyError).properties].sort(), ['databaseName', 'engine']);
    t.is((await inState(driver, at, 'available')).properties.storageGb, 20);
  });

  test('gives another address to what was made anew under the same name', async (t) => {
    const { driver, name } = await given(t);
    const at = key('database', name);
    const first = await made(driver, at, makeCloud.database());
    await deleted(driver, at);
    const second = await made(driver, at, makeCloud.database({ engine: 'mysql' }));
    t.not(second.id, first.id);
    t.not(second.attributes.host, first.attributes.host);
    t.is(second.attributes.port, 3306);
  });

  test('refuses another change while one is under way', async (t) => {
    const { driver, name } = await given(t);
    const at = key('database', name);
    await create(driver, at, makeCloud.database());
    const update = { properties: makeCloud.database({ storageGb: 30 }), tags };
    await t.throwsAsync(driver.update(at, update, signal), { instanceOf: BusyError });
    await t.throwsAsync(driver.delete(at, null, signal), { instanceOf: BusyError });
    await inState(driver, at, 'available');
    await driver.update(at, update, signal);
    await t.throwsAsync(driver.delete(at, null, signal), { instanceOf: BusyError });
  });

  test('changes nothing that is not there', async (t) => {
    const { driver, name } = await given(t);
    const update = { properties: {}, tags };
    await t.throwsAsync(driver.update(key('bucket', name), update, signal), { instanceOf: NotFoundError });
    await t.throwsAsync(driver.empty(key('bucket', name), signal), { instanceOf: NotFoundError });
  });
}
