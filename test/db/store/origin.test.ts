import anyTest, { type TestFn } from 'ava';
import type { Json, JsonObject } from '../../../lib/canonical.js';
import { LimitExceededError, NotFoundError } from '../../../lib/errors.js';
import type { Edit } from '../../../model/changeset.js';
import type { ToldOrigin } from '../../../model/origin/told-origin.js';
import { configMap, makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { createTestPlane, type TestPlane, type WithPlane } from '../../helpers/plane.js';

const test = anyTest as TestFn<WithPlane>;

const project = 'origins';

const deployment: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    template: {
      spec: {
        containers: [
          {
            name: 'web',
            image: 'shop:1',
            env: [
              { name: 'HOST', value: { $from: 'db.host' } },
              { name: 'PASSWORD', value: { $from: 'db.password' } },
              { name: 'REGION', value: { $from: 'environment.region' } },
              { name: 'SIZE', value: { $from: 'parameters.size' } },
              { name: 'MODE', value: { $from: 'parameters.mode' } },
            ],
          },
        ],
      },
    },
  },
};

const appSpec: JsonObject = {
  parameters: [
    { name: 'size', type: 'string', default: 'small' },
    { name: 'mode', type: 'string', default: 'calm' },
    { name: 'storage', type: 'int', default: 20 },
    { name: 'replicas', type: 'int', default: 2 },
  ],
  dependencies: [
    {
      name: 'db',
      kind: 'Database',
      definition: 'standard',
      spec: { storageGb: { $from: 'parameters.storage' }, databaseName: 'shop', backupDays: 3 },
    },
  ],
  components: [
    {
      name: 'web',
      type: 'manifests',
      objects: [deployment, configMap('web')],
      set: [{ object: 'Deployment/web', path: 'spec.replicas', from: 'parameters.replicas' }],
      bindings: [{ from: 'db', env: [{ object: 'Deployment/web', name: 'PORT', output: 'port' }] }],
    },
  ],
};

const tierDefaults = [{ kind: 'Database', spec: { size: 'medium', deletionProtection: true } }];
const environmentDefaults = [{ kind: 'Database', spec: { deletionProtection: false } }];

test.before(async (t) => {
  const plane = await createTestPlane();
  t.context.plane = plane;
  const { store, operator } = plane;
  const commit = (manager: string, edits: readonly Edit[]) => store.commit(makeChangeset(edits, { manager }), operator);
  await commit('platform', [
    makeEdit.project(project),
    makeEdit.tier('dev', { project, spec: { order: 1, defaults: tierDefaults } }),
    makeEdit.runtime('main', { project, spec: { provider: 'sandbox', default: true } }),
    makeEdit.environment('dev', {
      project,
      spec: { tier: 'dev', location: 'europe-paris', defaults: environmentDefaults, variables: { region: 'eu' } },
    }),
    makeEdit.databaseDefinition('standard', {
      project,
      spec: {
        defaults: { engine: 'postgres', size: 'small', storageGb: 50, user: 'shop' },
        tiers: [{ tier: 'dev', defaults: { user: 'dev' } }],
      },
    }),
  ]);
  await commit('file', [makeEdit.app('shop', { project, spec: appSpec })]);
  await commit('ann', [
    makeEdit.instance('shop', 'dev', {
      project,
      op: 'deploy',
      spec: {
        app: 'shop',
        parameters: { storage: 70, size: 'large', replicas: 4 },
        dependencies: { db: { spec: { backupDays: 9 } } },
      },
    }),
  ]);
});
test.after.always((t) => t.context.plane?.drop());

async function idOf({ rows }: TestPlane, kind: string, name: string): Promise<string> {
  const [row] = await rows<{ id: string }>(
    `select r.id from resource r left join resource p on p.id = r.project_id where r.kind = $1 and r.name = $2 and p.name = $3`,
    [kind, name, project],
  );
  return row?.id ?? '';
}

async function originOf(plane: TestPlane, path: string, kind = 'AppInstance', name = 'shop') {
  const resourceId = await idOf(plane, kind, name);
  return (await plane.store.origin({ resourceId, path }, plane.operator)).fields;
}

/** `9 from layer:instance (AppInstance shop dependencies.db.spec.backupDays by ann); 3 of layer:release/1 (…)`. */
function text({ value, manager, statedIn, overrode }: ToldOrigin): string {
  const place = (each: ToldOrigin['statedIn']) =>
    each ? ` (${each.resource.kind} ${each.resource.name} ${each.path} by ${each.manager})` : '';
  const said = (of: Json) => JSON.stringify(of);
  return [
    `${said(value)} from ${manager}${place(statedIn)}`,
    ...overrode.map((each) => `${said(each.value)} of ${each.manager}${place(each.statedIn)}`),
  ].join('; ');
}

