import test from 'ava';
import { createClouds } from '../../../controllers/cloud/clouds.js';
import type { AccountSpec } from '../../../controllers/cloud/open-cloud.js';
import type { CloudDriver } from '../../../drivers/cloud/driver.js';
import { createMemoryResourceClient } from '../../helpers/memory-resource-client.js';
import { accountId, makeCloud } from './make-cloud.js';

const call = { lease: { holder: 'me', epoch: 1 } };

test('opens an account once for each region, with the credential released for that', async (t) => {
  const { clouds, opened } = given();
  const [first, again, other] = [
    await clouds.get(accountId, 'north', call),
    await clouds.get(accountId, 'north', call),
    await clouds.get(accountId, 'south', call),
  ];
  t.is(first, again);
  t.not(first, other);
  t.deepEqual(opened, ['north key', 'south key']);
});

test('opens it anew when its spec is another one, and not when it is the same', async (t) => {
  const { clouds, accounts, opened, closed } = given();
  await clouds.get(accountId, 'north', call);
  const account = await accounts.get(accountId);
  if (!account) return t.fail();
  await clouds.refresh(account);
  await clouds.get(accountId, 'north', call);
  t.is(opened.length, 1);
  await clouds.refresh({ ...account, generation: 2 });
  await clouds.get(accountId, 'north', call);
  t.is(opened.length, 2);
  t.is(closed.length, 1);
});

test('an account that is gone is said to be, and is asked for again', async (t) => {
  const { clouds, accounts } = given();
  const other = '66666666-6666-4666-8666-666666666666';
  await t.throwsAsync(clouds.get(other, 'north', call), { message: /is gone, so nothing can be done in it/ });
  accounts.put(makeCloud.resource<AccountSpec>('CloudAccount', { provider: 'sandbox' }, { id: other }));
  t.truthy(await clouds.get(other, 'north', call));
});

test('closes all that it opened', async (t) => {
  const { clouds, closed } = given();
  await clouds.get(accountId, 'north', call);
  await clouds.get(accountId, 'south', call);
  await clouds.close();
  t.deepEqual(closed, ['north', 'south']);
});

function given() {
  const accounts = createMemoryResourceClient<AccountSpec>('CloudAccount');
  const credentials = { keyId: 'id', key: makeCloud.secret('s') as unknown as string };
  accounts.put(
    makeCloud.resource<AccountSpec>('CloudAccount', { provider: 'sandbox', credentials }, { id: accountId }),
  );
  accounts.secrets = [{ id: 's', version: 3, name: 'credentials/key', value: 'key' }];
  const opened: string[] = [];
  const closed: string[] = [];
  const clouds = createClouds({
    accounts,
    openCloud(_id, spec, region) {
      opened.push(`${region} ${spec.credentials?.key ?? ''}`.trim());
      return { close: async () => void closed.push(region) } as unknown as CloudDriver;
    },
  });
  return { clouds, accounts, opened, closed };
}
