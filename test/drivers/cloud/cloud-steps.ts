import type { CloudDriver, CloudKey, CloudResource, CloudState, CloudType } from '../../../drivers/cloud/driver.js';
import type { JsonObject } from '../../../lib/canonical.js';
import { eventually } from '../../helpers/eventually.js';
import { equal, signal } from '../steps.js';

/** What takes a few seconds on an idle machine; in a real cloud, it is minutes. */
export const cloudPatience = { timeoutMs: 60_000, everyMs: 5 };

export const tags = { 'portolan.dev/test': 'conformance' };

export function key(type: CloudType, name: string): CloudKey {
  return { type, name };
}

export async function create(driver: CloudDriver, at: CloudKey, properties: JsonObject): Promise<void> {
  await driver.create(at, { properties, tags, token: `token-of-${at.name}` }, signal);
}

/** Creates it and waits until it is shown as available. */
export async function made(driver: CloudDriver, at: CloudKey, properties: JsonObject): Promise<CloudResource> {
  await create(driver, at, properties);
  return inState(driver, at, 'available');
}

export function inState(driver: CloudDriver, at: CloudKey, state: CloudState): Promise<CloudResource> {
  return eventually(async () => {
    const found = await driver.describe(at, signal);
    equal(found?.state, state);
    if (!found) throw new Error('gone');
    return found;
  }, cloudPatience);
}

export async function gone(driver: CloudDriver, at: CloudKey): Promise<void> {
  await eventually(async () => equal(await driver.describe(at, signal), null), cloudPatience);
}

export async function deleted(driver: CloudDriver, at: CloudKey): Promise<void> {
  equal(await driver.delete(at, null, signal), 'accepted');
  await gone(driver, at);
}
