import test from 'ava';
import {
  BusyError,
  CredentialRefusedError,
  DeniedError,
  ProtectedError,
  QuotaError,
  ServerError,
  ThrottledError,
  UnreachableError,
} from '../../../drivers/cloud/errors.js';
import { createInMemoryCloudDriver } from '../../../drivers/sandbox/cloud/driver.js';
import { make } from '../make.js';
import { signal } from '../steps.js';
import { create, key, tags } from './cloud-steps.js';
import { makeCloud } from './make-cloud.js';
import { manualCloud } from './manual-cloud.js';

const database = key('database', 'shop');
const match = { account: 'here' };

test('loses the reply to a creation that happened, and the next look finds it', async (t) => {
  const { driver, control, clock } = manualCloud(t);
  await control.setFault({ kind: 'lostReply', match, count: 1 });
  await t.throwsAsync(create(driver, database, makeCloud.database()), { instanceOf: UnreachableError });
  clock.step(1000);
  const found = await driver.describe(database, signal);
  t.is(found?.state, 'available');
  await create(driver, database, makeCloud.database());
  t.is((await driver.list({ tags }, signal)).length, 1);
});

test('loses the replies to an update and to a deletion that happened', async (t) => {
  const { driver, control, clock } = manualCloud(t);
  await create(driver, database, makeCloud.database());
  clock.step(1000);
  await control.setFault({ kind: 'lostReply', match, count: 2 });
  const update = { properties: makeCloud.database({ storageGb: 40 }), tags };
  await t.throwsAsync(driver.update(database, update, signal), { instanceOf: UnreachableError });
  clock.step(1000);
  t.is((await driver.describe(database, signal))?.properties.storageGb, 40);
  await t.throwsAsync(driver.delete(database, null, signal), { instanceOf: UnreachableError });
  clock.step(1000);
  t.is(await driver.describe(database, signal), null);
});

test('refuses what it is told to refuse, in words that say what helps', async (t) => {
  const { driver, control } = manualCloud(t);
  const asked = () => create(driver, database, makeCloud.database());
  await control.setFault({ kind: 'throttle', match, count: 1, retryAfterMs: 2500 });
  const throttled = await t.throwsAsync(asked(), { instanceOf: ThrottledError });
  t.is((throttled as ThrottledError).retryAfterMs, 2500);
  await control.setFault({ kind: 'serverError', match, count: 1 });
  await t.throwsAsync(asked(), { instanceOf: ServerError });
  await control.setFault({ kind: 'conflict', match, count: 1 });
  await t.throwsAsync(asked(), { instanceOf: BusyError });
  await control.setFault({ kind: 'unauthorized', match, count: 1, message: 'the credentials have expired' });
  await t.throwsAsync(asked(), { instanceOf: CredentialRefusedError, message: /have expired/ });
  t.is((await control.cloudResources()).length, 0);
  await asked();
});

test('names the action that is denied, and lists it as missing until it is granted', async (t) => {
  const { driver, control } = manualCloud(t);
  const id = await control.setFault({ kind: 'forbidden', match: { ...match, kind: 'database', verb: 'create' } });
  const error = await t.throwsAsync(create(driver, database, makeCloud.database()), { instanceOf: DeniedError });
  t.is((error as DeniedError).action, 'database:create');
  const wanted = ['network:create', 'database:create', 'database:describe'] as const;
  t.deepEqual(await driver.missingActions(wanted, signal), ['database:create']);
  await control.clearFaults(id);
  t.deepEqual(await driver.missingActions(wanted, signal), []);
  await create(driver, database, makeCloud.database());
});

test('keeps to the limit of a type, names it, and lets go on when it is raised', async (t) => {
  const { driver, control } = manualCloud(t);
  const id = await control.setFault({ kind: 'quota', match: { ...match, kind: 'database' }, limit: 1 });
  await create(driver, database, makeCloud.database());
  const second = key('database', 'second');
  const error = await t.throwsAsync(create(driver, second, makeCloud.database()), { instanceOf: QuotaError });
  t.like(error as QuotaError, { limitName: 'databases per region', limit: 1, used: 1 });
  await create(driver, key('bucket', 'shop'), {});
  await control.clearFaults(id);
  await create(driver, second, makeCloud.database());
});

