import test, { type ExecutionContext } from 'ava';
import { createManualClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { createSeededRandom } from '../../lib/random.js';
import { createSdk } from '../../sdk/client.js';
import { createResourceClient } from '../../sdk/resource-client.js';
import { createManager, type ReconcilerEntry } from '../../sdk/runtime/manager.js';
import { converged, type Outcome, waiting } from '../../sdk/runtime/reconciler.js';
import { FakePlane, flush } from './fake-plane.js';
import type { ThingSpec } from './fake-world.js';

function make(t: ExecutionContext) {
  const clock = createManualClock();
  const plane = new FakePlane(clock);
  const step = async (byMs: number) => {
    await flush();
    clock.step(byMs);
    await flush();
  };
  const start = (entry: ReconcilerEntry) => {
    const shared = { clock, log: silentLog, random: createSeededRandom(1) };
    const manager = createManager({ client: plane.client(), ...shared, reconcilers: [entry] });
    manager.start();
    t.teardown(async () => {
      const closed = manager.close();
      await step(20_000);
      await closed;
    });
  };
  return { plane, step, start };
}

test('a change overtakes a whole list that is being worked through', async (t) => {
  const { plane, step, start } = make(t);
  const passes: string[] = [];
  const held: (() => void)[] = [];
  for (let index = 0; index < 100; index += 1) plane.put({ id: `thing-${index}` });
  const pass = (id: string) => {
    passes.push(id);
    return new Promise<Outcome>((resolve) => held.push(() => resolve(converged)));
  };
  start({ kind: 'Thing', concurrency: 1, reconciler: { kind: 'Thing', reconcile: pass } });
  await step(1_000);
  t.deepEqual(passes, ['thing-0']);
  plane.edit('thing-99', { value: 'new' });
  await step(100);
  held.shift()?.();
  await step(100);
  t.deepEqual(passes, ['thing-0', 'thing-99']);
  held.shift()?.();
  await step(100);
  t.is(passes.at(-1), 'thing-1');
  for (let turns = 0; turns < 100; turns += 1) {
    held.shift()?.();
    await step(10);
  }
});

test('a status that it reported itself wakes nobody but who waits for it; one that was changed by others does', async (t) => {
  const { plane, step, start } = make(t);
  const passes: string[] = [];
  plane.put({ id: 'a' });
  plane.put({ id: 'b' });
  const things = createResourceClient<ThingSpec>(createSdk(plane.client()), 'Thing');
  const report = { health: 'Progressing', conditions: [], observed: {} } as const;
  start({
    kind: 'Thing',
    reconciler: {
      kind: 'Thing',
      async reconcile(id, context) {
        passes.push(id);
        if (id === 'b') return { type: 'converged', on: ['a'] };
        const resource = await things.get(id, context);
        if (!resource) return converged;
        const { statusVersion } = await things.reportStatus(resource, { ...report, outputs: {} }, context);
        context.reported?.(statusVersion);
        return converged;
      },
    },
  });
  await step(2_000);
  t.is(passes.filter((id) => id === 'a').length, 1, passes.join());
  t.true(passes.filter((id) => id === 'b').length <= 2, passes.join());
  passes.length = 0;
  plane.wakeForStatus('a', 1_000);
  await step(1_000);
  t.true(passes.includes('a'));
});

test('who waits for the health of another one is woken when that changes, and by nothing else that it says', async (t) => {
  const { plane, step, start } = make(t);
  const passes: string[] = [];
  plane.put({ id: 'a' });
  plane.put({ id: 'b' });
  const reconcile = async (id: string): Promise<Outcome> => {
    passes.push(id);
    return id === 'b' ? waiting('a', { on: ['a'], untilHealth: true, retryAfterMs: 60_000 }) : converged;
  };
  start({ kind: 'Thing', reconciler: { kind: 'Thing', reconcile } });
  await step(2_000);
  passes.length = 0;
  plane.wakeForStatus('a', 1_000, 'Progressing');
  await step(100);
  t.deepEqual(passes, ['a']);
  plane.wakeForStatus('a', 1_001);
  await step(100);
  t.deepEqual(passes.sort(), ['a', 'a', 'b']);
});

test('what its parts say while they are no better and no worse is gathered for longer', async (t) => {
  const { plane, step, start } = make(t);
  const passes: string[] = [];
  const reconcile = async (id: string) => {
    passes.push(id);
    return converged;
  };
  plane.put({ id: 'whole' });
  plane.put({ id: 'part', kind: 'Part', ownerId: 'whole' });
  start({ kind: 'Thing', gatherMs: 100, alsoWatches: ['Part'], reconciler: { kind: 'Thing', reconcile } });
  await step(100);
  await step(100);
  passes.length = 0;
  plane.wakeForStatus('part', 1, 'Progressing');
  await step(200);
  t.deepEqual(passes, []);
  plane.wakeForStatus('part', 2);
  await step(100);
  await step(1_000);
  t.deepEqual(passes, ['whole']);
});

test('what its parts tell shortly after each other is one pass', async (t) => {
  const { plane, step, start } = make(t);
  const passes: string[] = [];
  const reconcile = async (id: string) => {
    passes.push(id);
    return converged;
  };
  plane.put({ id: 'whole' });
  start({ kind: 'Thing', gatherMs: 100, reconciler: { kind: 'Thing', reconcile } });
  await step(0);
  await step(100);
  t.deepEqual(passes, ['whole']);
  for (const value of ['x', 'y', 'z']) {
    plane.edit('whole', { value });
    await step(30);
  }
  t.deepEqual(passes, ['whole']);
  await step(10);
  t.deepEqual(passes, ['whole', 'whole']);
});
