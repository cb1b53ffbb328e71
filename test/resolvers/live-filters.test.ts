import anyTest, { type TestFn } from 'ava';
import { isInputObjectType } from 'graphql';
import type { ReadSetRecorder } from '../../db/read/read-set.js';
import { createManualClock } from '../../lib/clock.js';
import { createLiveReads } from '../../resolvers/live-reads.js';
import { delivered } from '../helpers/delivered.js';
import { filterCases } from './filter-cases.js';
import { type FilterWorld, openFilterWorld } from './filter-world.js';

const test = anyTest as TestFn<FilterWorld>;

test.before(async (t) => {
  t.context = await openFilterWorld();
});
test.after.always((t) => t.context.plane?.drop());

for (const { of, read, steps } of filterCases) {
  const query = typeof read === 'string' ? read : of.join(', ');
  test.serial(`a live read runs for what it looks at before or after, and for nothing else: ${query}`, async (t) => {
    const { graph, plane } = t.context;
    const clock = createManualClock();
    const live = createLiveReads<string, string>({
      feed: plane.feed,
      clock,
      digest: (answer) => answer,
      isFailed: () => false,
      tell: (answer) => answer,
    });
    t.teardown(() => live.close());
    const document = typeof read === 'string' ? read : read(t.context);
    let running: Promise<string> | null = null;
    const readOnce = (readSet: ReadSetRecorder) => {
      running = graph.data(document, { readSet }).then((data) => JSON.stringify(data));
      return running;
    };
    let told = '';
    const take = (answer: string) => {
      told = answer;
      return true;
    };
    live.attach({ key: 'one', readOnce }, { take });
    /** All that is due has run, and nothing goes on. */
    const settled = async () => {
      for (let runs = -1; runs !== live.stats().runs; ) {
        runs = live.stats().runs;
        clock.step(60_000);
        await Promise.resolve();
        await running;
        await new Promise(setImmediate);
      }
    };
    await settled();
    for (const [does, what, change] of steps) {
      const runsBefore = live.stats().runs;
      await change(t.context);
      await delivered(plane);
      await settled();
      t.is(live.stats().runs > runsBefore ? 'runs' : 'rests', does, what);
      t.is(told, JSON.stringify(await graph.data(document)), `${what}: what was told is what is there`);
    }
  });
}

test('every field of every filter has a case', (t) => {
  const { schema } = t.context.graph;
  const covered = new Set(filterCases.flatMap(({ of }) => of));
  const fields = ['ResourceFilter', 'ObjectFilter', 'EventFilter', 'RevisionFilter'].flatMap((name) => {
    const type = schema.getType(name);
    return isInputObjectType(type) ? Object.keys(type.getFields()).map((field) => `${name}.${field}`) : [name];
  });
  t.deepEqual([...covered].filter((name) => !name.endsWith('.spec')).toSorted(), fields.toSorted());
});
