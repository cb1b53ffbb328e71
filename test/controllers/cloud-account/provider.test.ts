import test from 'ava';
import type { AccountSpec } from '../../../controllers/cloud/open-cloud.js';
import { createAccountProvider } from '../../../controllers/cloud-account/provider.js';
import { createInMemoryCloudDriver } from '../../../drivers/sandbox/cloud/driver.js';
import { fastDelays } from '../../../drivers/sandbox/delays.js';
import { createSandboxWorld } from '../../../drivers/sandbox/world.js';
import { systemClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { createSeededRandom } from '../../../lib/random.js';
import { accountId, makeCloud } from '../cloud/make-cloud.js';

const account = makeCloud.resource<AccountSpec>('CloudAccount', { provider: 'sandbox' }, { id: accountId });

test('says whose the credentials are and what they may not do, and logs in anew when they are refused', async (t) => {
  const world = createSandboxWorld({ clock: systemClock, random: createSeededRandom(7), delays: fastDelays });
  t.teardown(() => world.close());
  const driver = createInMemoryCloudDriver(world, { account: accountId, credentials: { type: 'ambient' } });
  const dropped: string[] = [];
  const clouds = {
    get: async () => driver,
    refresh: async () => {},
    drop: async (id: string) => void dropped.push(id),
    close: async () => {},
  };
  const provider = createAccountProvider(clouds);
  const look = (resource = account) =>
    provider.observe(resource, {
      clock: systemClock,
      log: silentLog,
      signal: new AbortController().signal,
      lease: { key: 'k', holder: 'h', epoch: 1, deadlineMs: Number.POSITIVE_INFINITY },
      event: () => {},
    });
  t.like(await look(), { type: 'reachable', principal: 'machine/sandbox', missing: [] });
  world.faults.set({ kind: 'forbidden', match: { account: accountId, kind: 'zone' } });
  const denied = ['zone:describe', 'zone:create', 'zone:update', 'zone:delete', 'zone:list'];
  t.like(await look(), { missing: denied });
  t.deepEqual(dropped, []);
  world.faults.set({ kind: 'unauthorized', match: { account: accountId } });
  t.like(await look(), { type: 'refused' });
  t.deepEqual(dropped, [accountId]);
  world.faults.set({ kind: 'apiDown', match: { account: accountId } });
  t.like(await look(), { type: 'unreachable' });
  t.deepEqual(await look({ ...account, deletionRequestedAt: '2026-01-01T00:00:00.000Z' }), { type: 'leaving' });
  t.is(dropped.length, 2, 'nothing stays open');
});
