import test, { type ExecutionContext } from 'ava';
import { createManualClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { createSeededRandom } from '../../lib/random.js';
import { createManager } from '../../sdk/runtime/manager.js';
import { converged } from '../../sdk/runtime/reconciler.js';
import { FakePlane, flush } from './fake-plane.js';

/** `count` settled things that were all looked at once, and a plane that tells of nothing any more. */
async function make(t: ExecutionContext, count: number) {
  const clock = createManualClock();
  const plane = new FakePlane(clock);
  const step = async (byMs: number) => {
    await flush();
    for (let left = byMs; left > 0; left -= 1_000) {
      clock.step(Math.min(left, 1_000));
      await flush();
    }
  };
  const passes: string[] = [];
  const reconcile = async (id: string) => {
    passes.push(id);
    return { ...converged, on: id === 'waiter' ? ['thing-1'] : [] };
  };
  const status = { ...plane.blankStatus(), isSettled: true };
  for (let index = 0; index < count; index += 1) plane.put({ id: `thing-${index}`, ownerId: 'owner', status });
  for (const id of ['owner', 'waiter']) plane.put({ id, status });
  const manager = createManager({
    client: plane.client(),
    clock,
    log: silentLog,
    random: createSeededRandom(1),
    reconcilers: [{ kind: 'Thing', wakesOwner: true, reconciler: { kind: 'Thing', reconcile } }],
    resyncMs: RESYNC_MS,
  });
  manager.start();
  t.teardown(async () => {
    const closed = manager.close();
    await step(20_000);
    await closed;
  });
  await step(5_000);
  t.is(new Set(passes).size, count + 2);
  passes.length = 0;
  plane.dropsWakes = true;
  return { plane, passes, resync: () => step(RESYNC_MS) };
}

test('of what is settled and did not change, a resync looks at a part, and at all in 24 rounds', async (t) => {
  const { passes, resync } = await make(t, 60);
  await resync();
  t.true(passes.length < 15, `${passes.length} passes`);
  for (let round = 0; round < 24; round += 1) await resync();
  t.is(new Set(passes).size, 62);
});

test('a resync looks at what changed without a word, at its owner, and at what waits for it', async (t) => {
  const { plane, passes, resync } = await make(t, 60);
  plane.edit('thing-1', { value: 'unheard of' });
  await resync();
  await resync();
  for (const id of ['thing-1', 'owner', 'waiter']) t.true(passes.includes(id), id);
});

test('a resync looks at the owner of what is gone without a word', async (t) => {
  const { plane, passes, resync } = await make(t, 60);
  plane.resources.delete('thing-1');
  await resync();
  await resync();
  t.false(passes.includes('thing-1'));
  for (const id of ['owner', 'waiter']) t.true(passes.includes(id), id);
});

const RESYNC_MS = 60_000;
