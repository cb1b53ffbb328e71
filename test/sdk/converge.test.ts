import test from 'ava';
import { createManualClock } from '../../lib/clock.js';
import { TerminalError } from '../../lib/errors.js';
import { silentLog } from '../../lib/log.js';
import { createSdk } from '../../sdk/client.js';
import type { ResourceView } from '../../sdk/resource.js';
import { createResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import { LeaseLostError } from '../../sdk/runtime/leases.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import { FakePlane, refersTo } from './fake-plane.js';
import { FakeWorld, type ThingSpec } from './fake-world.js';

function make(isTransient: (error: unknown) => boolean = () => false, isAnswered = false) {
  const clock = createManualClock();
  const plane = new FakePlane(clock);
  const world = new FakeWorld();
  const client = createResourceClient<ThingSpec>(createSdk(plane.client()), 'Thing');
  const provider = isAnswered ? { ...world.provider, lookAgain: answeredOnce() } : world.provider;
  const reconciler = createReconciler(provider, { client, isTransient });
  const lease = { key: 'shard/1', holder: 'me', epoch: 1, deadlineMs: clock.now() + 12_000 };
  plane.leases.set(lease.key, { holder: lease.holder, epoch: lease.epoch, expiresMs: clock.now() + 15_000 });
  const context: ReconcileContext = {
    clock,
    log: silentLog,
    signal: new AbortController().signal,
    lease,
    event: () => {},
  };
  const pass = (id: string, changes: Partial<ReconcileContext> = {}) =>
    reconciler.reconcile(id, { ...context, ...changes });
  const condition = (id: string, type: string) => {
    const found = plane.resources.get(id)?.status.conditions.find((it) => it.type === type);
    return found && { status: found.status, reason: found.reason, message: found.message };
  };
  return { clock, plane, world, pass, condition };
}

test('the pass that acts does not claim READY; the next one, which observes, does', async (t) => {
  const { plane, world, pass, condition } = make();
  plane.put({ id: 'a', document: { value: 'x' } });
  t.is((await pass('a')).type, 'waiting');
  t.is(world.values.get('a'), 'x');
  t.is(condition('a', 'Ready')?.status, 'False');
  t.is(plane.resources.get('a')?.status.health, 'Progressing');
  t.is((await pass('a')).type, 'converged');
  t.is(condition('a', 'Ready')?.status, 'True');
});

/** As of an outside that tells how what was applied is; once, as of what settles then. */
function answeredOnce() {
  let looks = 0;
  return (resource: ResourceView<ThingSpec>) => (looks++ === 0 ? resource : null);
}

test('a pass that was answered looks again by itself, reads nothing anew, and says only what it saw then', async (t) => {
  const { plane, world, pass, condition } = make(undefined, true);
  plane.put({ id: 'a' });
  t.is((await pass('a', { hasChanged: () => false })).type, 'converged');
  t.deepEqual(world.writes, ['a=default']);
  t.is(condition('a', 'Ready')?.status, 'True');
  t.is(plane.count('ReadControlledResources'), 1);
  t.is(plane.count('Report'), 1);
});

test('a resource that changed since it was read is looked at again by a pass of its own', async (t) => {
  const { plane, pass, condition } = make(undefined, true);
  plane.put({ id: 'a' });
  t.like(await pass('a', { hasChanged: (ids) => ids.includes('a') }), { type: 'waiting', retryAfterMs: 0 });
  t.is(condition('a', 'Ready'), undefined);
  t.is((await pass('a')).type, 'converged');
});

test('what was read long ago serves no second look', async (t) => {
  const { plane, world, clock, pass } = make(undefined, true);
  plane.put({ id: 'a' });
  world.onApply = () => clock.step(5_000);
  t.like(await pass('a', { hasChanged: () => false }), { type: 'waiting', retryAfterMs: 0 });
});

test('the inventory is committed before the first outside write', async (t) => {
  const { plane, world, pass } = make();
  plane.put({ id: 'a' });
  world.onApply = () => void t.deepEqual(world.prepared, ['a']);
  await pass('a');
  t.deepEqual(world.writes, ['a=default']);
});

test('a converged resource is neither written outside nor reported again', async (t) => {
  const { plane, world, pass } = make();
  plane.put({ id: 'a' });
  await pass('a');
  await pass('a');
  const reports = plane.count('ReportStatus');
  await pass('a');
  await pass('a');
  t.is(plane.count('ReportStatus'), reports);
  t.deepEqual(world.writes, ['a=default']);
});

test('drift is mended', async (t) => {
  const { plane, world, pass } = make();
  plane.put({ id: 'a' });
  await pass('a');
  await pass('a');
  world.values.set('a', 'changed by hand');
  await pass('a');
  t.is(world.values.get('a'), 'default');
});

test('what is not there any more is done', async (t) => {
  const { pass } = make();
  t.deepEqual(await pass('never'), { type: 'converged' });
});

test('a resource waits for its references, says for which, and writes nothing outside', async (t) => {
  const { plane, world, pass, condition } = make();
  plane.put({ id: 'base' });
  plane.put({ id: 'a', references: [refersTo('base')] });
  const outcome = await pass('a');
  t.like(outcome, { type: 'waiting', on: ['base'] });
  t.deepEqual(world.writes, []);
  t.like(condition('a', 'Ready'), { status: 'False', reason: 'WaitingForDependency' });
  t.regex(condition('a', 'Ready')?.message ?? '', /Thing base \(Unknown\)/);
  await pass('base');
  await pass('base');
  await pass('a');
  t.is(world.values.get('a'), 'default');
});

test('once it was in sync, drift is mended though a reference is not settled any more', async (t) => {
  const { plane, world, pass } = make();
  plane.put({ id: 'base' });
  plane.put({ id: 'a', references: [refersTo('base')] });
  for (const id of ['base', 'base', 'a', 'a']) await pass(id);
  world.notReady.add('base');
  await pass('base');
  world.values.set('a', 'changed by hand');
  await pass('a');
  t.is(world.values.get('a'), 'default');
});

test('when a reference is not well and the resource cannot be observed, it is not called Healthy any more', async (t) => {
  const { plane, world, pass, condition } = make();
  plane.put({ id: 'base' });
  plane.put({ id: 'a', references: [refersTo('base')] });
  for (const id of ['base', 'base', 'a', 'a']) await pass(id);
  t.is(plane.resources.get('a')?.status.health, 'Healthy');
  world.notReady.add('base');
  await pass('base');
  world.onObserve = () => {
    throw new Error('connect ECONNREFUSED');
  };
  await t.throwsAsync(pass('a'), { message: 'connect ECONNREFUSED' });
  t.is(plane.resources.get('a')?.status.health, 'Unknown');
  t.is(condition('a', 'Ready')?.status, 'Unknown');
  world.onObserve = () => {};
  await pass('a');
  t.is(plane.resources.get('a')?.status.health, 'Healthy');
});

test('a failed observation deletes nothing and changes no status', async (t) => {
  const { plane, world, pass } = make();
  plane.put({ id: 'a' });
  await pass('a');
  await pass('a');
  const before = plane.resources.get('a')?.status;
  plane.requestDeletion('a');
  world.onObserve = () => {
    throw new Error('timeout');
  };
  await t.throwsAsync(pass('a'));
  t.deepEqual(world.writes, ['a=default']);
  t.true(plane.resources.has('a'));
  t.is(plane.resources.get('a')?.status, before);
});

test('a refused action makes it Degraded with the real text, and is thrown to be tried again', async (t) => {
  const { plane, world, pass, condition } = make();
  plane.put({ id: 'a' });
  world.onApply = () => {
    throw new Error('pods is forbidden', { cause: new Error('exceeded quota') });
  };
  await t.throwsAsync(pass('a'), { message: 'pods is forbidden' });
  t.is(plane.resources.get('a')?.status.health, 'Degraded');
  t.deepEqual(condition('a', 'Synced'), {
    status: 'False',
    reason: 'ApplyFailed',
    message: 'pods is forbidden: exceeded quota',
  });
  t.not(condition('a', 'Ready')?.status, 'True');
  world.onApply = () => {};
  await pass('a');
  await pass('a');
  t.is(plane.resources.get('a')?.status.health, 'Healthy');
});

test('a transient failure and an invalid spec leave the status to others', async (t) => {
  const { plane, world, pass } = make((error) => error instanceof Error && error.message === 'throttled');
  plane.put({ id: 'a' });
  for (const error of [new Error('throttled'), new TerminalError('bad spec')]) {
    world.onApply = () => {
      throw error;
    };
    await t.throwsAsync(pass('a'), { is: error });
    t.is(plane.count('ReportStatus'), 0);
  }
});

test('no outside write begins after the deadline of the lease', async (t) => {
  const { plane, world, clock, pass } = make();
  plane.put({ id: 'a' });
  world.onObserve = () => clock.step(12_000);
  await t.throwsAsync(pass('a'), { instanceOf: LeaseLostError });
  t.deepEqual(world.writes, []);
});

test('no outside write begins once the signal is aborted', async (t) => {
  const { plane, world, pass } = make();
  plane.put({ id: 'a' });
  const aborter = new AbortController();
  world.onObserve = () => aborter.abort(new Error('stopping'));
  await t.throwsAsync(pass('a', { signal: aborter.signal }), { message: 'stopping' });
  t.deepEqual(world.writes, []);
});

test('deletion removes what is outside, and finalizes in the pass that saw that nothing is left', async (t) => {
  const { plane, world, pass, condition } = make();
  plane.put({ id: 'a' });
  await pass('a');
  plane.requestDeletion('a');
  t.is((await pass('a')).type, 'waiting');
  t.deepEqual(world.writes, ['a=default', '-a']);
  t.true(plane.resources.has('a'), 'accepted is not gone');
  t.like(condition('a', 'Ready'), { status: 'False', reason: 'Terminating' });
  t.is((await pass('a')).type, 'converged');
  t.false(plane.resources.has('a'));
});

test('deletion waits until nothing refers to it, and is woken by those that do', async (t) => {
  const { plane, world, pass, condition } = make();
  plane.put({ id: 'base' });
  plane.put({ id: 'a', references: [refersTo('base')] });
  for (const id of ['base', 'base', 'a', 'a']) await pass(id);
  plane.requestDeletion('base');
  plane.requestDeletion('a');
  t.like(await pass('base'), { type: 'waiting', on: ['a'] });
  t.is(world.values.get('base'), 'default');
  t.is(condition('base', 'Ready')?.message, 'Waiting until these are gone: Thing a.');
  for (const id of ['a', 'a', 'base', 'base']) await pass(id);
  t.is(plane.resources.size, 0);
  t.is(world.values.size, 0);
});

test('the process may die at any point of any pass: the next passes finish with exactly one of everything', async (t) => {
  const points = ['beforePrepare', 'beforeApply', 'afterApply', 'beforeStatus', 'afterStatus'];
  const removalPoints = ['beforeApply', 'afterApply', 'beforeStatus', 'afterStatus', 'beforeFinalize', 'afterFinalize'];
  const diesAt = (point: string) => ({
    failpoint: (name: string) => {
      if (name === point) throw new Error(`died ${point}`);
    },
  });
  for (const point of points) {
    for (const removalPoint of removalPoints) {
      const { plane, world, pass } = make();
      plane.put({ id: 'a' });
      await t.throwsAsync(pass('a', diesAt(point)), { message: `died ${point}` });
      await pass('a');
      await pass('a');
      t.is(plane.resources.get('a')?.status.health, 'Healthy', point);
      t.deepEqual([...world.values], [['a', 'default']], point);
      plane.requestDeletion('a');
      for (let passes = 0; passes < 2; passes += 1) await pass('a', diesAt(removalPoint)).catch(() => {});
      for (let passes = 0; passes < 2; passes += 1) await pass('a');
      t.false(plane.resources.has('a'), removalPoint);
      t.is(world.values.size, 0, removalPoint);
    }
  }
});
