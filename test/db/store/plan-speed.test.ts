import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import type { Edit } from '../../../model/changeset.js';
import { configMap, makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type WithPlane } from '../../helpers/plane.js';

/* Prints how long plans of some size take. Nothing is asserted about time: machines differ, and a slow one is no defect. */

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.timeout(120_000);
  t.context.plane = await createTestPlane();
  await t.context.plane.store.commit(
    makeChangeset([
      makeEdit.runtime('main', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
    ]),
    t.context.plane.operator,
  );
});
test.after.always((t) => t.context.plane?.drop());

async function timed<Result>(t: ExecutionContext, what: string, work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await work();
  t.log(`${what}: ${Math.round(performance.now() - start)} ms`);
  return result;
}

test.serial('a plan of an app of two hundred resources', async (t) => {
  const { store, operator } = t.context.plane;
  const components = Array.from({ length: 100 }, (_, index) => ({
    name: `part-${index}`,
    type: 'manifests',
    objects: Array.from({ length: 5 }, (_, nth) => configMap(`part-${index}-${nth}`, { text: 'x'.repeat(500) })),
    bindings: [{ from: `db-${index}`, configMap: { name: 'db', keys: { host: 'host' } } }],
  }));
  const dependencies = Array.from({ length: 100 }, (_, index) => ({
    name: `db-${index}`,
    kind: 'Database',
    spec: { engine: 'postgres' },
  }));
  const changeset = makeChangeset([
    makeEdit.app('large', { op: 'apply', spec: { components, dependencies } }),
    makeEdit.instance('large', 'dev', { op: 'deploy' }),
  ]);
  const plan = await timed(t, 'plan of making it', () => store.plan(changeset, operator));
  t.true(plan.counts.create > 202, `${plan.counts.create}`);
  await timed(t, 'commit held to that plan', () => store.commit({ ...changeset, plan }, operator));
  const again = await timed(t, 'plan of the same again', () => store.plan(changeset, operator));
  t.deepEqual([again.counts.none, again.steps.length], [2, 2]);
});

test.serial('a plan of a definition that a thousand apps have their databases of', async (t) => {
  t.timeout(300_000);
  const { store, operator } = t.context.plane;
  const definition = (storageGb: number): Edit => ({
    op: 'apply',
    kind: 'DatabaseDefinition',
    project: null,
    environment: null,
    name: 'small',
    spec: { defaults: { engine: 'postgres', storageGb } },
  });
  const app = makeEdit.app('stored', {
    spec: {
      components: [{ name: 'web', type: 'manifests', objects: [configMap('hello')] }],
      dependencies: [{ name: 'db', kind: 'Database', definition: 'small' }],
    },
  });
  const deploys = Array.from({ length: 1000 }, (_, index) =>
    makeEdit.instance(`stored-${index}`, 'dev', { spec: { app: 'stored' } }),
  );
  await timed(t, 'commit of them', () => store.commit(makeChangeset([definition(20), app, ...deploys]), operator));
  const changeset = makeChangeset([definition(30)]);
  const plan = await timed(t, 'plan of the definition', () => store.plan(changeset, operator));
  t.is(plan.affectedApps.length, 1000);
  t.is(plan.steps.filter(({ kind, action }) => kind === 'Database' && action === 'update').length, 1000);
  await timed(t, 'commit held to that plan', () => store.commit({ ...changeset, plan }, operator));
});

test.serial('a plan that moves a thousand instances', async (t) => {
  t.timeout(300_000);
  const { store, operator } = t.context.plane;
  const app = (text: string) =>
    makeEdit.app('many', {
      op: 'apply',
      spec: { components: [{ name: 'web', type: 'manifests', objects: [configMap('hello', { text })] }] },
    });
  const deploy = (index: number): Edit =>
    makeEdit.instance(`many-${index}`, 'dev', { op: 'deploy', spec: { app: 'many' } });
  const deploys = Array.from({ length: 1000 }, (_, index) => deploy(index));
  await timed(t, 'plan of making them', () => store.plan(makeChangeset([app('one'), ...deploys]), operator));
  await timed(t, 'commit', () => store.commit(makeChangeset([app('one'), ...deploys]), operator));
  const changeset = makeChangeset([app('two'), ...deploys]);
  const plan = await timed(t, 'plan of a new release for all', () => store.plan(changeset, operator));
  t.is(plan.counts.update, 1 + 1000 + 2000);
  const going = makeChangeset([
    ...deploys.map(makeEdit.delete),
    makeEdit.delete(makeEdit.environment('dev')),
    makeEdit.delete(app('two')),
  ]);
  const deletion = await timed(t, 'plan of deleting all', () => store.plan(going, operator));
  t.is(deletion.counts.delete, 3000 + 2);
});