const environment = 'spec.template.spec.containers[web].env';
const fields: readonly { readonly title: string; readonly path: string; readonly expected: string }[] = [
  {
    title: 'a definition',
    path: 'db.engine',
    expected: '"postgres" from layer:definition/standard (DatabaseDefinition standard defaults.engine by platform)',
  },
  {
    title: 'a definition for a tier',
    path: 'db.user',
    expected:
      '"dev" from layer:definition/standard (DatabaseDefinition standard tiers[dev].defaults.user by platform); "shop" of layer:definition/standard (DatabaseDefinition standard defaults.user by platform)',
  },
  {
    title: 'a tier',
    path: 'db.size',
    expected:
      '"medium" from layer:tier/dev (Tier dev defaults[Database].spec.size by platform); "small" of layer:definition/standard (DatabaseDefinition standard defaults.size by platform); "small" of layer:default',
  },
  {
    title: 'an environment',
    path: 'db.deletionProtection',
    expected:
      'false from layer:environment/dev (Environment dev defaults[Database].spec.deletionProtection by platform); true of layer:tier/dev (Tier dev defaults[Database].spec.deletionProtection by platform)',
  },
  {
    title: 'the place of an environment',
    path: 'db.location',
    expected:
      '"europe-paris" from layer:environment/dev (Environment dev location by platform); "local" of layer:account/sandbox; "local" of layer:default',
  },
  {
    title: 'a release',
    path: 'dependencies[db].spec.databaseName',
    expected: '"shop" from layer:release/1 (App shop dependencies[db].spec.databaseName by file)',
  },
  {
    title: 'an instance that wants a dependency otherwise',
    path: 'db.backupDays',
    expected:
      '9 from layer:instance (AppInstance shop dependencies.db.spec.backupDays by ann); 3 of layer:release/1 (App shop dependencies[db].spec.backupDays by file)',
  },
  {
    title: 'a parameter that the instance gives',
    path: 'db.storageGb',
    expected:
      '70 from layer:instance (AppInstance shop parameters.storage by ann); 20 of layer:release/1 (App shop dependencies[db].spec.storageGb by file); 50 of layer:definition/standard (DatabaseDefinition standard defaults.storageGb by platform); 20 of layer:default',
  },
  {
    title: 'what a release says in a manifest',
    path: 'components[web].objects[Deployment/web].spec.template.spec.containers[web].image',
    expected:
      '"shop:1" from layer:release/1 (App shop components[web].objects[Deployment/web].spec.template.spec.containers[web].image by file)',
  },
  {
    title: 'a binding',
    path: `web.objects[Deployment/web].${environment}[HOST].value`,
    expected:
      '{"$output":{"from":"db","output":"host"}} from layer:binding/db (App shop components[web].objects[Deployment/web].spec.template.spec.containers[web].env[HOST].value by file)',
  },
  {
    title: 'a binding of a secret output',
    path: `web.objects[Deployment/web].${environment}[PASSWORD].valueFrom.secretKeyRef.key`,
    expected:
      '"db.password" from layer:binding/db (App shop components[web].objects[Deployment/web].spec.template.spec.containers[web].env[PASSWORD].value by file)',
  },
  {
    title: 'a binding that adds a variable',
    path: `web.objects[Deployment/web].${environment}[PORT].value`,
    expected:
      '{"$output":{"from":"db","output":"port"}} from layer:binding/db (App shop components[web].bindings[db] by file)',
  },
  {
    title: 'a variable of the environment',
    path: `web.objects[Deployment/web].${environment}[REGION].value`,
    expected: '"eu" from layer:environment/dev (Environment dev variables.region by platform)',
  },
  {
    title: 'a parameter in a manifest',
    path: `web.objects[Deployment/web].${environment}[SIZE].value`,
    expected:
      '"large" from layer:instance (AppInstance shop parameters.size by ann); "small" of layer:release/1 (App shop components[web].objects[Deployment/web].spec.template.spec.containers[web].env[SIZE].value by file)',
  },
  {
    title: 'the default of a parameter',
    path: `web.objects[Deployment/web].${environment}[MODE].value`,
    expected: '"calm" from layer:release/1 (App shop parameters[mode].default by file)',
  },
  {
    title: 'a parameter that is set into an object',
    path: 'web.objects[Deployment/web].spec.replicas',
    expected:
      '4 from layer:instance (AppInstance shop parameters.replicas by ann); 2 of layer:release/1 (App shop components[web].objects[Deployment/web].spec.replicas by file)',
  },
];
for (const { title, path, expected } of fields) {
  test(`origin names what set a field: ${title}`, async (t) => {
    const [found, ...more] = await originOf(t.context.plane, path);
    t.deepEqual(more, []);
    t.is(found && text(found), expected);
  });
}

