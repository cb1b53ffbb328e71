import anyTest, { type TestFn } from 'ava';
import { parse, subscribe } from 'graphql';
import type { Feed } from '../../db/contract.js';
import type { Json, JsonObject } from '../../lib/canonical.js';
import { createManualClock } from '../../lib/clock.js';
import { createTestGraph, type TestGraph } from '../helpers/graph.js';
import { configMap, makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createTestPlane, type TestPlane } from '../helpers/plane.js';
import { createScriptedProbes, type ScriptedProbes, unavailable } from '../helpers/scripted-probes.js';

const test = anyTest as TestFn<{ plane: TestPlane; graph: TestGraph; id: string; appId: string }>;

test.before(async (t) => {
  const plane = await createTestPlane();
  const components = ['web', 'cart'].map((name) => ({ name, type: 'manifests', objects: [configMap(name)] }));
  const { edits } = await plane.store.commit(
    makeChangeset([
      makeEdit.runtime('sandbox', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.app('shop', { spec: { components } }),
      makeEdit.instance('shop', 'dev'),
    ]),
    plane.operator,
  );
  const idOf = (kind: string) => edits.find((edit) => edit.kind === kind)?.resourceId ?? '';
  t.context = { plane, graph: createTestGraph(plane), id: idOf('AppInstance'), appId: idOf('App') };
});
test.after.always((t) => t.context.plane?.drop());

const line = (pod: string, second: number | string, text: string) => ({
  pod,
  container: 'main',
  at: typeof second === 'string' ? second : `2026-01-01T00:00:0${second}Z`,
  text,
});

interface LogsAnswer {
  readonly logs: {
    readonly lines: readonly { component: string; at: string | null; text: string; pod: string }[];
    readonly unavailable: readonly string[];
  };
}

function read({ graph, id }: { graph: TestGraph; id: string }, probes: ScriptedProbes, args = '') {
  return graph.data<LogsAnswer>(`{ logs(id: "${id}"${args}) { lines { component pod at text } unavailable } }`, {
    probes,
  });
}

const componentOf = ({ resourceId }: { readonly resourceId: string }, first: string) =>
  resourceId === first ? 'first' : 'second';

test('lines of all components come in the order of their time, down to nanoseconds', async (t) => {
  let number = 0;
  const probes = createScriptedProbes(() =>
    number++ % 2 === 0
      ? [{ lines: [line('a', 1, 'one'), line('a', 4, 'four')] }, { lines: [line('b', 3, 'three')] }]
      : [
          {
            lines: [
              line('c', '2026-01-01T00:00:02.1Z', 'two'),
              line('c', '2026-01-01T00:00:02.123456789Z', 'two and more'),
              line('c', '2026-01-01T01:00:02.2+01:00', 'two and most'),
            ],
          },
        ],
  );
  const { logs } = await read(t.context, probes, ', timestamps: true');
  t.deepEqual(
    logs.lines.map(({ text }) => text),
    ['one', 'two', 'two and more', 'two and most', 'three', 'four'],
  );
  t.is(logs.lines[1]?.at, '2026-01-01T00:00:02.100Z');
  t.deepEqual([...new Set(logs.lines.map(({ component }) => component))].sort(), ['cart', 'web']);
  t.deepEqual(logs.unavailable, []);
});

test('the controllers of all components but the namespace are asked, with what was given', async (t) => {
  const probes = createScriptedProbes(() => []);
  await read(t.context, probes, ', pod: "web-1", container: "main", previous: true, tailLines: 7, sinceSeconds: 60');
  // The graph of tests runs each document in both ways.
  t.is(probes.asked.length, 4);
  for (const { kind, question, input, leaseKey } of probes.asked) {
    t.is(`${kind} ${question}`, 'Workload logs');
    t.regex(leaseKey ?? '', /^KubernetesRuntime\//);
    t.deepEqual(input, {
      pod: 'web-1',
      container: 'main',
      allContainers: false,
      previous: true,
      tailLines: 7,
      sinceSeconds: 60,
      timestamps: true,
      follow: false,
    });
  }
  const plain = createScriptedProbes(() => []);
  await read(t.context, plain);
  t.like(plain.asked[0]?.input, { tailLines: 100, allContainers: true, container: null, previous: false });
});

test('a component without an answer is named with the reason, and the rest is there', async (t) => {
  const { graph, plane } = t.context;
  const rows = await plane.rows<{ id: string }>(`select id from resource where kind = 'Workload' and name = 'cart'`);
  const probes = createScriptedProbes((question) =>
    componentOf(question, rows[0]?.id ?? '') === 'first'
      ? unavailable('The controller did not answer within 10 s.')
      : [{ lines: [line('a', 1, 'hello')] }],
  );
  const { logs } = await read({ graph, id: t.context.id }, probes);
  t.deepEqual(logs, {
    lines: [{ component: 'web', pod: 'a', at: null, text: 'hello' }],
    unavailable: ['cart: The controller did not answer within 10 s.'],
  });
});

test('what every component says is said once', async (t) => {
  const down = createScriptedProbes(() => unavailable('The cluster sandbox does not answer.'));
  t.deepEqual((await read(t.context, down)).logs.unavailable, [
    'Every component: The cluster sandbox does not answer.',
  ]);
  const empty = createScriptedProbes(() => [{ lines: [], unavailable: ['It has no pods.'] }]);
  t.deepEqual((await read(t.context, empty)).logs.unavailable, ['Every component: It has no pods.']);
  t.deepEqual((await read(t.context, empty, ', component: "web"')).logs.unavailable, ['web: It has no pods.']);
});

const lacking = (what: 'pod' | 'container', name: string, ...known: string[]): Json => ({
  lines: [],
  unavailable: [],
  absent: { what, name, known },
});

test('a pod or a container that no component has is not found, in one sentence with those that there are', async (t) => {
  const { graph, id } = t.context;
  const ask = async (args: string, chunks: readonly [Json, Json]) => {
    let number = 0;
    const probes = createScriptedProbes(() => [chunks[number++ % 2 === 0 ? 0 : 1]]);
    const { errors } = await graph.run(`{ logs(id: "${id}", ${args}) { unavailable } }`, { probes });
    return { code: Object(errors[0]?.original).code, message: errors[0]?.message };
  };
  t.deepEqual(await ask('pod: "c"', [lacking('pod', 'c', 'b'), lacking('pod', 'c', 'a')]), {
    code: 'NOT_FOUND',
    message: 'There is no pod c. There is a, b.',
  });
  t.deepEqual(
    await ask('pod: "a", container: "x"', [lacking('pod', 'a', 'b'), lacking('container', 'x', 'main', 'log')]),
    { code: 'NOT_FOUND', message: 'No pod has a container x. There is log, main.' },
  );
  t.deepEqual(await ask('container: "x"', [lacking('container', 'x'), lacking('container', 'x')]), {
    code: 'NOT_FOUND',
    message: 'No pod has a container x. There is no container at all.',
  });
});

test('a pod that one component has is not missed by the others', async (t) => {
  let number = 0;
  const probes = createScriptedProbes(() =>
    number++ % 2 === 0 ? [lacking('pod', 'a', 'b')] : [{ lines: [line('a', 1, 'hello')] }],
  );
  const { logs } = await read(t.context, probes, ', pod: "a"');
  t.deepEqual(logs.unavailable, []);
  t.is(logs.lines.length, 1);
});

test('a pod that nobody has who could be asked is named beside those who could not', async (t) => {
  let number = 0;
  const probes = createScriptedProbes(() =>
    number++ % 2 === 0 ? [lacking('pod', 'a', 'b')] : unavailable('It does not answer.'),
  );
  const { logs } = await read(t.context, probes, ', pod: "a"');
  t.regex(logs.unavailable.join('\n'), /^(web|cart): It does not answer\.\nThere is no pod a\. There is b\.$/);
});

test('one component, and a workload by its own id, are asked alone', async (t) => {
  const { graph, plane, id } = t.context;
  const probes = createScriptedProbes(() => [{ lines: [line('a', 1, 'hello')] }]);
  const { logs } = await read({ graph, id }, probes, ', component: "web"');
  t.deepEqual(
    logs.lines.map(({ component }) => component),
    ['web'],
  );
  const rows = await plane.rows<{ id: string }>(`select id from resource where kind = 'Workload' and name = 'cart'`);
  const own = await read({ graph, id: rows[0]?.id ?? '' }, probes);
  t.deepEqual(
    own.logs.lines.map(({ component }) => component),
    ['cart'],
  );
});

for (const { title, args, code, message } of [
  {
    title: 'a component that is not there',
    args: ', component: "wbe"',
    code: 'NOT_FOUND',
    message: /Did you mean "web"/,
  },
  { title: 'more than 5,000 lines', args: ', tailLines: 5001', code: 'LIMIT_EXCEEDED', message: /at most 5000/ },
  { title: 'less than no lines', args: ', tailLines: -1', code: 'BAD_USER_INPUT', message: /tailLines/ },
  { title: 'the last 0 seconds', args: ', sinceSeconds: 0', code: 'BAD_USER_INPUT', message: /sinceSeconds/ },
]) {
  test(`${title} is refused in words`, async (t) => {
    const { graph, id } = t.context;
    const { errors } = await graph.run(`{ logs(id: "${id}"${args}) { unavailable } }`);
    t.is(Object(errors[0]?.original).code, code);
    t.regex(errors[0]?.message ?? '', message);
  });
}

test('an app has no logs, and says what has', async (t) => {
  const { graph, appId } = t.context;
  const { errors } = await graph.run(`{ logs(id: "${appId}") { unavailable } }`);
  t.is(Object(errors[0]?.original).code, 'BAD_USER_INPUT');
  t.regex(errors[0]?.message ?? '', /App shop has no objects in a cluster to ask about/);
});

test('an answer is bounded: the oldest lines are left out, and that is said', async (t) => {
  const { graph, id } = t.context;
  const probes = createScriptedProbes(async function* () {
    for (let minute = 0; minute < 60; minute++) {
      const lines = Array.from({ length: 1_000 }, (_, number) => ({
        pod: 'a',
        container: 'main',
        at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00.${String(number).padStart(3, '0')}Z`,
        text: `${minute}/${number}`,
      }));
      yield { lines };
    }
  });
  const { logs } = await read({ graph, id }, probes, ', component: "web"');
  t.is(logs.lines.length, 20_000);
  t.is(logs.lines.at(-1)?.text, '59/999');
  t.is(logs.lines[0]?.text, '40/0');
  t.regex(logs.unavailable[0] ?? '', /Older lines are left out/);
});

test('an answer that is none is said to be so', async (t) => {
  const probes = createScriptedProbes((): readonly Json[] => [{ lines: [{ pod: 1 }] }]);
  const { logs } = await read(t.context, probes, ', component: "web"');
  t.regex(logs.unavailable[0] ?? '', /web: The controller gave an answer that this server does not understand/);
});

/** A subscription as the server opens it, on a clock that the test steps. */
async function follow(
  { graph, plane, id }: { graph: TestGraph; plane: TestPlane; id: string },
  probes: ScriptedProbes,
  args = '',
) {
  const clock = createManualClock();
  // Counted here and not by the feed's own numbers: the tests of this file share the feed, and run at the same time.
  const attached = new Set<object>();
  const feed: Feed = {
    ...plane.feed,
    onCommit(listener) {
      const key = {};
      const detach = plane.feed.onCommit(listener);
      attached.add(key);
      return () => {
        attached.delete(key);
        detach();
      };
    },
  };
  const contextValue = { ...graph.context({ probes }), clock, feed };
  const document = parse(`subscription { logs(id: "${id}"${args}) { lines { component text } unavailable } }`);
  const answers = await subscribe({ schema: graph.schema, document, contextValue });
  if (!(Symbol.asyncIterator in answers)) throw answers.errors?.[0];
  const next = async () => (await answers.next()).value?.data?.logs as LogsAnswer['logs'] | undefined;
  return { clock, answers, next, listeners: () => attached.size };
}

const texts = (logs: LogsAnswer['logs'] | undefined) =>
  logs?.lines.map(({ component, text }) => `${component} ${text}`);

test('a followed log merges all components as they come, and ends when the last one ends', async (t) => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let number = 0;
  const probes = createScriptedProbes(async function* () {
    const mine = number++;
    yield { lines: [line('a', 1, 'first')] };
    await gates[mine]?.promise;
    yield { lines: [line('a', 2, 'second')] };
  });
  const { next } = await follow(t.context, probes);
  t.deepEqual([await next(), await next()].flatMap(texts).sort(), ['cart first', 'web first']);
  gates[1]?.resolve();
  t.deepEqual(texts(await next()), ['web second']);
  gates[0]?.resolve();
  t.deepEqual(texts(await next()), ['cart second']);
  t.is(await next(), undefined);
  t.true(probes.asked.every(({ isFollowing, input }) => isFollowing && (input as JsonObject).follow === true));
});

test('a followed log tells of a controller that went away, asks again, and gives no line twice', async (t) => {
  let number = 0;
  const probes = createScriptedProbes(async function* () {
    number += 1;
    if (number === 1) {
      yield { lines: [line('a', 1, 'one'), line('a', 2, 'two')] };
      unavailable('The controller that was asked went away.');
    }
    if (number === 2) unavailable('No controller works on it at the moment.');
    yield { lines: [line('a', 1, 'one'), line('a', 2, 'two'), line('b', 1, 'of another pod'), line('a', 3, 'three')] };
  });
  const { next, clock } = await follow(t.context, probes, ', component: "web"');
  t.deepEqual(texts(await next()), ['web one', 'web two']);
  t.deepEqual((await next())?.unavailable, ['web: The controller that was asked went away.']);
  const second = next();
  clock.step(1_000);
  await new Promise(setImmediate);
  const stepping = untilSettled(second, () => clock.step(1_000));
  t.deepEqual((await stepping)?.unavailable, ['web: No controller works on it at the moment.']);
  t.deepEqual(texts(await untilSettled(next(), () => clock.step(1_000))), ['web of another pod', 'web three']);
  t.is(await next(), undefined);
  const [first, , third] = probes.asked.map(({ input }) => input as JsonObject);
  t.like(first, { tailLines: 100, sinceSeconds: null });
  t.is(third?.tailLines, null);
  t.true(Number(third?.sinceSeconds) >= 5);
});

test('a followed log takes in components that a later release brings', async (t) => {
  const { plane } = t.context;
  const components = (names: readonly string[]) => ({
    components: names.map((name) => ({ name, type: 'manifests', objects: [configMap(name)] })),
  });
  const app = makeEdit.app('grows', { spec: components(['one']) });
  const { edits } = await plane.store.commit(makeChangeset([app, makeEdit.instance('grows', 'dev')]), plane.operator);
  const id = edits.find(({ kind }) => kind === 'AppInstance')?.resourceId ?? '';
  const probes = createScriptedProbes(async function* () {
    yield { lines: [line('a', 1, 'hello')] };
    await new Promise(() => {});
  });
  const all = await follow({ ...t.context, id }, probes);
  const one = await follow({ ...t.context, id }, probes, ', component: "one"');
  t.deepEqual(texts(await all.next()), ['one hello']);
  t.deepEqual(texts(await one.next()), ['one hello']);
  const [more, noMore] = [all.next(), one.next()];
  await plane.store.commit(
    makeChangeset([
      { ...app, op: 'update', spec: components(['one', 'two']) },
      makeEdit.instance('grows', 'dev', { op: 'deploy' }),
    ]),
    plane.operator,
  );
  t.deepEqual(texts(await more), ['two hello']);
  t.deepEqual([all.listeners(), one.listeners()], [1, 1]);
  await Promise.all([all.answers.return?.(), one.answers.return?.()]);
  t.deepEqual([all.listeners(), one.listeners()], [0, 0]);
  t.is(await noMore, undefined);
  t.is(probes.asked.length, 3, 'whoever chose a component follows that alone');
});

test('a followed log tells once that no component has the pod, and shows it when it comes', async (t) => {
  const comes = Promise.withResolvers<void>();
  let number = 0;
  const probes = createScriptedProbes(async function* () {
    const isFirst = number++ === 0;
    yield lacking('pod', 'c', isFirst ? 'a' : 'b');
    await comes.promise;
    if (isFirst) yield { lines: [line('c', 1, 'here I am')] };
  });
  const { next } = await follow(t.context, probes, ', pod: "c"');
  t.deepEqual(await next(), { lines: [], unavailable: ['There is no pod c. There is a, b.'] });
  comes.resolve();
  t.regex(String(texts(await next())), /^(web|cart) here I am$/);
  t.is(await next(), undefined);
});

test('a followed log ends when its workload is gone', async (t) => {
  const { plane } = t.context;
  const { edits } = await plane.store.commit(
    makeChangeset([makeEdit.app('short'), makeEdit.instance('short', 'dev')]),
    plane.operator,
  );
  const id = edits.find(({ kind }) => kind === 'AppInstance')?.resourceId ?? '';
  const probes = createScriptedProbes(() => unavailable('It does not exist any more.'));
  const { next, clock } = await follow({ ...t.context, id }, probes);
  t.deepEqual((await next())?.unavailable, ['web: It does not exist any more.']);
  await plane.rows('delete from reference where from_id in (select id from resource where owner_id = $1)', [id]);
  await plane.rows('delete from resource_status where resource_id in (select id from resource where owner_id = $1)', [
    id,
  ]);
  await plane.rows('delete from resource where owner_id = $1', [id]);
  t.is(await untilSettled(next(), () => clock.step(1_000)), undefined);
});

test('who stops following leaves nothing behind, although nobody writes a line', async (t) => {
  let left = 0;
  const waits = (): AsyncIterable<Json> => ({
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      async return() {
        left += 1;
        return { value: undefined, done: true };
      },
    }),
  });
  const probes = { ...createScriptedProbes(() => []), ask: () => waits()[Symbol.asyncIterator]() as never };
  const { answers } = await follow(t.context, probes);
  const pending = answers.next();
  await new Promise(setImmediate);
  await answers.return?.();
  t.true((await pending).done);
  t.is(left, 2);
});

test('what a previous container wrote is not followed', async (t) => {
  const error = await t.throwsAsync(
    follow(
      t.context,
      createScriptedProbes(() => []),
      ', previous: true',
    ),
  );
  t.regex(error?.message ?? '', /cannot be followed/);
});

/** Steps until there is an answer. */
async function untilSettled<Value>(promise: Promise<Value>, step: () => void): Promise<Value> {
  let isSettled = false;
  const settled = promise.finally(() => {
    isSettled = true;
  });
  while (!isSettled) {
    step();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return settled;
}
