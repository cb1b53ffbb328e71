import test from 'ava';
import { createManualClock } from '../../lib/clock.js';
import { TerminalError } from '../../lib/errors.js';
import { silentLog } from '../../lib/log.js';
import { createSeededRandom } from '../../lib/random.js';
import { createSdk } from '../../sdk/client.js';
import { createResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import { createManager, type Manager, type ManagerOptions } from '../../sdk/runtime/manager.js';
import { converged, type Outcome, type Reconciler, waiting } from '../../sdk/runtime/reconciler.js';
import { FakePlane, flush, refersTo } from './fake-plane.js';
import { FakeWorld, type ThingSpec } from './fake-world.js';

function make() {
  const clock = createManualClock();
  const plane = new FakePlane(clock);
  const world = new FakeWorld();
  const managers: Manager[] = [];
  const step = async (byMs: number, inStepsOfMs = 500) => {
    await flush();
    for (let left = byMs; left > 0; left -= inStepsOfMs) {
      clock.step(Math.min(left, inStepsOfMs));
      await flush();
    }
  };
  const start = (options: Partial<ManagerOptions> = {}) => {
    const client = plane.client();
    const things = createResourceClient<ThingSpec>(createSdk(client), 'Thing');
    const manager = createManager({
      client,
      clock,
      log: silentLog,
      random: createSeededRandom(managers.length + 1),
      reconcilers: [{ kind: 'Thing', reconciler: createReconciler(world.provider, { client: things }) }],
      ...options,
    });
    managers.push(manager);
    manager.start();
    return manager;
  };
  return { clock, plane, world, step, start };
}

/** A reconciler that does what it is told. */
function scripted(kind: string, pass: (id: string) => Outcome | Promise<Outcome>): Reconciler {
  return { kind, reconcile: async (id) => pass(id) };
}

test('what is there at the start is brought to Healthy', async (t) => {
  const { plane, world, step, start } = make();
  plane.put({ id: 'a' });
  plane.put({ id: 'b', references: [refersTo('a')] });
  start();
  await step(10_000);
  t.deepEqual([...world.values.keys()].sort(), ['a', 'b']);
  for (const { status } of plane.resources.values()) t.is(status.health, 'Healthy');
});

test('a change is taken up at once, and a removed resource is forgotten', async (t) => {
  const { plane, world, step, start } = make();
  const manager = start();
  await step(1_000);
  plane.put({ id: 'a', document: { value: 'first' } });
  await step(5_000);
  plane.edit('a', { value: 'second' });
  await step(1_000);
  t.is(world.values.get('a'), 'second');
  plane.requestDeletion('a');
  await step(5_000);
  t.is(plane.resources.size, 0);
  t.is(manager.stats().known, 0);
  t.is(manager.stats().leases, 0, 'its lease is given back with it');
});

test('with every wake dropped, the slow resync still converges', async (t) => {
  const { plane, world, step, start } = make();
  const manager = start({ resyncMs: 60_000 });
  await step(1_000);
  plane.dropsWakes = true;
  plane.put({ id: 'a', document: { value: 'unheard of' } });
  await step(30_000);
  t.is(world.values.get('a'), undefined);
  await step(45_000);
  t.is(world.values.get('a'), 'unheard of');
  t.is(plane.resources.get('a')?.status.health, 'Healthy');
  t.true(manager.stats().resyncs >= 1);
});

test('after a reconnect everything is looked at again, and what was removed meanwhile is forgotten', async (t) => {
  const { plane, world, step, start } = make();
  plane.put({ id: 'gone' });
  const manager = start();
  await step(5_000);
  plane.dropsWakes = true;
  plane.resources.delete('gone');
  plane.put({ id: 'new' });
  plane.dropsWakes = false;
  plane.sync();
  await step(5_000);
  t.is(world.values.get('new'), 'default');
  t.is(manager.stats().known, 1);
});

test('a failed pass is tried again, tells the real error as an event and an attempt, and a success clears the attempt', async (t) => {
  const { plane, world, step, start } = make();
  plane.put({ id: 'a' });
  world.onApply = () => {
    throw new Error('no such image', { cause: new Error('registry says 404') });
  };
  start();
  await step(3_000);
  t.like(plane.attempts.get('a'), { lastError: 'no such image: registry says 404' });
  t.truthy(plane.attempts.get('a')?.nextRetryAt);
  t.like(plane.events[0], { resourceId: 'a', reason: 'ReconcileFailed', message: 'no such image: registry says 404' });
  world.onApply = () => {};
  await step(60_000);
  t.is(plane.resources.get('a')?.status.health, 'Healthy');
  t.false(plane.attempts.has('a'));
});

test('a resource that always fails is tried less and less often, though its own failures wake it', async (t) => {
  const { plane, world, step, start } = make();
  plane.put({ id: 'a' });
  world.onApply = () => {
    throw new Error('always');
  };
  const manager = start();
  await step(600_000);
  const { passes } = manager.stats();
  t.true(passes >= 10 && passes <= 25, `${passes} passes in ten minutes`);
});

test('an invalid spec is said to be Invalid and is not tried again until it changes', async (t) => {
  const { plane, world, step, start } = make();
  plane.put({ id: 'a', document: { value: 'bad' } });
  world.onApply = () => {
    if (plane.resources.get('a')?.generation === 1) throw new TerminalError('the value cannot be bad');
  };
  const manager = start();
  await step(120_000);
  t.true(manager.stats().passes <= 2, `${manager.stats().passes} passes`);
  const ready = plane.resources.get('a')?.status.conditions.find((it) => it.type === 'Ready');
  t.like(ready, { status: 'False', reason: 'Invalid', message: 'the value cannot be bad' });
  t.is(plane.attempts.get('a')?.nextRetryAt, null);
  plane.edit('a', { value: 'good' });
  await step(10_000);
  t.is(plane.resources.get('a')?.status.health, 'Healthy');
  t.is(world.values.get('a'), 'good');
  t.false(plane.attempts.has('a'));
});

test('a server that is away is waited for, and nothing is told of it as a failure of a resource', async (t) => {
  const { plane, world, step, start } = make();
  plane.put({ id: 'a' });
  plane.isAway = true;
  start();
  await step(60_000);
  t.deepEqual(world.writes, []);
  plane.isAway = false;
  await step(60_000);
  t.deepEqual(world.writes, ['a=default']);
  t.is(plane.resources.get('a')?.status.health, 'Healthy');
  t.deepEqual(plane.events, []);
});

test('of two processes one acts; when it dies the other takes over once the lease expired', async (t) => {
  const { plane, world, step, start } = make();
  plane.put({ id: 'a', document: { value: 'x' } });
  let isDead = false;
  const dead = () => (isDead ? new Promise<void>(() => {}) : undefined);
  const first = start({ failpoint: dead });
  await step(5_000);
  const second = start();
  await step(20_000);
  t.deepEqual(world.writes, ['a=x']);
  t.is(first.stats().leases, 1);
  t.is(second.stats().leases, 0);
  isDead = true;
  plane.leases.set('shard/1', { holder: 'nobody', epoch: 9, expiresMs: 0 });
  plane.edit('a', { value: 'y' });
  await step(30_000);
  t.is(world.values.get('a'), 'y');
  t.is(first.stats().leases + second.stats().leases, 1);
});

test('a pass whose lease is lost in the middle writes nothing any more', async (t) => {
  const { plane, world, clock, step, start } = make();
  plane.put({ id: 'a' });
  let release = () => {};
  world.onObserve = () => new Promise<void>((resolve) => (release = resolve));
  const manager = start();
  await step(1_000);
  plane.leases.set('shard/1', { holder: 'other', epoch: 5, expiresMs: clock.now() + 3_600_000 });
  await step(20_000);
  release();
  await step(60_000);
  t.deepEqual(world.writes, []);
  t.is(manager.stats().leasesLost, 1);
  t.is(manager.stats().failures, 0);
});

test('a resource that waits is woken by what it waits for, long before its retry', async (t) => {
  const { plane, step, start } = make();
  let isOpen = false;
  const passes: string[] = [];
  const reconciler = scripted('Thing', (id) => {
    passes.push(id);
    return id === 'a' && !isOpen ? waiting('the door', { on: ['door'], retryAfterMs: 3_600_000 }) : converged;
  });
  plane.put({ id: 'a' });
  start({ reconcilers: [{ kind: 'Thing', reconciler, alsoWatches: ['Door'] }] });
  await step(60_000);
  t.deepEqual(passes, ['a']);
  isOpen = true;
  plane.put({ id: 'door', kind: 'Door' });
  await step(1_000);
  t.deepEqual(passes, ['a', 'a']);
});

test('what is waited for may change while the pass is still running: the wake is not lost', async (t) => {
  const { plane, step, start } = make();
  let passes = 0;
  const reconciler = scripted('Thing', async () => {
    passes += 1;
    if (passes > 1) return converged;
    await flush();
    plane.put({ id: 'door', kind: 'Door' });
    await flush();
    return waiting('the door', { on: ['door'], retryAfterMs: 3_600_000 });
  });
  plane.put({ id: 'a' });
  start({ reconcilers: [{ kind: 'Thing', reconciler, alsoWatches: ['Door'] }] });
  await step(5_000, 1_000);
  t.is(passes, 2);
});

test('a change of an owned resource wakes its owner', async (t) => {
  const { plane, step, start } = make();
  const passes: string[] = [];
  const note = (kind: string) =>
    scripted(kind, (id) => {
      passes.push(id);
      return converged;
    });
  plane.put({ id: 'owner', kind: 'Group' });
  plane.put({ id: 'child', ownerId: 'owner' });
  start({
    reconcilers: [
      { kind: 'Group', reconciler: note('Group') },
      { kind: 'Thing', reconciler: note('Thing'), wakesOwner: true },
    ],
  });
  await step(5_000);
  passes.length = 0;
  plane.edit('child', {});
  await step(1_000);
  t.deepEqual(passes.sort(), ['child', 'owner']);
});

test('no more passes run at a time than allowed, and never two for one key', async (t) => {
  const { plane, step, start } = make();
  const running = new Set<string>();
  let most = 0;
  const reconciler = scripted('Thing', async (id) => {
    t.false(running.has(id));
    running.add(id);
    most = Math.max(most, running.size);
    await flush();
    running.delete(id);
    return converged;
  });
  for (let number = 0; number < 40; number += 1) plane.put({ id: `thing${number}` });
  const manager = start({ reconcilers: [{ kind: 'Thing', reconciler, concurrency: 3 }] });
  await step(20_000);
  for (let number = 0; number < 40; number += 1) plane.edit(`thing${number}`, {});
  await step(20_000);
  t.is(most, 3);
  t.true(manager.stats().passes >= 80);
});

test('what hangs under one lease holds its share of the passes, and what is under another goes on', async (t) => {
  const { plane, step, start } = make();
  const hanging = new Set<string>();
  const done = new Set<string>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const reconciler = scripted('Thing', async (id) => {
    if (id.startsWith('dead')) {
      hanging.add(id);
      await released;
      hanging.delete(id);
    }
    done.add(id);
    return converged;
  });
  for (let number = 0; number < 20; number += 1) plane.put({ id: `dead${number}`, leaseKey: 'KubernetesRuntime/dead' });
  for (let number = 0; number < 20; number += 1) plane.put({ id: `well${number}`, leaseKey: 'KubernetesRuntime/well' });
  start({ reconcilers: [{ kind: 'Thing', reconciler, concurrency: 8, perLease: 4 }] });
  await step(20_000);
  t.is(hanging.size, 4);
  t.is(done.size, 20, 'all of the other');
  release();
  await step(20_000);
  t.is(done.size, 40);
});

test('close lets passes in flight end, gives the leases back and leaves no watcher', async (t) => {
  const { plane, world, step, start } = make();
  plane.put({ id: 'a' });
  let release = () => {};
  world.onApply = () => new Promise<void>((resolve) => (release = resolve));
  const manager = start();
  await step(1_000);
  t.is(manager.stats().inFlight, 1);
  const closing = manager.close();
  plane.put({ id: 'late' });
  await step(1_000);
  release();
  await closing;
  t.deepEqual(world.writes, ['a=default']);
  t.true((plane.leases.get('shard/1')?.expiresMs ?? 1) === 0);
  t.is(plane.watchers, 0);
});

test('close aborts a pass that does not end', async (t) => {
  const { plane, step, start } = make();
  let signal: AbortSignal | null = null;
  const reconciler: Reconciler = {
    kind: 'Thing',
    reconcile: (_id, context) => {
      signal = context.signal;
      return new Promise(() => {});
    },
  };
  plane.put({ id: 'a' });
  const manager = start({ reconcilers: [{ kind: 'Thing', reconciler }] });
  await step(1_000);
  const closing = manager.close();
  await step(9_000);
  t.false((signal as AbortSignal | null)?.aborted);
  await step(4_000);
  await closing;
  t.true((signal as AbortSignal | null)?.aborted);
});