test('is unreachable as a whole, or for one account, while clusters answer', async (t) => {
  const { driver, other, control, cluster } = manualCloud(t);
  const id = await control.setFault({ kind: 'apiDown', match });
  await t.throwsAsync(driver.identify(signal), { instanceOf: UnreachableError });
  await other.identify(signal);
  await control.clearFaults(id);
  await control.setFault({ kind: 'apiDown', match: { account: '*' } });
  await t.throwsAsync(driver.identify(signal), { instanceOf: UnreachableError });
  await t.throwsAsync(other.identify(signal), { instanceOf: UnreachableError });
  t.truthy(await cluster('plain').apply(make.configMap('default', 'chart', {}), { force: false, signal }));
});

test('is not hit by a fault that names no account', async (t) => {
  const { driver, control } = manualCloud(t);
  await control.setFault({ kind: 'apiDown' });
  await control.setFault({ kind: 'serverError' });
  t.truthy(await driver.identify(signal));
});

test('answers late by the clock', async (t) => {
  const { driver, control, clock } = manualCloud(t);
  await control.setFault({ kind: 'slow', match, delayMs: 5000, count: 1 });
  let isAnswered = false;
  const asked = driver.identify(signal).then(() => {
    isAnswered = true;
  });
  clock.step(4999);
  await new Promise((resolve) => setImmediate(resolve));
  t.false(isAnswered);
  clock.step(1);
  await asked;
  t.true(isAnswered);
});

test('a creation fails, says why, and can be done again once it was deleted', async (t) => {
  const { driver, control, clock } = manualCloud(t);
  await control.setFault({ kind: 'creationFails', match, count: 1, message: 'no capacity for that size' });
  await create(driver, database, makeCloud.database());
  clock.step(1000);
  const failed = await driver.describe(database, signal);
  t.like(failed, { state: 'failed', message: 'no capacity for that size', attributes: {} });
  await driver.delete(database, null, signal);
  clock.step(1000);
  await create(driver, database, makeCloud.database());
  clock.step(1000);
  t.is((await driver.describe(database, signal))?.state, 'available');
});

test('a change fails and leaves all as it was', async (t) => {
  const { driver, control, clock } = manualCloud(t);
  await create(driver, database, makeCloud.database());
  clock.step(1000);
  await control.setFault({ kind: 'updateFails', match, count: 1, message: 'not now' });
  await driver.update(database, { properties: makeCloud.database({ storageGb: 40 }), tags }, signal);
  clock.step(1000);
  const found = await driver.describe(database, signal);
  t.is(found?.properties.storageGb, 20);
  t.like(found, { state: 'available', message: 'not now' });
});

test('a database whose disk is full works again when it has a larger one', async (t) => {
  const { driver, control, clock } = manualCloud(t);
  await create(driver, database, makeCloud.database());
  clock.step(1000);
  await control.setFault({ kind: 'diskFull', match: { ...match, name: 'shop' }, limit: 20 });
  t.like(await driver.describe(database, signal), { state: 'impaired', message: 'its storage of 20 GB is full' });
  await driver.update(database, { properties: makeCloud.database({ storageGb: 40 }), tags }, signal);
  clock.step(1000);
  t.like(await driver.describe(database, signal), { state: 'available', message: '' });
});

test('shows what a hand changed and deleted', async (t) => {
  const { driver, control, clock, place } = manualCloud(t);
  await create(driver, database, makeCloud.database());
  clock.step(1000);
  await control.editCloudByHand(place('database', 'shop'), { properties: { size: 'huge' }, tags: { mine: 'no' } });
  clock.step(1000);
  const edited = await driver.describe(database, signal);
  t.is(edited?.properties.size, 'huge');
  t.deepEqual(edited?.tags, { ...tags, mine: 'no' });
  t.true(await control.deleteCloudByHand(place('database', 'shop')));
  clock.step(1000);
  t.is(await driver.describe(database, signal), null);
  t.false(await control.deleteCloudByHand(place('database', 'shop')));
});

test('shows no change before its time, and then all the same to describe and list', async (t) => {
  const { driver, control, clock } = manualCloud(t);
  const seen: string[] = [];
  await create(driver, database, makeCloud.database());
  t.is((await control.cloudResources())[0]?.state, 'creating');
  for (let ms = 0; ms <= 600; ms += 1) {
    const state = (await driver.describe(database, signal))?.state ?? 'nothing';
    t.is((await driver.list({ tags }, signal))[0]?.state ?? 'nothing', state);
    if (seen.at(-1) !== state) seen.push(state);
    if (ms === 400) await driver.delete(database, null, signal);
    clock.step(1);
  }
  t.deepEqual(seen, ['nothing', 'creating', 'available', 'deleting', 'nothing']);
});