test('who set a field itself is told, with what that overrode, by whom, when and at which revision', async (t) => {
  const { plane } = t.context;
  const { store, operator, rows } = plane;
  const database = (spec: JsonObject) => makeEdit.database('own', 'dev', { op: 'apply', project, spec });
  const commit = (manager: string, spec: JsonObject, takeOver = false) =>
    store.commit(makeChangeset([database(spec)], { manager, takeOver }), operator);
  await commit('file', { definition: 'standard', storageGb: 60 });
  const { changesetId, cursor } = await commit('ci', { storageGb: 80 }, true);
  await commit('cli', { storageGb: 80 });
  const [found] = await originOf(plane, 'storageGb', 'Database', 'own');
  t.is(
    found && text(found),
    '80 from ci; 60 of file; 50 of layer:definition/standard (DatabaseDefinition standard defaults.storageGb by platform); 20 of layer:default',
  );
  t.like(found?.set, { changesetId, cursor, actor: 'operator' });
  t.deepEqual(found?.alsoStatedBy, ['cli']);
  const [{ at } = { at: '' }] = await rows<{ at: string }>('select created_at as at from changeset where id = $1', [
    changesetId,
  ]);
  t.is(found?.set?.at, at);
});

test('what a layer says is told with the commit in which it was stated, and the one in which it came here', async (t) => {
  const [engine] = await originOf(t.context.plane, 'db.engine');
  const [instance] = await originOf(t.context.plane, 'db.backupDays');
  t.not(engine?.set?.cursor, engine?.statedIn?.set?.cursor);
  t.is(instance?.set?.cursor, instance?.statedIn?.set?.cursor);
  t.not(engine?.statedIn?.set, null);
});

test('all fields below a path are told, by the end of their paths too, and all of a resource without one', async (t) => {
  const { plane } = t.context;
  const names = async (path: string, kind?: string) => (await originOf(plane, path, kind)).map((each) => each.path);
  t.deepEqual((await names('parameters')).sort(), ['parameters.replicas', 'parameters.size', 'parameters.storage']);
  t.deepEqual(await names('web.image'), ['objects[Deployment/web].spec.template.spec.containers[web].image']);
  t.true((await names('', 'App')).includes('parameters[size].default'));
  t.true((await names('db')).includes('engine'));
});

test('a secret is never told', async (t) => {
  const { plane } = t.context;
  const cluster = { server: 'https://203.0.113.7', token: 'very-secret' };
  const commit = (manager: string, token: string, takeOver = false) =>
    plane.store.commit(
      makeChangeset(
        [
          makeEdit.runtime('hidden', {
            op: 'apply',
            project,
            spec: { provider: 'kubeconfig', cluster: { ...cluster, token } },
          }),
        ],
        { manager, takeOver },
      ),
      plane.operator,
    );
  await commit('file', 'very-secret-1');
  await commit('ci', 'very-secret-2', true);
  const origins = await originOf(plane, 'cluster.token', 'KubernetesRuntime', 'hidden');
  t.like(origins[0], { value: null, isSecret: true, manager: 'ci' });
  t.like(origins[0]?.overrode[0], { manager: 'file', value: null, isSecret: true });
  t.notRegex(JSON.stringify(origins), /very-secret|\$hash|\$secret/);
});

test('a path that leads nowhere is NOT_FOUND with what is near, and one that leads to too much is refused', async (t) => {
  const { plane } = t.context;
  const error = await t.throwsAsync(originOf(plane, 'parmeters'), { instanceOf: NotFoundError });
  t.regex(error.message, /AppInstance shop has no field parmeters\. Did you mean "parameters"\?/);
  await t.throwsAsync(originOf(plane, 'db.sise'), {
    instanceOf: NotFoundError,
    message: /Database db has no field sise\. Did you mean "size"\?/,
  });
  const objects = Array.from({ length: 200 }, (_, index) => configMap(`c${index}`));
  const spec = { components: [{ name: 'web', type: 'manifests', objects }] };
  await plane.store.commit(makeChangeset([makeEdit.app('large', { project, spec })]), plane.operator);
  await t.throwsAsync(originOf(plane, '', 'App', 'large'), {
    instanceOf: LimitExceededError,
    message: /path of a part/,
  });
  t.is((await originOf(plane, 'components[web].objects[ConfigMap/c7].data', 'App', 'large')).length, 1);
});
