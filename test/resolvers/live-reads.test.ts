import test from 'ava';
import type { Commit } from '../../db/contract.js';
import { createManualClock, type ManualClock } from '../../lib/clock.js';
import { createLiveReads, type LiveReader, type LiveReads, type LiveSource } from '../../resolvers/live-reads.js';
import { makeRevision } from '../helpers/make-revision.js';

interface Rig {
  readonly live: LiveReads<string, string>;
  readonly clock: ManualClock;
  /** How often something was read. */
  runs(): number;
  listeners(): number;
  commit(id: string): void;
  /** What reads answer from now on. `failed...` stands for what cannot be read now. */
  answer: string;
  /** Lets reads wait until it is called again. */
  hold(): () => void;
  read(key: string, again?: number): LiveSource<string>;
}

function createRig(): Rig {
  const clock = createManualClock();
  const listeners = new Set<(commit: Commit) => void>();
  let runs = 0;
  let held: Promise<void> = Promise.resolve();
  const rig: Rig = {
    clock,
    answer: 'first',
    live: createLiveReads<string, string>({
      feed: {
        onCommit(listener) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
      clock,
      digest: (answer) => answer,
      isFailed: (answer) => answer.startsWith('failed'),
      tell: (answer) => answer,
    }),
    runs: () => runs,
    listeners: () => listeners.size,
    commit(id) {
      const revision = { ...makeRevision({ resourceId: id }), seq: 1n, ordinal: 0, at: '' };
      for (const listener of listeners) listener({ cursor: '', revisions: [revision] });
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    read: (key, again) => ({
      key,
      async readOnce(recorder) {
        runs += 1;
        recorder.ids([key]);
        if (again !== undefined) recorder.again(again);
        const answer = rig.answer;
        await held;
        return answer;
      },
    }),
  };
  return rig;
}

/** Takes what it is told while it has room. */
function createReader(room = Number.POSITIVE_INFINITY): LiveReader<string> & { readonly told: string[]; room: number } {
  const reader = {
    told: [] as string[],
    room,
    take(answer: string) {
      if (reader.told.length >= reader.room) return false;
      reader.told.push(answer);
      return true;
    },
  };
  return reader;
}

/** All that is ready to run has run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('one run answers all readers of a key, and an answer that is as before is told to nobody', async (t) => {
  const rig = createRig();
  const readers = [createReader(), createReader()];
  for (const reader of readers) rig.live.attach(rig.read('a'), reader);
  await settle();
  t.is(rig.runs(), 1);
  rig.clock.step(25);
  rig.commit('a');
  await settle();
  t.is(rig.runs(), 2);
  rig.clock.step(25);
  rig.answer = 'second';
  rig.commit('unrelated');
  await settle();
  t.is(rig.runs(), 2);
  rig.commit('a');
  await settle();
  t.deepEqual(
    readers.map(({ told }) => told),
    [
      ['first', 'second'],
      ['first', 'second'],
    ],
  );
});

test('a burst of commits costs one run now and one after it', async (t) => {
  const rig = createRig();
  rig.live.attach(rig.read('a'), createReader());
  await settle();
  rig.clock.step(25);
  for (let commits = 0; commits < 50; commits++) {
    rig.commit('a');
    await settle();
  }
  t.is(rig.runs(), 2);
  rig.clock.step(25);
  await settle();
  t.is(rig.runs(), 3);
});

test('a run that takes long is followed by a rest that is as long', async (t) => {
  const rig = createRig();
  const release = rig.hold();
  rig.live.attach(rig.read('a'), createReader());
  await settle();
  rig.commit('a');
  rig.clock.step(400);
  release();
  await settle();
  t.is(rig.runs(), 1);
  rig.clock.step(399);
  await settle();
  t.is(rig.runs(), 1);
  rig.clock.step(1);
  await settle();
  t.is(rig.runs(), 2);
});

test('who joins while it runs is not told what was read before', async (t) => {
  const rig = createRig();
  const [early, late] = [createReader(), createReader()];
  const release = rig.hold();
  rig.live.attach(rig.read('a'), early);
  await settle();
  rig.answer = 'written before the second joined';
  rig.live.attach(rig.read('a'), late);
  release();
  await settle();
  t.deepEqual([early.told, late.told], [['first'], []]);
  rig.clock.step(25);
  await settle();
  t.deepEqual(late.told, ['written before the second joined']);
  t.deepEqual(early.told, ['first', 'written before the second joined']);
});

test('a commit that comes while it runs, and concerns what it then says it looked at, makes it run again', async (t) => {
  const rig = createRig();
  const reader = createReader();
  const release = rig.hold();
  rig.live.attach(rig.read('a'), reader);
  await settle();
  rig.commit('unrelated');
  rig.answer = 'second';
  rig.commit('a');
  release();
  await settle();
  rig.clock.step(25);
  await settle();
  t.deepEqual(reader.told, ['first', 'second']);
  rig.clock.step(1_000);
  await settle();
  t.is(rig.runs(), 2);
});

test('a reader that cannot take is told the newest when it can, and nothing runs while nobody can', async (t) => {
  const rig = createRig();
  const [slow, quick] = [createReader(1), createReader()];
  const behind = rig.live.attach(rig.read('a'), slow);
  const attached = rig.live.attach(rig.read('a'), quick);
  await settle();
  for (const answer of ['second', 'third']) {
    rig.answer = answer;
    rig.clock.step(25);
    rig.commit('a');
    await settle();
  }
  t.deepEqual(quick.told, ['first', 'second', 'third']);
  attached.detach();
  const before = rig.runs();
  rig.answer = 'fourth';
  rig.clock.step(25);
  rig.commit('a');
  await settle();
  t.is(rig.runs(), before);
  slow.room = 10;
  behind.resume();
  await settle();
  t.deepEqual(slow.told, ['first', 'third', 'fourth']);
});

test('what cannot be read after it could is tried again, while who joins is told so at once', async (t) => {
  const rig = createRig();
  const [early, late] = [createReader(), createReader()];
  rig.live.attach(rig.read('a'), early);
  await settle();
  rig.clock.step(25);
  rig.answer = 'failed: away';
  rig.commit('a');
  await settle();
  rig.live.attach(rig.read('a'), late);
  rig.clock.step(1_000);
  await settle();
  t.deepEqual([early.told, late.told], [['first'], ['failed: away']]);
  rig.answer = 'second';
  rig.clock.step(2_000);
  await settle();
  t.deepEqual(
    [early.told, late.told],
    [
      ['first', 'second'],
      ['failed: away', 'second'],
    ],
  );
});

test('what stays unreadable is told after five more tries', async (t) => {
  const rig = createRig();
  const reader = createReader();
  rig.live.attach(rig.read('a'), reader);
  await settle();
  rig.clock.step(25);
  rig.answer = 'failed: away';
  rig.commit('a');
  await settle();
  for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000]) {
    t.deepEqual(reader.told, ['first']);
    rig.clock.step(waitMs);
    await settle();
  }
  t.deepEqual(reader.told, ['first', 'failed: away']);
});

test('what is true for a time only is read again after it', async (t) => {
  const rig = createRig();
  const reader = createReader();
  rig.live.attach(rig.read('a', 5_000), reader);
  await settle();
  rig.answer = 'second';
  rig.clock.step(4_999);
  await settle();
  t.is(rig.runs(), 1);
  rig.clock.step(1);
  await settle();
  t.deepEqual(reader.told, ['first', 'second']);
});

test('the last reader takes everything with it, also while a run is in flight', async (t) => {
  const rig = createRig();
  const release = rig.hold();
  const aborted: boolean[] = [];
  const { readOnce } = rig.read('a');
  const source: LiveSource<string> = {
    key: 'a',
    readOnce(recorder, leaving) {
      leaving.signal.addEventListener('abort', () => aborted.push(true));
      return readOnce(recorder, leaving);
    },
  };
  const reader = createReader();
  const attachment = rig.live.attach(source, reader);
  await settle();
  t.deepEqual(rig.live.stats(), { reads: 1, readers: 1, runs: 1 });
  attachment.detach();
  attachment.detach();
  release();
  await settle();
  t.deepEqual([aborted, reader.told], [[true], []]);
  t.deepEqual(rig.live.stats(), { reads: 0, readers: 0, runs: 1 });
  t.is(rig.listeners(), 0);
});
