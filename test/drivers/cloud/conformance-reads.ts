import type { TestFn } from 'ava';
import { eventually } from '../../helpers/eventually.js';
import { equal, signal, truthy } from '../steps.js';
import { cloudPatience, create, key, made, tags } from './cloud-steps.js';
import type { Given } from './conformance.js';
import { makeCloud } from './make-cloud.js';

export function registerReads(test: TestFn, given: Given): void {
  test('says whose the credentials are', async (t) => {
    const { driver } = await given(t);
    const { accountId, principal } = await driver.identify(signal);
    t.regex(accountId, /^\d{12}$/);
    t.truthy(principal);
  });

  test('has the rights that it needs, and says so', async (t) => {
    const { driver } = await given(t);
    t.deepEqual(await driver.missingActions(['network:create', 'database:delete'], signal), []);
  });

  test('describes what is not there as null', async (t) => {
    const { driver, name } = await given(t);
    t.is(await driver.describe(key('database', name), signal), null);
  });

  test('describes what is there with what it was given and what the cloud gave it', async (t) => {
    const { driver, name } = await given(t);
    const network = await made(driver, key('network', name), makeCloud.network());
    t.like(network, { type: 'network', name, state: 'available', message: '', tags, sensitive: [] });
    t.is(network.properties.cidr, '10.0.0.0/16');
    t.is(network.attributes.id, network.id);
    t.is((network.attributes.subnetIds as readonly string[]).length, 3);
  });

  test('never shows a secret', async (t) => {
    const { driver, name } = await given(t);
    const at = key('database', name);
    const database = await made(driver, at, makeCloud.database());
    t.false(JSON.stringify(database).includes('correct horse'));
    t.false(JSON.stringify(await driver.list({ type: 'database', tags }, signal)).includes('correct horse'));
  });

  test('lists what carries all of the tags, however many there are', async (t) => {
    const { driver, name } = await given(t);
    const names = Array.from({ length: 120 }, (_, index) => `${name}-${String(index).padStart(3, '0')}`);
    for (const each of names) {
      const wish = { properties: { value: 'x' }, tags: { batch: name, even: String(each.at(-1)) }, token: each };
      await driver.create(key('secret', each), wish, signal);
    }
    await create(driver, key('secret', name), { value: 'x' });
    const found = await eventually(async () => {
      const listed = await driver.list({ type: 'secret', tags: { batch: name } }, signal);
      equal(listed.length, names.length);
      return listed;
    }, cloudPatience);
    t.deepEqual(found.map((each) => each.name).sort(), names);
    t.is((await driver.list({ tags: { batch: name, even: '7' } }, signal)).length, 12);
    t.deepEqual(await driver.list({ type: 'bucket', tags: { batch: name } }, signal), []);
  });

  test('lists those of the names that it is given which are there, however many they are', async (t) => {
    const { driver, name } = await given(t);
    const [one, two] = [`${name}-one`, `${name}-two`];
    for (const each of [one, two]) await made(driver, key('secret', each), { value: 'x' });
    const absent = Array.from({ length: 120 }, (_, index) => `${name}-absent-${index}`);
    const listed = await driver.list({ type: 'secret', names: [two, ...absent, one], tags }, signal);
    t.deepEqual(listed.map((each) => each.name).sort(), [one, two]);
    t.deepEqual(await driver.list({ type: 'secret', names: [], tags }, signal), []);
    t.deepEqual(await driver.list({ type: 'bucket', names: [one], tags }, signal), []);
    t.deepEqual(
      (await driver.list({ names: [one], tags }, signal)).map((each) => each.name),
      [one],
    );
  });

  test('sees what was made at the latest when its time is over', async (t) => {
    const { driver, name } = await given(t);
    const at = key('bucket', name);
    const startedMs = performance.now();
    await create(driver, at, {});
    await eventually(async () => truthy(await driver.describe(at, signal)), cloudPatience);
    t.true(performance.now() - startedMs < driver.consistencyMs + SLACK_MS);
  });
}

/** Of a machine that does much else. */
const SLACK_MS = 10_000;
