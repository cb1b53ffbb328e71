import test from 'ava';
import { ObservationError } from '../../../controllers/observation-error.js';
import type { Failpoint } from '../../../lib/failpoint.js';
import { accountId, makeCloud, resourceId } from './make-cloud.js';
import { createProviderRig, databaseSpec as spec, WINDOW_MS } from './provider-rig.js';

test('commits an intent before it asks, and resolves it with what was made', async (t) => {
  const rig = createProviderRig(t);
  await rig.pass();
  t.deepEqual(
    rig.client.intents(resourceId).map(({ token, resolvedAt }) => [token, resolvedAt]),
    [[`${resourceId}/first/1`, null]],
  );
  t.is(rig.made().length, 1);
  rig.clock.step(1000);
  await rig.pass();
  const [intent] = rig.client.intents(resourceId);
  t.deepEqual(intent?.outcome, { cloudId: rig.made()[0]?.id });
  t.is(rig.client.peek(resourceId)?.status.health, 'Healthy');
});

test('a crash between intent and call waits out the window of consistency, then asks again', async (t) => {
  const rig = createProviderRig(t);
  await t.throwsAsync(rig.pass(failAt('beforeApply')));
  t.is(rig.client.intents(resourceId).length, 1);
  t.is(rig.made().length, 0);
  await rig.pass();
  t.is(rig.made().length, 0, 'the call may have been made');
  t.regex(rig.message(), /not shown yet/);
  rig.clock.step(WINDOW_MS);
  await rig.pass();
  t.deepEqual(
    rig.client.intents(resourceId).map(({ token }) => token),
    [`${resourceId}/first/1`, `${resourceId}/first/2`],
  );
  await rig.settle();
  t.is(rig.made().length, 1);
  t.true(rig.client.intents(resourceId).every(({ resolvedAt }) => resolvedAt !== null));
});

test('a crash between call and status finds what was made', async (t) => {
  const rig = createProviderRig(t);
  await t.throwsAsync(rig.pass(failAt('afterApply')));
  const [made] = rig.made();
  await rig.settle();
  t.is(rig.made().length, 1);
  t.is(rig.made()[0]?.id, made?.id);
  t.is(rig.made()[0]?.properties.password, made?.properties.password);
});

test('keeps the password when the pass is retried, and gives a reference to it', async (t) => {
  const rig = createProviderRig(t);
  rig.world.faults.set({ kind: 'serverError', match: { account: accountId, verb: 'create' }, count: 3 });
  for (let pass = 0; pass < 3; pass += 1) {
    await t.throwsAsync(rig.pass(), { message: /Cannot create it/ });
    rig.clock.step(WINDOW_MS);
  }
  await rig.settle();
  t.deepEqual(await rig.client.releaseCredential(resourceId, rig.context()), [
    {
      id: `secret-of-${resourceId}-outputs/password`,
      version: 1,
      name: 'outputs/password',
      value: String(rig.made()[0]?.properties.password),
    },
  ]);
  t.deepEqual(rig.client.peek(resourceId)?.status.outputs.password?.value, {
    $secret: { id: `secret-of-${resourceId}-outputs/password`, version: 1 },
  });
});

test('asks again at once for what was refused, for nothing was made, and says why it was refused', async (t) => {
  const rig = createProviderRig(t);
  const limit = { kind: 'quota', match: { account: accountId }, limit: 0 } as const;
  const fault = rig.world.faults.set(limit);
  for (let pass = 0; pass < 2; pass += 1) {
    await t.throwsAsync(rig.pass(), { message: 'Cannot create it' });
    t.regex(rig.message(), /the limit "databases per region" is 0/);
    t.deepEqual((await rig.client.get(resourceId))?.openIntents, []);
  }
  rig.world.faults.clear(fault);
  await rig.pass();
  t.is(rig.made().length, 1);
  t.is((await rig.client.get(resourceId))?.openIntents.length, 1);
});

test('deletes nothing because it could not be looked at', async (t) => {
  const rig = createProviderRig(t);
  await rig.settle();
  const before = rig.made();
  const fault = rig.world.faults.set({ kind: 'apiDown', match: { account: accountId } });
  await t.throwsAsync(rig.pass(), { instanceOf: ObservationError });
  rig.client.requestDeletion(resourceId);
  await t.throwsAsync(rig.pass(), { instanceOf: ObservationError });
  t.truthy(rig.client.peek(resourceId), 'it is not finalized');
  t.deepEqual(rig.made(), before);
  rig.world.faults.clear(fault);
  await rig.pass();
  t.truthy(rig.client.peek(resourceId), 'asked for is not gone');
  rig.clock.step(1000);
  await rig.pass();
  t.is(rig.client.peek(resourceId), null);
  t.deepEqual(rig.made(), []);
});

test('is not finalized while what was asked for is not shown yet', async (t) => {
  const rig = createProviderRig(t);
  await t.throwsAsync(rig.pass(failAt('afterApply')));
  rig.client.requestDeletion(resourceId);
  rig.hideWrites();
  await rig.pass();
  t.truthy(rig.client.peek(resourceId));
  await rig.settle();
  t.is(rig.client.peek(resourceId), null);
  t.deepEqual(rig.made(), []);
});

test('what was asked for is under way, though a read that lags behind shows what is wanted by now', async (t) => {
  const rig = createProviderRig(t);
  await rig.settle();
  rig.lagReads();
  rig.client.put(makeCloud.resource('Database', { ...spec, size: 'medium' }));
  await rig.pass();
  rig.client.put(makeCloud.resource('Database', spec));
  await rig.pass();
  t.regex(rig.message(), /It is updating/);
  await rig.settle();
  t.is(rig.made()[0]?.properties.size, 'small');
  t.is(rig.client.peek(resourceId)?.status.health, 'Healthy');
});

test('stops when the cloud has it as of a newer generation', async (t) => {
  const rig = createProviderRig(t);
  rig.client.put(makeCloud.resource('Database', { ...spec, storageGb: 30 }));
  await rig.settle();
  t.is(rig.made()[0]?.properties.storageGb, 30);
  const { provider } = rig;
  const late = { ...makeCloud.resource('Database', spec), generation: 1 };
  await t.throwsAsync(provider.observe(late, rig.context()), { message: /generation 2; this pass is about 1/ });
});

test('writes nothing when the lease is over', async (t) => {
  const rig = createProviderRig(t);
  await t.throwsAsync(rig.pass(undefined, { deadlineMs: rig.clock.now() }), { message: /deadline of the lease/ });
  t.deepEqual(rig.made(), []);
});

test('tells what it did, and what others did', async (t) => {
  const rig = createProviderRig(t);
  await rig.settle();
  const [made] = rig.made();
  if (!made) return t.fail();
  rig.world.cloud.store.put({ ...made, properties: { ...made.properties, size: 'huge' } });
  await rig.settle();
  rig.world.cloud.store.remove(made);
  await rig.settle();
  t.deepEqual(
    rig.events.map(({ type, reason, message }) => `${type} ${reason} ${message}`),
    [
      'Normal Creating The database was asked for.',
      'Warning Drifted Somebody else changed it, and it is changed back: size: "huge" -> "small"',
      'Warning Vanished Somebody deleted the database. It is made again, as a new one.',
    ],
  );
});

function failAt(point: string): Failpoint {
  return (name) => {
    if (name === point) throw new Error('crash');
  };
}
