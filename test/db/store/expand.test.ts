import anyTest, { type TestFn } from 'ava';
import { gatewayExpanders } from '../../helpers/gateway-expanders.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane({ expanders: gatewayExpanders });
});
test.after.always((t) => t.context.plane?.drop());

async function makeProject({ store, operator }: TestPlane, project: string, runtime = 'main'): Promise<void> {
  await store.commit(
    makeChangeset([
      makeEdit.project(project),
      makeEdit.runtime(runtime, { project, spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev', { project }),
      quietApp('shop', project),
      quietApp('blog', project),
    ]),
    operator,
  );
}

const quietApp = (name: string, project: string) => {
  const app = makeEdit.app(name, { project });
  return { ...app, spec: { ...app.spec, parameters: [{ name: 'quiet', type: 'bool' }] } };
};

const deploy = (project: string, name: string, spec: object = {}) =>
  makeEdit.instance(name, 'dev', { op: 'apply', project, spec: { app: name, ...spec } });

const tree = (plane: TestPlane, project: string) =>
  plane.rows(
    `select r.kind, r.name, o.name as owner, e.name as environment, r.on_demand as "isOnDemand", r.on_demand_keep as "isKept",
       r.deletion_requested_at is not null as "isDeleting"
     from resource r join resource p on p.id = r.project_id and p.name = $1 left join resource o on o.id = r.owner_id
     left join resource e on e.id = r.environment_id
     where r.kind in ('Gateway', 'SupportService', 'Workload') order by r.kind, r.name, o.name`,
    [project],
  );

const made = (kind: string, name: string, rest: object = {}) => ({
  kind,
  name,
  owner: null,
  environment: null,
  isOnDemand: false,
  isKept: false,
  isDeleting: false,
  ...rest,
});

test('what an app instance needs is made in the same transaction, and what that needs as well', async (t) => {
  const { plane } = t.context;
  await makeProject(plane, 'needs');
  await plane.store.commit(makeChangeset([deploy('needs', 'shop')]), plane.operator);
  t.deepEqual(await tree(plane, 'needs'), [
    made('Gateway', 'public', { owner: 'shop', environment: 'dev' }),
    made('SupportService', 'gateway-main', { isOnDemand: true }),
    made('Workload', 'controller', { owner: 'gateway-main' }),
  ]);
  t.deepEqual(
    await plane.rows(
      `select f.path, t.name from reference f join resource r on r.id = f.from_id join resource t on t.id = f.to_id
       join resource p on p.id = r.project_id and p.name = 'needs' where r.kind = 'Gateway' order by f.path`,
    ),
    [
      { path: 'runtime', name: 'main' },
      { path: '~gateway', name: 'gateway-main' },
    ],
  );
  const [gateway] = await plane.rows<{ managers: object }>(`select managers from resource where kind = 'Gateway'`);
  t.like(gateway?.managers, { runtime: 'layer:instance', routes: 'layer:release/1' });
});

test('a second app instance uses what the first one brought', async (t) => {
  const { plane } = t.context;
  await makeProject(plane, 'shared', 'keeps');
  await plane.store.commit(makeChangeset([deploy('shared', 'shop'), deploy('shared', 'blog')]), plane.operator);
  t.deepEqual(await tree(plane, 'shared'), [
    made('Gateway', 'public', { owner: 'blog', environment: 'dev' }),
    made('Gateway', 'public', { owner: 'shop', environment: 'dev' }),
    made('SupportService', 'gateway-keeps', { isOnDemand: true, isKept: true }),
    made('Workload', 'controller', { owner: 'gateway-keeps' }),
  ]);
});

test('what is needed no more is asked to go', async (t) => {
  const { plane } = t.context;
  await makeProject(plane, 'quiet');
  await plane.store.commit(makeChangeset([deploy('quiet', 'shop')]), plane.operator);
  await plane.store.commit(makeChangeset([deploy('quiet', 'shop', { parameters: { quiet: true } })]), plane.operator);
  t.like((await tree(plane, 'quiet'))[0], { kind: 'Gateway', isDeleting: true });
});

test('a deployment pins the environment that it was computed from', async (t) => {
  const { plane } = t.context;
  await makeProject(plane, 'pins');
  await plane.store.commit(makeChangeset([deploy('pins', 'shop')]), plane.operator);
  const [row] = await plane.rows<{ resolved: { pins: object[]; children: object[] } }>(
    `select d.resolved from app_deployment d join resource i on i.id = d.instance_id
     join resource p on p.id = i.project_id and p.name = 'pins'`,
  );
  t.like(row?.resolved.pins[0], { kind: 'Environment', name: 'dev', generation: 1 });
  t.like(row?.resolved.children[0], { kind: 'Gateway', name: 'public' });
});
