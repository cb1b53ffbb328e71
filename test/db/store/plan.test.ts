import anyTest, { type TestFn } from 'ava';
import type { Changeset, Edit } from '../../../model/changeset.js';
import type { Plan } from '../../../model/plan.js';
import { everyColumn } from '../../helpers/every-column.js';
import { configMap, makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { dbSecret, inProject } from '../../helpers/plan-project.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

const shown = (plan: Plan) =>
  plan.steps.map(({ wave, action, kind, name }) => `${wave ?? '-'} ${action} ${kind} ${name}`);

async function planThenApply({ store, operator }: TestPlane, changeset: Changeset) {
  const plan = await store.plan(changeset, operator);
  const committed = await store.commit({ ...changeset, plan: { hash: plan.hash, cursor: plan.cursor } }, operator);
  return { plan, committed };
}

test('a plan tells each step with its wave: what is referred to or owned comes first', async (t) => {
  const { plane } = t.context;
  const { base, app: shop, deploy } = inProject('waves');
  const { plan } = await planThenApply(plane, makeChangeset([...base, shop(configMap('a')), deploy]));
  t.deepEqual(shown(plan), [
    '1 create Project waves',
    '2 create KubernetesRuntime main',
    '2 create Environment dev',
    '2 create App shop',
    '3 create Workload namespace',
    '4 create Workload web',
    '5 create AppInstance shop',
  ]);
  t.deepEqual(plan.counts, { create: 7, update: 0, replace: 0, delete: 0, none: 0 });
  t.deepEqual(plan.affectedApps, [{ resourceId: null, name: 'shop', project: 'waves', environment: 'dev', steps: 3 }]);
  t.like(plan.steps.at(-2), { project: 'waves', environment: 'dev', owner: 'AppInstance shop', resourceId: null });
});

test('what goes comes after all that depends on it', async (t) => {
  const { plane } = t.context;
  const { base, app: shop, deploy } = inProject('leaving');
  const edits = [...base, shop(configMap('a')), deploy];
  await planThenApply(plane, makeChangeset(edits));
  const { plan } = await planThenApply(plane, makeChangeset(edits.slice(1).map(makeEdit.delete)));
  t.deepEqual(shown(plan), [
    '1 delete Workload web',
    '2 delete Workload namespace',
    '3 delete AppInstance shop',
    '4 delete KubernetesRuntime main',
    '4 delete Environment dev',
    '4 delete App shop',
  ]);
});

test('a plan writes nothing: every table and every sequence is as before', async (t) => {
  const plane = await createTestPlane();
  t.teardown(() => plane.drop());
  const { base, app: shop, deploy, put } = inProject('dry');
  await planThenApply(plane, makeChangeset([...base, shop(dbSecret('one')), deploy]));
  const world = async () => [
    (await everyColumn(plane.database)).toSorted(),
    await plane.rows('select sequencename, last_value from pg_sequences order by 1'),
  ];
  const before = await world();
  for (const edits of [
    [shop(dbSecret('two'), configMap('more')), deploy],
    [put(makeEdit.app('other')), put(makeEdit.instance('other', 'dev'))],
    [makeEdit.delete(deploy)],
    [makeEdit.delete(base[1] as Edit)],
  ]) {
    const plan = await plane.store.plan(makeChangeset(edits), plane.operator);
    t.true(plan.steps.length > 0);
  }
  t.deepEqual(await world(), before);
});

test('after a plan was applied, planning the same again finds nothing to do', async (t) => {
  const { plane } = t.context;
  const { base, app: shop, deploy, put } = inProject('again');
  const other = [put(makeEdit.app('other')), put(makeEdit.instance('other', 'dev', { op: 'deploy' }))];
  const changesets: readonly (readonly Edit[])[] = [
    [...base, shop(dbSecret('one')), deploy],
    [shop(dbSecret('two'), configMap('b')), deploy],
    [...other, shop(dbSecret('two'))],
    [put({ ...makeEdit.environment('dev'), spec: { description: 'mine' } }), deploy],
  ];
  for (const edits of changesets) {
    const { plan } = await planThenApply(plane, makeChangeset(edits));
    t.true(plan.steps.some(({ action }) => action !== 'none'));
    const again = await plane.store.plan(makeChangeset(edits), plane.operator);
    t.deepEqual(again.counts, { create: 0, update: 0, replace: 0, delete: 0, none: edits.length }, shown(again).join());
    t.deepEqual(again.affectedApps, []);
  }
  const going = makeChangeset([makeEdit.delete(deploy), put(makeEdit.environment('new'))]);
  await planThenApply(plane, going);
  const again = await plane.store.plan(going, plane.operator);
  t.deepEqual(again.counts, { create: 0, update: 0, replace: 0, delete: 0, none: 2 });
});

test('an update is told field by field, and of secrets only whether they are there or change', async (t) => {
  const { plane } = t.context;
  const { base, app: shop, deploy, put } = inProject('fields');
  await planThenApply(plane, makeChangeset([...base, shop(dbSecret('first value')), deploy]));
  const edits = [
    shop(dbSecret('second value')),
    put({ ...makeEdit.environment('dev'), spec: { description: 'mine' }, labels: { team: 'a' } }),
  ];
  const plan = await plane.store.plan(makeChangeset(edits), plane.operator);
  t.deepEqual(
    plan.steps.map(({ kind, fields }) => [kind, fields]),
    [
      [
        'Environment',
        [
          { path: 'labels.team', before: undefined, after: 'a' },
          { path: 'spec.description', before: undefined, after: 'mine' },
        ],
      ],
      [
        'App',
        [
          {
            path: 'spec.components[web].objects[Secret/db].stringData.password',
            before: '(hidden)',
            after: '(changed)',
          },
        ],
      ],
    ].toReversed(),
  );
  const text = JSON.stringify(plan);
  t.false(/first value|second value|hmac/.test(text));
});
