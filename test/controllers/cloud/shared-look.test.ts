import test, { type ExecutionContext } from 'ava';
import { createSharedLooks } from '../../../controllers/cloud/shared-looks.js';
import type { CloudResource, CloudState } from '../../../drivers/cloud/driver.js';
import { ThrottledError } from '../../../drivers/cloud/errors.js';
import { createInMemoryCloudDriver } from '../../../drivers/sandbox/cloud/driver.js';
import { fastDelays } from '../../../drivers/sandbox/delays.js';
import { createSandboxWorld } from '../../../drivers/sandbox/world.js';
import { createManualClock } from '../../../lib/clock.js';
import { silentLog } from '../../../lib/log.js';
import { createSeededRandom } from '../../../lib/random.js';
import { accountId } from './make-cloud.js';

test('one request asks for all that is under way, and each is woken once, when it is made', async (t) => {
  const rig = createLookRig(t);
  for (let index = 0; index < 20; index += 1) await rig.create(`stack-${index}`);
  await rig.pass(6_000);
  t.deepEqual(rig.wakes.toSorted(), Array.from({ length: 20 }, (_, index) => `stack-${index}`).toSorted());
  t.true(rig.lists.length < 40, `${rig.lists.length} lists`);
  t.is(rig.look.take('stack-3')?.state, 'available');
  t.is(rig.look.take('stack-3'), null, 'it is used once');
});

test('the longer something takes, the less often it is looked at', async (t) => {
  const rig = createLookRig(t);
  await rig.create('slow', { wasMade: false });
  await rig.pass(10_000);
  const early = rig.lists.length;
  await rig.pass(600_000);
  t.true(early > 15, `${early} in ten seconds`);
  t.true(rig.lists.length - early < 200, `${rig.lists.length - early} in ten minutes`);
});

test('what is settled wakes nobody until somebody else changes it or it is gone', async (t) => {
  const rig = createLookRig(t);
  const made = [await rig.make('one'), await rig.make('two')];
  for (const seen of made) rig.follow(seen, null);
  await rig.pass(60_000);
  t.deepEqual(rig.wakes, []);
  t.true(rig.lists.length < 10, 'together, and seldom');
  t.true(rig.look.isFollowed('one'));
  rig.edit('one');
  rig.remove('two');
  await rig.pass(20_000);
  t.deepEqual(rig.wakes.toSorted(), ['one', 'two']);
  t.false(rig.look.isFollowed('one'), 'a pass looks after it now');
  t.is(rig.look.take('two'), null, 'absence is not taken from a list');
});

test('what came before a pass followed anew is not told to it', async (t) => {
  const rig = createLookRig(t);
  const seen = await rig.make('one');
  rig.follow(seen, null);
  const answer = rig.hold();
  rig.edit('one');
  await rig.pass(20_000);
  rig.follow({ ...seen, message: 'seen by the pass' }, null);
  answer();
  await rig.pass(0);
  t.deepEqual(rig.wakes, []);
});

test('a look that fails wakes all that it was for, and nobody counts on it until it works again', async (t) => {
  const rig = createLookRig(t);
  rig.follow(await rig.make('one'), null);
  rig.fail(new Error('Nobody answers.'));
  await rig.pass(20_000);
  t.deepEqual(rig.wakes, ['one']);
  rig.follow(await rig.seen('one'), 'updating');
  t.false(rig.look.isFollowed('one'));
  rig.fail(null);
  await rig.pass(40_000);
  t.true(rig.look.isFollowed('one'));
});

test('a cloud that is asked too much is left alone as long as it says, and asked less from then on', async (t) => {
  const rig = createLookRig(t);
  await rig.create('slow', { wasMade: false });
  rig.fail(new ThrottledError('Too many.', 5_000));
  await rig.pass(1_000);
  const asked = rig.lists.length;
  await rig.pass(4_000);
  t.is(rig.lists.length, asked);
  t.deepEqual(rig.wakes, [], 'that says nothing of what is looked at');
  t.true(rig.look.isFollowed('slow'));
});

test('nothing is looked at without the lease', async (t) => {
  const rig = createLookRig(t);
  rig.follow(await rig.make('one'), null);
  rig.lease.abort();
  await rig.pass(60_000);
  t.is(rig.lists.length, 0);
  t.false(rig.look.isFollowed('one'));
});

function createLookRig(t: ExecutionContext) {
  const clock = createManualClock();
  const world = createSandboxWorld({ clock, random: createSeededRandom(1), delays: fastDelays });
  t.teardown(() => world.close());
  const driver = createInMemoryCloudDriver(world, { account: accountId, credentials: { type: 'ambient' } });
  const lists: (readonly string[])[] = [];
  const wakes: string[] = [];
  const lease = new AbortController();
  let failure: Error | null = null;
  let held: Promise<void> | null = null;
  const list: typeof driver.list = async (query, signal) => {
    lists.push(query.names ?? []);
    if (failure) throw failure;
    const found = await driver.list(query, signal);
    await held;
    return found;
  };
  const clouds = {
    get: async () => ({ ...driver, list }),
    refresh: async () => {},
    drop: async () => {},
    close: async () => {},
  };
  const wake = (id: string) => void wakes.push(id);
  const looks = createSharedLooks({ clouds, wake, clock, log: silentLog, random: createSeededRandom(2) });
  t.teardown(() => looks.close());
  const look = looks.at(accountId, 'sandbox', 'stack');
  const { signal } = new AbortController();
  const key = (name: string) => ({ type: 'stack', name }) as const;
  const call = { lease: { holder: 'me', epoch: 1 }, signal: lease.signal };
  const place = (name: string) => ({ ...key(name), account: accountId, region: 'sandbox' });
  const entry = (name: string) => {
    const found = world.cloud.store.get(place(name));
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  };
  const pass = async (forMs: number) => {
    for (let leftMs = forMs; leftMs >= 0; leftMs -= TICK_MS) {
      // What was answered is taken up before time goes on.
      for (let turn = 0; turn < 4; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
      if (leftMs > 0) clock.step(Math.min(TICK_MS, leftMs));
    }
  };
  const ask = (name: string) => {
    const wish = { properties: { module: 'echo', variables: {} }, tags: {}, token: name };
    return driver.create(key(name), wish, signal);
  };
  const seen = async (name: string): Promise<CloudResource> => {
    const found = await driver.describe(key(name), signal);
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  };
  return {
    lists,
    wakes,
    lease,
    look,
    pass,
    seen,
    /** Asked for, and followed until it is made; or never made. */
    async create(name: string, { wasMade = true } = {}) {
      if (wasMade) await ask(name);
      look.follow({ id: name, name, seen: null, awaits: 'creating', call });
    },
    async make(name: string) {
      await ask(name);
      await pass(1_000);
      return seen(name);
    },
    follow: (found: CloudResource, awaits: CloudState | null) =>
      look.follow({ id: found.name, name: found.name, seen: found, awaits, call }),
    edit: (name: string) => world.cloud.store.put({ ...entry(name), tags: { by: 'hand' } }),
    remove: (name: string) => world.cloud.store.remove(place(name)),
    fail(error: Error | null) {
      failure = error;
    },
    /** Answers wait until the returned function is called. */
    hold() {
      const gate = Promise.withResolvers<void>();
      held = gate.promise;
      return () => gate.resolve();
    },
  };
}

const TICK_MS = 100;
