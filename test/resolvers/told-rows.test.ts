import anyTest, { type TestFn } from 'ava';
import type { Revision } from '../../db/contract.js';
import type { ReadSetRecorder } from '../../db/read/read-set.js';
import { systemClock } from '../../lib/clock.js';
import { createLiveReads } from '../../resolvers/live-reads.js';
import { createReadSet } from '../../resolvers/read-set.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { makeRevision } from '../helpers/make-revision.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph; id: string }>;

test.beforeEach(async (t) => {
  const plane = await createTestPlane();
  const { edits } = await plane.store.commit(makeChangeset([makeEdit.tier('told')]), plane.operator);
  t.context = { plane, graph: createTestGraph(plane), id: edits[0]?.resourceId ?? '' };
});
test.afterEach.always((t) => t.context.plane?.drop());

for (const { fields, statements } of [
  { fields: 'name version generation labels document', statements: 0 },
  { fields: 'name version status { health }', statements: 2 },
]) {
  test(`a change of a resource is taken from the log where that tells it all: ${fields}`, async (t) => {
    const { plane, graph, id } = t.context;
    const document = `{ node(id: "${id}") { ... on Tier { ${fields} } } }`;
    const live = createLiveReads<string, string>({
      feed: plane.feed,
      clock: systemClock,
      digest: (answer) => answer,
      isFailed: () => false,
      tell: (answer) => answer,
    });
    t.teardown(() => live.close());
    const answers: string[] = [];
    let tell = () => {};
    const readOnce = async (readSet: ReadSetRecorder) => JSON.stringify(await graph.data(document, { readSet }));
    const attach = (name: string) =>
      new Promise<void>((resolve) => {
        tell = resolve;
        live.attach(
          { key: name, readOnce },
          {
            take(answer) {
              answers.push(answer);
              tell();
              return true;
            },
          },
        );
      });
    await attach('one');
    const sent = await graph.statementsOf(async () => {
      const told = new Promise<void>((resolve) => {
        tell = resolve;
      });
      const edit = makeEdit.tier('told', { op: 'update', labels: { a: 'b' }, spec: { order: 2 } });
      await plane.store.commit(makeChangeset([edit]), plane.operator);
      await told;
    });
    // The graph of tests runs each document twice, interpreted and compiled.
    t.is(sent.length, statements);
    t.is(answers.at(-1), JSON.stringify(await graph.data(document)));
    const joined = await graph.statementsOf(() => attach('other'));
    t.true(joined.length > 0, 'who joins is answered from the tables');
  });
}

test('what was read of a resource is never followed by something older that the log tells later', (t) => {
  const revision = (version: number): Revision => ({
    ...makeRevision({ resourceId: 'a', version }),
    seq: 1n,
    ordinal: 0,
    at: '',
  });
  const before = createReadSet();
  before.ids(['a', 'b']);
  before.saw('a', 6);
  const told = (version: number) =>
    createReadSet(new Map([['a', revision(version)]]), before).news('a')?.version ?? null;
  t.deepEqual([told(5), told(6), told(7)], [null, 6, 7]);
  const unseen = createReadSet(new Map([['b', revision(7)]]), before);
  t.is(unseen.news('b'), null, 'it was not read before');
  const ended = createReadSet(new Map([['a', revision(7)]]), before);
  ended.end();
  t.is(ended.news('a'), null);
});
