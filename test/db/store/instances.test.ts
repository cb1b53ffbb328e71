import anyTest, { type TestFn } from 'ava';
import type { JsonObject } from '../../../lib/canonical.js';
import { BadInputError, NotFoundError } from '../../../lib/errors.js';
import { namespaceOf } from '../../../model/expand/namespace.js';
import { configMap, makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

const appWith = (name: string, hello: string) =>
  makeEdit.app(name, {
    op: 'apply',
    spec: { components: [{ name: 'web', type: 'manifests', objects: [configMap('hello', { hello })] }] },
  });

const instanceOf = async ({ rows }: TestPlane, name: string) =>
  (
    await rows<{ id: string; spec: Record<string, unknown>; managers: Record<string, string>; generation: number }>(
      `select id, spec, managers, generation from resource where kind = 'AppInstance' and name = $1`,
      [name],
    )
  )[0];

test('release and runtime are filled in once, and nobody has to state them again', async (t) => {
  const plane = t.context.plane;
  const { store, operator } = plane;
  const instance = makeEdit.instance('filled', 'filled', { op: 'apply' });
  await store.commit(
    makeChangeset([
      makeEdit.project('p-filled'),
      makeEdit.runtime('main', { project: 'p-filled', spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('filled', { project: 'p-filled' }),
      { ...appWith('filled', 'one'), project: 'p-filled' },
      { ...instance, project: 'p-filled' },
    ]),
    operator,
  );
  await store.commit(makeChangeset([{ ...appWith('filled', 'two'), project: 'p-filled' }]), operator);
  const again = await store.commit(makeChangeset([{ ...instance, project: 'p-filled' }]), operator);
  t.is(again.edits[0]?.result, 'unchanged');
  const update = makeEdit.instance('filled', 'filled', { op: 'update', project: 'p-filled' });
  t.is((await store.commit(makeChangeset([update]), operator)).edits[0]?.result, 'unchanged');
  const stored = await instanceOf(plane, 'filled');
  t.deepEqual(stored?.spec, { app: 'filled', release: 1, runtime: 'main' });
  t.deepEqual(stored?.managers, { app: 'test', release: 'layer:release/1', runtime: 'layer:project' });
});

test('a deploy that leaves the runtime out stays on the one that an earlier deploy named', async (t) => {
  const plane = t.context.plane;
  const { store, operator } = plane;
  const deploy = (runtime?: string) =>
    store.commit(
      makeChangeset([
        makeEdit.instance('stays', 'stays', { op: 'deploy', spec: { app: 'stays', ...(runtime && { runtime }) } }),
      ]),
      operator,
    );
  await store.commit(
    makeChangeset([
      makeEdit.runtime('stays-usual'),
      makeEdit.runtime('stays-other'),
      makeEdit.environment('stays', { spec: { runtime: 'stays-usual' } }),
      appWith('stays', 'one'),
    ]),
    operator,
  );
  await deploy('stays-other');
  await store.commit(makeChangeset([appWith('stays', 'two')]), operator);
  await deploy();
  const instance = await instanceOf(plane, 'stays');
  t.deepEqual(instance?.spec, { app: 'stays', release: 2, runtime: 'stays-other' });
  await deploy('stays-usual');
  t.is((await instanceOf(plane, 'stays'))?.spec.runtime, 'stays-usual');
});

test('a deploy keeps the parameters that an earlier one gave, and an apply of the instance takes them away', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const commit = (op: 'deploy' | 'apply', parameters?: JsonObject) =>
    store.commit(
      makeChangeset([
        makeEdit.instance('given', 'given', { op, spec: { app: 'given', ...(parameters && { parameters }) } }),
      ]),
      operator,
    );
  const parameters = async () =>
    (
      await rows<{ given: unknown }>(
        `select spec -> 'parameters' as given from resource where kind = 'AppInstance' and name = 'given'`,
      )
    )[0]?.given;
  const declared = ['size', 'mode'].map((name) => ({ name, type: 'string' }));
  await store.commit(
    makeChangeset([
      makeEdit.runtime('given'),
      makeEdit.environment('given', { spec: { runtime: 'given' } }),
      makeEdit.app('given', { spec: { ...makeEdit.app('given').spec, parameters: declared } }),
    ]),
    operator,
  );
  await commit('deploy', { size: 'large' });
  await commit('deploy');
  await commit('deploy', { mode: 'calm' });
  t.deepEqual(await parameters(), { size: 'large', mode: 'calm' });
  await commit('apply', { mode: 'calm' });
  t.deepEqual(await parameters(), { mode: 'calm' });
});

test('deploy moves to the newest release, or to the one that is stated, also back', async (t) => {
  const plane = t.context.plane;
  const { store, operator, rows } = plane;
  const deploy = (release?: number) =>
    store.commit(
      makeChangeset([
        makeEdit.instance('moved', 'moved', { op: 'deploy', spec: { app: 'moved', ...(release ? { release } : {}) } }),
      ]),
      operator,
    );
  await store.commit(
    makeChangeset([
      makeEdit.runtime('moved'),
      makeEdit.environment('moved', { spec: { runtime: 'moved' } }),
      appWith('moved', 'one'),
    ]),
    operator,
  );
  await deploy();
  await store.commit(makeChangeset([appWith('moved', 'two')]), operator);
  await store.commit(makeChangeset([appWith('moved', 'three')]), operator);
  await deploy();
  t.is((await deploy()).edits[0]?.result, 'unchanged');
  await deploy(1);
  const instance = await instanceOf(plane, 'moved');
  t.is(instance?.spec.release, 1);
  const deployments = await rows<{ release: number; resolved: { children: { digest: string }[] } }>(
    'select release, resolved from app_deployment where instance_id = $1 order by number',
    [instance?.id ?? ''],
  );
  t.deepEqual(
    deployments.map((deployment) => deployment.release),
    [1, 3, 1],
  );
  t.deepEqual(deployments[0]?.resolved, deployments[2]?.resolved);
  t.notDeepEqual(deployments[0]?.resolved, deployments[1]?.resolved);
  t.deepEqual(
    await rows(
      `select spec #>> '{objects,0,data,hello}' as hello, generation from resource where owner_id = $1 and name = 'web'`,
      [instance?.id ?? ''],
    ),
    [{ hello: 'one', generation: 3 }],
  );
});

test('the namespace is the same after any change and any retry', async (t) => {
  const plane = t.context.plane;
  const { store, operator, rows } = plane;
  await store.commit(
    makeChangeset([
      makeEdit.runtime('steady'),
      makeEdit.environment('steady', { spec: { runtime: 'steady' } }),
      appWith('steady', 'one'),
      makeEdit.instance('steady', 'steady'),
    ]),
    operator,
  );
  await store.commit(
    makeChangeset([appWith('steady', 'two'), makeEdit.instance('steady', 'steady', { op: 'deploy' })]),
    operator,
  );
  const instance = await instanceOf(plane, 'steady');
  const namespace = namespaceOf({ id: instance?.id ?? '', name: 'steady' });
  t.deepEqual(
    await rows(`select distinct spec ->> 'namespace' as namespace from resource where owner_id = $1`, [
      instance?.id ?? '',
    ]),
    [{ namespace }],
  );
});

test('without any runtime, release or app to take, it is refused in words', async (t) => {
  const { store, operator, rows } = t.context.plane;
  const project = 'p-empty';
  await store.commit(makeChangeset([makeEdit.project(project), makeEdit.environment('bare', { project })]), operator);
  const deploy = (given: object = {}) =>
    store.commit(makeChangeset([makeEdit.instance('bare', 'bare', { project, ...given })]), operator);
  await t.throwsAsync(deploy(), { instanceOf: NotFoundError, message: /no App called bare/ });
  await store.commit(makeChangeset([{ ...appWith('bare', 'one'), project }]), operator);
  const error = await t.throwsAsync(deploy(), { instanceOf: BadInputError, message: /no runtime here yet/ });
  t.is(error.details.next, 'portolan runtime add');
  await store.commit(makeChangeset([makeEdit.runtime('any', { project })]), operator);
  await t.throwsAsync(deploy(), { instanceOf: BadInputError, message: /Runtimes here: any/ });
  await t.throwsAsync(deploy({ spec: { app: 'bare', runtime: 'any', release: 7 } }), {
    instanceOf: NotFoundError,
    message: /has no release 7/,
  });
  t.deepEqual(await rows(`select from resource where kind = 'AppInstance' and name = 'bare'`), []);
});
