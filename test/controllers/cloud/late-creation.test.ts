import test from 'ava';
import { resourceId } from './make-cloud.js';
import { ARRIVAL_MS, createProviderRig, SETTLED_POLL_MS, WINDOW_MS } from './provider-rig.js';

test('is not finalized while a creation that nobody heard an answer to may still arrive', async (t) => {
  const rig = createProviderRig(t);
  const arrive = rig.holdCreations();
  await t.throwsAsync(rig.pass(), { message: 'Cannot create it' });
  rig.client.requestDeletion(resourceId);
  rig.clock.step(WINDOW_MS);
  const outcome = await rig.pass();
  t.like(outcome, { type: 'waiting', retryAfterMs: 2000 });
  t.regex(rig.message(), /may still come/);
  rig.clock.step(ARRIVAL_MS - 2 * WINDOW_MS);
  await arrive();
  await rig.settle();
  t.is(rig.client.peek(resourceId), null);
  t.deepEqual(rig.made(), []);
});

test('a controller whose clock is ahead waits as long for what may still arrive', async (t) => {
  const rig = createProviderRig(t, 0, 2 * ARRIVAL_MS);
  rig.holdCreations();
  await t.throwsAsync(rig.pass());
  rig.client.requestDeletion(resourceId);
  rig.clock.step(WINDOW_MS);
  await rig.pass();
  t.truthy(rig.client.peek(resourceId));
  rig.clock.step(ARRIVAL_MS);
  await rig.pass();
  t.is(rig.client.peek(resourceId), null);
});

test('is gone once a creation that nobody heard an answer to cannot arrive any more', async (t) => {
  const rig = createProviderRig(t);
  rig.holdCreations();
  await t.throwsAsync(rig.pass());
  rig.client.requestDeletion(resourceId);
  rig.clock.step(ARRIVAL_MS);
  await rig.pass();
  t.truthy(rig.client.peek(resourceId), 'it may have arrived just now, and not be shown');
  rig.clock.step(WINDOW_MS);
  await rig.pass();
  t.is(rig.client.peek(resourceId), null);
});

test('of two tries, the one that did not make it is waited for as well', async (t) => {
  const rig = createProviderRig(t);
  const arrive = rig.holdCreations();
  await t.throwsAsync(rig.pass());
  rig.clock.step(WINDOW_MS);
  await rig.settle();
  t.is(rig.client.peek(resourceId)?.status.health, 'Healthy');
  rig.client.requestDeletion(resourceId);
  await rig.settle();
  t.deepEqual(rig.made(), []);
  t.truthy(rig.client.peek(resourceId));
  await arrive();
  t.is(rig.made().length, 1, 'the name was free');
  await rig.settle();
  t.deepEqual(rig.made(), []);
  rig.clock.step(ARRIVAL_MS);
  await rig.settle();
  t.is(rig.client.peek(resourceId), null);
});

test('what was seen to be made is gone when it is not shown any more', async (t) => {
  const rig = createProviderRig(t, ARRIVAL_MS);
  await rig.settle();
  rig.client.requestDeletion(resourceId);
  await rig.pass();
  rig.clock.step(WINDOW_MS);
  await rig.pass();
  t.is(rig.client.peek(resourceId), null);
});

test('of two tries, the one that did not make it is over in its time, though nothing is heard of it', async (t) => {
  const rig = createProviderRig(t);
  rig.holdCreations();
  await t.throwsAsync(rig.pass());
  rig.clock.step(WINDOW_MS);
  await rig.settle();
  const open = () => rig.client.intents(resourceId).filter(({ resolvedAt }) => resolvedAt === null).length;
  t.is(open(), 2);
  t.like(await rig.pass(), { type: 'waiting', retryAfterMs: SETTLED_POLL_MS });
  rig.clock.step(ARRIVAL_MS);
  await rig.pass();
  t.is(open(), 0);
  t.like(await rig.pass(), { type: 'converged' });
});
