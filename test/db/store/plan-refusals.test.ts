import anyTest, { type TestFn } from 'ava';
import type { Edit } from '../../../model/changeset.js';
import { configMap, makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { inProject } from '../../helpers/plan-project.js';
import { createTestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

test('what others keep, and what others set that is stated otherwise, is told and goes into the hash', async (t) => {
  const { plane } = t.context;
  const { base, put } = inProject('kept');
  const environment = (spec: NonNullable<Edit['spec']>) => put({ ...makeEdit.environment('dev'), spec });
  const by = (manager: string, spec: NonNullable<Edit['spec']>) => makeChangeset([environment(spec)], { manager });
  await plane.store.commit(makeChangeset(base), plane.operator);
  await plane.store.commit(by('file', { description: 'one' }), plane.operator);
  await plane.store.commit({ ...by('ci', { description: 'two' }), takeOver: true }, plane.operator);

  const again = await plane.store.plan(by('file', { description: 'one' }), plane.operator);
  t.like(again.steps[0], { action: 'none', fields: [] });
  t.like(again.steps[0]?.kept, [{ path: 'description', manager: 'ci', stated: 'one', actual: 'two' }]);
  const other = await plane.store.plan(by('file', { description: 'three' }), plane.operator);
  t.like(other.refusals, [{ code: 'CONFLICT', resource: 'Environment dev' }]);
  t.like(other.refusals[0]?.conflicts, [{ path: 'description', manager: 'ci', stated: 'three', actual: 'two' }]);
  t.not(again.hash, other.hash);
});

test('each edit that a guardrail forbids is told with the rule, its owner and what is allowed, and the rest is planned', async (t) => {
  const { plane } = t.context;
  const { base, put } = inProject('verdicts');
  const edit = (kind: string, name: string, spec: NonNullable<Edit['spec']>, environment: string | null = null) =>
    put({ op: 'apply', kind, project: null, environment, name, spec });
  const definition = edit('DatabaseDefinition', 'small', {
    defaults: { engine: 'postgres' },
    guardrails: { maxima: [{ path: 'storageGb', maximum: 100 }] },
  });
  await plane.store.commit(makeChangeset([...base, definition], { manager: 'ops' }), plane.operator);
  const database = (name: string, storageGb: number) =>
    edit('Database', name, { definition: 'small', storageGb }, 'dev');
  const changeset = makeChangeset([database('fine', 50), database('large', 500), database('huge', 5000)]);
  const plan = await plane.store.plan(changeset, plane.operator);
  t.deepEqual(
    plan.refusals.map(({ code, path, resource, verdict }) => ({ code, path: path.join('.'), resource, verdict })),
    [1, 2].map((index) => ({
      code: 'BAD_USER_INPUT',
      path: `edits.${index}.spec.storageGb`,
      resource: `Database ${index === 1 ? 'large' : 'huge'}`,
      verdict: {
        rule: 'maxima',
        owner: 'DatabaseDefinition small of project verdicts, set by ops',
        allowed: { maximum: 100 },
      },
    })),
  );
  t.true(plan.steps.some(({ kind, name, fields }) => kind === 'Database' && name === 'fine' && fields.length > 0));
  const error = await t.throwsAsync(plane.store.commit(changeset, plane.operator));
  t.is(error?.message, plan.refusals[0]?.message ?? '');
});

test('a field that cannot change is told as a replacement, which a commit refuses', async (t) => {
  const { plane } = t.context;
  const { base, app: shop, deploy } = inProject('replaced');
  const next = { ...shop(configMap('a')), name: 'next' };
  await plane.store.commit(makeChangeset([...base, next, shop(configMap('a')), deploy]), plane.operator);
  const moved = makeChangeset([{ ...deploy, spec: { app: 'next' } }], { takeOver: true });
  const plan = await plane.store.plan(moved, plane.operator);
  t.like(
    plan.steps.find(({ kind }) => kind === 'AppInstance'),
    { action: 'replace', why: 'app cannot be changed where it is.' },
  );
  t.like(plan.refusals, [{ code: 'BAD_USER_INPUT', path: ['edits', 0, 'spec', 'app'] }]);
  t.is(plan.refusals[0]?.resource, 'AppInstance shop');
  const error = await t.throwsAsync(plane.store.commit(moved, plane.operator));
  t.is(error?.message, plan.refusals[0]?.message ?? '');
});

test('a second default runtime is told before it is tried', async (t) => {
  const { plane } = t.context;
  const { base, put } = inProject('defaults');
  await plane.store.commit(makeChangeset(base), plane.operator);
  const second = put(makeEdit.runtime('second', { spec: { provider: 'sandbox', default: true } }));
  const plan = await plane.store.plan(makeChangeset([second]), plane.operator);
  t.like(plan.refusals, [{ code: 'CONFLICT', path: ['edits', 0, 'spec', 'default'] }]);
  t.regex(plan.refusals[0]?.message ?? '', /^KubernetesRuntime main of this project is the default already/);
  const yielding = put({ ...makeEdit.runtime('main'), spec: { provider: 'sandbox', default: false } });
  t.deepEqual((await plane.store.plan(makeChangeset([second, yielding]), plane.operator)).refusals, []);
  await t.notThrowsAsync(plane.store.commit(makeChangeset([second, yielding]), plane.operator));
});

test('a new referrer of what is deleted is told as what stands in the way, and the plan goes on', async (t) => {
  const { plane } = t.context;
  const { store, operator } = plane;
  const { base, put } = inProject('blocked');
  await store.commit(makeChangeset([...base, put(makeEdit.tier('old'))]), operator);
  const changeset = makeChangeset([makeEdit.delete(put(makeEdit.tier('old'))), put(makeEdit.environment('next'))]);
  const { hash, cursor } = await store.plan(changeset, operator);
  await store.commit(makeChangeset([put(makeEdit.environment('user', { spec: { tier: 'old' } }))]), operator);
  const plan = await store.plan(changeset, operator);
  t.like(plan.refusals, [{ code: 'BLOCKED' }]);
  t.deepEqual(plan.counts, { create: 1, update: 0, replace: 0, delete: 1, none: 0 });
  t.regex(plan.steps.find(({ action }) => action === 'delete')?.blockedBy.join() ?? '', /^Environment user \(/);
  await t.throwsAsync(store.commit({ ...changeset, plan: { hash, cursor } }, operator), {
    message: /cannot be deleted/,
  });
});
