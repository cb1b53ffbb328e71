import anyTest, { type TestFn } from 'ava';
import type { Json, JsonObject } from '../../lib/canonical.js';
import { configMap, makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { createScriptedProbes, unavailable } from '../helpers/scripted-probes.js';
import { follow, type LogsRig, lacking, line, texts, withLogsRig } from './logs-rig.js';

const test = anyTest as TestFn<LogsRig>;
withLogsRig(test);

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
