import anyTest, { type TestFn } from 'ava';
import { ConflictError } from '../../../lib/errors.js';
import type { Edit } from '../../../model/changeset.js';
import { gatewayExpanders } from '../../helpers/gateway-expanders.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane & { real: TestPlane }>;

test.before(async (t) => {
  t.context.plane = await createTestPlane({ expanders: gatewayExpanders });
  t.context.real = await createTestPlane();
});
test.after.always(async (t) => {
  await t.context.plane?.drop();
  await t.context.real?.drop();
});

const commit = ({ store, operator }: TestPlane, ...edits: Edit[]) => store.commit(makeChangeset(edits), operator);

const quietApp = (name: string, project: string) => {
  const app = makeEdit.app(name, { project });
  return { ...app, spec: { ...app.spec, parameters: [{ name: 'quiet', type: 'bool' }] } };
};

const makeProject = (plane: TestPlane, project: string, runtime = 'main') =>
  commit(
    plane,
    makeEdit.project(project),
    makeEdit.runtime(runtime, { project, spec: { provider: 'sandbox', default: true } }),
    makeEdit.environment('dev', { project }),
    quietApp('shop', project),
    quietApp('blog', project),
  );

const deploy = (project: string, name: string, spec: object = {}) =>
  makeEdit.instance(name, 'dev', { op: 'apply', project, spec: { app: name, ...spec } });

/** The resources of some kinds that are not leaving, and those that are, by kind. */
async function there(plane: TestPlane, project: string) {
  const rows = await plane.rows<{ kind: string; isLeaving: boolean }>(
    `select r.kind, r.deletion_requested_at is not null as "isLeaving" from resource r
     join resource p on p.id = r.project_id and p.name = $1
     where r.kind in ('SupportService', 'Workload', 'CloudAccount', 'CloudCluster', 'Network', 'NodeGroup', 'KubernetesRuntime')
     order by r.kind, r.name`,
    [project],
  );
  const kinds = (isLeaving: boolean) => rows.filter((row) => row.isLeaving === isLeaving).map((row) => row.kind);
  return { staying: kinds(false), leaving: kinds(true) };
}

test('what was made on demand leaves with the last that needs it, and not before', async (t) => {
  const { plane } = t.context;
  await makeProject(plane, 'last');
  await commit(plane, deploy('last', 'shop'), deploy('last', 'blog'));
  await commit(plane, makeEdit.delete(deploy('last', 'shop')));
  t.deepEqual(await there(plane, 'last'), {
    staying: ['KubernetesRuntime', 'SupportService', 'Workload'],
    leaving: [],
  });
  await commit(plane, makeEdit.delete(deploy('last', 'blog')));
  t.deepEqual(await there(plane, 'last'), { staying: ['KubernetesRuntime'], leaving: ['SupportService', 'Workload'] });
});

test('it leaves as well when the last one stops to need it', async (t) => {
  const { plane } = t.context;
  await makeProject(plane, 'stops');
  await commit(plane, deploy('stops', 'shop'));
  await commit(plane, deploy('stops', 'shop', { parameters: { quiet: true } }));
  t.deepEqual((await there(plane, 'stops')).leaving, ['SupportService', 'Workload']);
});

test('of two that leave at the same moment, the second takes it along', async (t) => {
  const { plane } = t.context;
  for (let round = 0; round < 10; round += 1) {
    const project = `both-${round}`;
    await makeProject(plane, project);
    await commit(plane, deploy(project, 'shop'), deploy(project, 'blog'));
    await Promise.all(['shop', 'blog'].map((name) => commit(plane, makeEdit.delete(deploy(project, name)))));
    t.deepEqual((await there(plane, project)).leaving, ['SupportService', 'Workload'], project);
  }
});

test('what is kept stays, and is used again', async (t) => {
  const { plane } = t.context;
  await makeProject(plane, 'stays', 'keeps');
  await commit(plane, deploy('stays', 'shop'));
  await commit(plane, makeEdit.delete(deploy('stays', 'shop')));
  t.deepEqual((await there(plane, 'stays')).leaving, []);
  await commit(plane, deploy('stays', 'blog'));
  t.deepEqual((await there(plane, 'stays')).staying, ['KubernetesRuntime', 'SupportService', 'Workload']);
});

test('who needs it while it leaves is told to try again when it is gone', async (t) => {
  const { plane } = t.context;
  await makeProject(plane, 'late');
  await commit(plane, deploy('late', 'shop'));
  await commit(plane, makeEdit.delete(deploy('late', 'shop')));
  const error = await t.throwsAsync(commit(plane, deploy('late', 'blog')), { instanceOf: ConflictError });
  t.is(
    error.message,
    'SupportService gateway-main, which Gateway public needs, is being removed, for nobody needed it any more. Try again when it is gone: it is made anew then.',
  );
  t.is(error.details.next, 'portolan wait SupportService gateway-main --for deleted');
});