test('credentials that are wrong, have expired, or are of another account do as they say', async (t) => {
  const { world, driver } = manualCloud(t);
  const as = (accessKeyId: string) =>
    createInMemoryCloudDriver(world, {
      account: 'here',
      credentials: { type: 'keys', accessKeyId, secretAccessKey: 'x' },
    });
  await t.throwsAsync(as('wrong').identify(signal), { instanceOf: CredentialRefusedError, message: /not valid/ });
  await t.throwsAsync(as('expired').identify(signal), { instanceOf: CredentialRefusedError, message: /have expired/ });
  const { accountId } = await as('key-of-123456789012').identify(signal);
  t.is(accountId, '123456789012');
  await create(as('key-of-123456789012'), key('bucket', 'shop'), {});
  t.is((await world.cloud.store.all())[0]?.account, '123456789012');
  t.not((await driver.identify(signal)).accountId, accountId);
});

test('regions do not see each other, and have limits of their own', async (t) => {
  const { world, control, driver, clock } = manualCloud(t);
  const credentials = { type: 'ambient' } as const;
  const north = createInMemoryCloudDriver(world, { account: 'here', region: 'north', credentials });
  await control.setFault({ kind: 'quota', match: { ...match, kind: 'bucket' }, limit: 1 });
  await control.setFault({ kind: 'apiDown', match: { ...match, region: 'south' } });
  await create(driver, key('bucket', 'shop'), {});
  await create(north, key('bucket', 'shop'), {});
  clock.step(1000);
  t.is((await north.list({ tags }, signal)).length, 1);
  const south = createInMemoryCloudDriver(world, { account: 'here', region: 'south', credentials });
  await t.throwsAsync(south.identify(signal), { instanceOf: UnreachableError });
});

test('a bucket that an app filled is kept, and a service and a stack answer what they are asked', async (t) => {
  const { driver, control, clock, place } = manualCloud(t);
  await create(driver, key('bucket', 'shop'), {});
  const order = { plan: 'small', parameters: { shards: 1 }, answers: ['endpoint.url', 'key', 'plan'] };
  await create(driver, key('service', 'search'), { product: 'search', credential: 'token', ...order });
  await create(driver, key('stack', 'cache'), { module: 'cache', variables: { name: 'cart' } });
  clock.step(1000);
  await control.putIntoBucket(place('bucket', 'shop'), { 'a.txt': 'a' });
  await t.throwsAsync(driver.delete(key('bucket', 'shop'), null, signal), { instanceOf: ProtectedError });
  const service = await driver.describe(key('service', 'search'), signal);
  t.like(service?.attributes, { plan: 'small', parameters: { shards: 1 } });
  t.regex(JSON.stringify(service?.attributes), /"url":"https:\/\/[0-9a-f]{12}\.search\.example\.com"/);
  t.regex(String(service?.attributes.key), /^key-[0-9a-f]{12}$/);
  const stack = await driver.describe(key('stack', 'cache'), signal);
  t.regex(String(stack?.attributes.endpoint), /^cart-[0-9a-f]{12}\.cache\.sandbox\.internal$/);
  t.is(stack?.attributes.port, 6379);
  t.deepEqual(stack?.sensitive, ['auth_token']);
});

test('a database leaves a last snapshot behind when it is to', async (t) => {
  const { driver, clock } = manualCloud(t);
  await create(driver, database, makeCloud.database({ finalSnapshot: true }));
  clock.step(1000);
  await driver.delete(database, null, signal);
  clock.step(1000);
  const left = await driver.list({ tags }, signal);
  t.deepEqual(
    left.map(({ type, state, properties }) => [type, state, properties.database]),
    [['snapshot', 'available', 'shop']],
  );
  await driver.delete(key('snapshot', left[0]?.name ?? ''), null, signal);
});

test('what a stack is given as secret is secret in what it gives on', async (t) => {
  const { driver, clock } = manualCloud(t);
  const variables = { module: 'echo', variables: { a: 1 }, secretVariables: { b: 'hidden' } };
  await create(driver, key('stack', 'echo'), variables);
  clock.step(1000);
  const found = await driver.describe(key('stack', 'echo'), signal);
  t.deepEqual(found?.attributes, { a: 1, b: 'hidden' });
  t.deepEqual(found?.sensitive, ['b']);
  t.is(found?.properties.secretVariables, undefined);
});