test('people may change what was made on demand, and a definition of theirs reaches it', async (t) => {
  const plane = t.context.real;
  const project = 'changed';
  const definition = (version: string) => ({
    ...makeEdit.supportServiceDefinition('ours', { op: 'apply', project }),
    spec: { defaults: { version } },
  });
  const gateway = { name: 'public', kind: 'Gateway', spec: { routes: [{ service: 'web', port: 80 }] } };
  const app = quietApp('shop', project);
  await commit(
    plane,
    makeEdit.project(project),
    makeEdit.runtime('main', { project, spec: { provider: 'sandbox', default: true } }),
    makeEdit.environment('dev', { project }),
    { ...app, spec: { ...app.spec, dependencies: [gateway] } },
    definition('1.0.0'),
    deploy(project, 'shop'),
  );
  const edit = makeEdit.supportService('main-gateway', { op: 'apply', project, spec: { definition: 'ours' } });
  await commit(plane, edit);
  const spec = async () =>
    (
      await plane.rows<{ spec: object }>(
        `select r.spec from resource r join resource p on p.id = r.project_id and p.name = $1 where r.kind = 'SupportService'`,
        [project],
      )
    )[0]?.spec;
  t.deepEqual(await spec(), { definition: 'ours', service: 'gateway', runtime: 'main', version: '1.0.0' });
  await commit(plane, definition('2.0.0'));
  t.like(await spec(), { version: '2.0.0' });
  // Another deployment says nothing of it.
  await commit(plane, deploy(project, 'shop', { policy: { drift: 'report' } }));
  t.deepEqual(await spec(), { definition: 'ours', service: 'gateway', runtime: 'main', version: '2.0.0' });
});

test('a definition that is for some tiers is so for what is made on demand as well', async (t) => {
  const plane = t.context.real;
  const project = 'tiers';
  const definition = makeEdit.runtimeDefinition('live', { project, spec: { guardrails: { tiers: ['prod'] } } });
  await commit(
    plane,
    makeEdit.project(project),
    makeEdit.tier('prod', { project }),
    definition,
    makeEdit.environment('dev', { project, spec: { runtimeDefinition: 'live' } }),
    quietApp('shop', project),
  );
  await t.throwsAsync(commit(plane, deploy(project, 'shop')), {
    message: /KubernetesRuntime dev: its environment is in no tier, and only prod is allowed/,
  });
  await commit(
    plane,
    makeEdit.environment('dev', { op: 'apply', project, spec: { tier: 'prod', runtimeDefinition: 'live' } }),
  );
  await t.notThrowsAsync(commit(plane, deploy(project, 'shop')));
});

test('what somebody wrote is used, and stays', async (t) => {
  const { plane } = t.context;
  await makeProject(plane, 'written');
  const spec = { service: 'gateway', runtime: 'main', version: '2.0.0' };
  await commit(plane, makeEdit.supportService('gateway-main', { project: 'written', spec }));
  await commit(plane, deploy('written', 'shop'));
  await commit(plane, makeEdit.delete(deploy('written', 'shop')));
  t.deepEqual((await there(plane, 'written')).leaving, []);
});

test('the first app of an environment brings its runtime with all that it is made of, and the last one takes it along', async (t) => {
  const plane = t.context.real;
  const project = 'brings';
  const environment = (spec: object) =>
    makeEdit.environment('dev', { op: 'apply', project, spec: { runtimeDefinition: 'usual', ...spec } });
  await commit(
    plane,
    makeEdit.project(project),
    makeEdit.runtimeDefinition('usual', { project, spec: { defaults: { nodes: 2, nodeSize: 'small' } } }),
    environment({}),
    quietApp('shop', project),
    deploy(project, 'shop'),
  );
  const parts = ['CloudAccount', 'CloudCluster', 'KubernetesRuntime', 'Network', 'NodeGroup'];
  t.deepEqual((await there(plane, project)).staying, [...parts, 'Workload', 'Workload']);
  const nodes = () =>
    plane.rows(
      `select r.spec -> 'nodes' as nodes from resource r join resource p on p.id = r.project_id and p.name = $1
       where r.kind = 'NodeGroup'`,
      [project],
    );
  await commit(
    plane,
    makeEdit.runtimeDefinition('usual', { op: 'apply', project, spec: { defaults: { nodes: 3, nodeSize: 'small' } } }),
  );
  t.deepEqual(await nodes(), [{ nodes: 3 }]);
  await commit(plane, makeEdit.delete(deploy(project, 'shop')));
  t.deepEqual(await there(plane, project), { staying: [], leaving: [...parts, 'Workload', 'Workload'] });
});

test('an environment may keep its runtime', async (t) => {
  const plane = t.context.real;
  const project = 'kept';
  const spec = { runtimeDefinition: 'usual', keepRuntime: true };
  await commit(
    plane,
    makeEdit.project(project),
    makeEdit.runtimeDefinition('usual', { project }),
    makeEdit.environment('dev', { project, spec }),
    quietApp('shop', project),
    deploy(project, 'shop'),
  );
  await commit(plane, makeEdit.delete(deploy(project, 'shop')));
  t.deepEqual((await there(plane, project)).leaving, ['Workload', 'Workload']);
});
