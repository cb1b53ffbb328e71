import test from 'ava';
import type { JsonObject } from '../../../lib/canonical.js';
import { BadInputError } from '../../../lib/errors.js';
import { createAppInstanceExpander } from '../../../model/expand/app-instance.js';
import type { ExpandInput } from '../../../model/expand/expander.js';
import { builtInKinds } from '../../../schema/kinds/built-in.js';

const expand = createAppInstanceExpander(builtInKinds);

function make(app: JsonObject, instance: JsonObject = {}, environment: JsonObject = {}): ExpandInput {
  return {
    resource: {
      id: '11111111-2222-3333-4444-555555555555',
      kind: 'AppInstance',
      name: 'shop',
      spec: { app: 'shop', release: 3, runtime: 'local', ...instance },
      owner: null,
    },
    project: 'default',
    environment: { name: 'dev', tier: 'dev', spec: environment },
    release: { number: 3, spec: app },
    definition: null,
  };
}

const deployment = (container: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 1, template: { spec: { containers: [{ name: 'web', image: 'nginx:1', ...container }] } } },
});
const web = (more: JsonObject = {}, ...objects: JsonObject[]): JsonObject => ({
  name: 'web',
  type: 'manifests',
  objects: objects.length > 0 ? objects : [deployment()],
  ...more,
});
const database: JsonObject = { name: 'db', kind: 'Database', definition: 'small', spec: { storageGb: 20 } };

const childOf = (input: ExpandInput, kind: string, name: string) => {
  const child = expand(input).owned.find((each) => each.kind === kind && each.name === name);
  if (!child) throw new Error(`There is no ${kind} ${name}.`);
  return child;
};
const containerOf = (input: ExpandInput) => {
  const [object] = childOf(input, 'Workload', 'web').spec.objects as unknown as {
    spec: { template: { spec: { containers: JsonObject[] } } };
  }[];
  return object?.spec.template.spec.containers[0];
};

test('a dependency becomes a child that the release states, and what the instance says otherwise is its own', (t) => {
  const app = { dependencies: [database], components: [web()] };
  const child = childOf(make(app, { dependencies: { db: { spec: { storageGb: 50 } } } }), 'Database', 'db');
  t.deepEqual(child.spec, { definition: 'small', storageGb: 50 });
  t.deepEqual(child.layers, { '': 'layer:release/3', storageGb: 'layer:instance' });
});

test('a parameter goes into dependencies and objects with its type, and its layer is the instance when that chose it', (t) => {
  const app = {
    parameters: [
      { name: 'replicas', type: 'int', default: 2 },
      { name: 'size', type: 'enum', values: ['small', 'large'], default: 'small' },
    ],
    dependencies: [{ ...database, spec: { size: { $from: 'parameters.size' } } }],
    components: [web({ set: [{ object: 'Deployment/web', path: 'spec.replicas', from: 'parameters.replicas' }] })],
  };
  const input = make(app, { parameters: { size: 'large' } });
  const [object] = childOf(input, 'Workload', 'web').spec.objects as unknown as { spec: { replicas: number } }[];
  t.is(object?.spec.replicas, 2);
  const child = childOf(input, 'Database', 'db');
  t.is(child.spec.size, 'large');
  t.is(child.layers.size, 'layer:instance');
});

test('a parameter that nobody gives leaves its field out', (t) => {
  const app = {
    parameters: [{ name: 'host', type: 'string' }],
    components: [
      web(
        {},
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'c' },
          data: { host: { $from: 'parameters.host' }, a: 'b' },
        },
      ),
    ],
  };
  const [object] = childOf(make(app), 'Workload', 'web').spec.objects as unknown as { data: JsonObject }[];
  t.deepEqual(object?.data, { a: 'b' });
});

test('an output is left as a marker, and the edge to whose it is is declared', (t) => {
  const app = {
    dependencies: [database],
    components: [web({}, deployment({ env: [{ name: 'HOST', value: { $from: 'db.host' } }] }))],
  };
  const { spec } = childOf(make(app), 'Workload', 'web');
  t.deepEqual(spec.bindings, [{ name: 'db', resource: { kind: 'Database', name: 'db', scope: 'owner' } }]);
  t.deepEqual(containerOf(make(app))?.env, [{ name: 'HOST', value: { $output: { from: 'db', output: 'host' } } }]);
});

test('a variable that holds a secret output takes it from a Secret of the component', (t) => {
  const binding = { from: 'db', env: [{ object: 'Deployment/web', name: 'PASSWORD', output: 'password' }] };
  const app = { dependencies: [database], components: [web({ bindings: [binding] })] };
  t.deepEqual(containerOf(make(app))?.env, [
    { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'portolan-web', key: 'db.password' } } },
  ]);
  const objects = childOf(make(app), 'Workload', 'web').spec.objects as unknown as JsonObject[];
  t.deepEqual(objects.at(-1), {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'portolan-web' },
    type: 'Opaque',
    stringData: { 'db.password': { $output: { from: 'db', output: 'password' } } },
  });
});

test('a binding delivers as a Secret, a ConfigMap, an identity, values of a chart', (t) => {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web' } };
  const app = {
    dependencies: [database, { name: 'files', kind: 'Bucket' }],
    components: [
      web(
        {
          bindings: [
            { from: 'db', secret: { name: 'db', keys: { 'db-endpoint': 'host', 'db-password': 'password' } } },
            { from: 'files', configMap: { name: 'files', keys: { bucket: 'name' } }, serviceAccount: { name: 'web' } },
          ],
        },
        account,
      ),
      {
        name: 'cache',
        type: 'helm',
        chart: { name: 'web' },
        values: { a: 1 },
        bindings: [{ from: 'db', values: [{ path: 'external.host', output: 'host' }] }],
      },
    ],
  };
  const objects = childOf(make(app), 'Workload', 'web').spec.objects as unknown as JsonObject[];
  t.deepEqual(
    objects.map(({ kind }) => kind),
    ['ServiceAccount', 'Secret', 'ConfigMap'],
  );
  t.deepEqual((objects[0]?.metadata as JsonObject).annotations, {
    'portolan.dev/identity': { $output: { from: 'files', output: 'identity' } },
  });
  const chart = childOf(make(app), 'Workload', 'cache').spec.chart as JsonObject;
  t.deepEqual(chart.values, { a: 1, external: { host: { $output: { from: 'db', output: 'host' } } } });
});

test('an app depends on another app by an edge to its instance in the environment', (t) => {
  const app = {
    dependencies: [{ name: 'catalog', kind: 'AppInstance' }],
    components: [web({}, deployment({ env: [{ name: 'URL', value: { $from: 'catalog.url' } }] }))],
  };
  const { owned } = expand(make(app));
  t.false(owned.some(({ kind }) => kind === 'AppInstance'));
  t.deepEqual(childOf(make(app), 'Workload', 'web').spec.bindings, [
    { name: 'catalog', resource: { kind: 'AppInstance', name: 'catalog', scope: 'environment' } },
  ]);
});

test('a parameter that is bound to an output waits for it in objects, and is refused in a database', (t) => {
  const bound = {
    $output: { from: { kind: 'TerraformStack', name: 'cache', scope: 'environment' }, output: 'endpoint' },
  };
  const app = (dependencies: JsonObject[]) => ({
    parameters: [{ name: 'cache', type: 'string' }],
    dependencies,
    components: [web({}, deployment({ env: [{ name: 'CACHE', value: { $from: 'parameters.cache' } }] }))],
  });
  const { spec } = childOf(make(app([]), { parameters: { cache: bound } }), 'Workload', 'web');
  t.deepEqual(spec.bindings, [
    { name: 'parameters.cache', resource: { kind: 'TerraformStack', name: 'cache', scope: 'environment' } },
  ]);
  const refused = [{ ...database, spec: { databaseName: { $from: 'parameters.cache' } } }];
  t.throws(() => expand(make(app(refused), { parameters: { cache: bound } })), {
    instanceOf: BadInputError,
    message: /known only once it is there/,
  });
});

test('a gateway is placed where the app runs, after its namespace', (t) => {
  const app = {
    dependencies: [{ name: 'gateway', kind: 'Gateway', spec: { routes: [{ service: 'web', port: 80 }] } }],
    components: [web()],
  };
  const { spec } = childOf(make(app), 'Gateway', 'gateway');
  t.is(spec.runtime, 'local');
  t.is(spec.namespace, 'shop-1111111122');
  t.deepEqual(spec.needs, [{ kind: 'Workload', name: 'namespace', scope: 'owner' }]);
});

test('an environment that names a definition of a runtime brings one, and an instance on another runtime does not', (t) => {
  const app = { components: [web()] };
  const environment = { runtimeDefinition: 'standard', location: 'europe-paris' };
  t.deepEqual(expand(make(app, { runtime: 'dev' }, environment)).shared, [
    {
      kind: 'KubernetesRuntime',
      name: 'dev',
      spec: { provider: 'cloud', definition: 'standard', location: 'europe-paris' },
      layers: { '': 'layer:environment/dev' },
      keep: false,
    },
  ]);
  t.deepEqual(expand(make(app, { runtime: 'other' }, environment)).shared, []);
});

const refusals: readonly {
  readonly title: string;
  readonly app: JsonObject;
  readonly instance?: JsonObject;
  readonly says: RegExp;
}[] = [
  {
    title: 'an output that a kind does not have',
    app: {
      dependencies: [database],
      components: [web({}, deployment({ env: [{ name: 'A', value: { $from: 'db.hots' } }] }))],
    },
    says: /Database db has no output hots. Did you mean "host"/,
  },
  {
    title: 'a dependency that is not there',
    app: {
      dependencies: [database],
      components: [web({}, deployment({ env: [{ name: 'A', value: { $from: 'bd.host' } }] }))],
    },
    says: /names nothing. Did you mean "db"/,
  },
  {
    title: 'a secret in a ConfigMap',
    app: {
      dependencies: [database],
      components: [web({ bindings: [{ from: 'db', configMap: { name: 'c', keys: { p: 'password' } } }] })],
    },
    says: /db.password is a secret, and data.p can be read by anybody/,
  },
  {
    title: 'a kind that nothing can depend on',
    app: { dependencies: [{ name: 'x', kind: 'Databse' }], components: [web()] },
    says: /cannot be of kind "Databse"; did you mean Database\?/,
  },
  {
    title: 'an object that is not in the component',
    app: {
      parameters: [{ name: 'n', type: 'int', default: 1 }],
      components: [web({ set: [{ object: 'Deployment/wbe', path: 'spec.replicas', from: 'parameters.n' }] })],
    },
    says: /There is no object Deployment\/wbe in this component. There is: Deployment\/web/,
  },
  {
    title: 'a variable that the environment does not have',
    app: { components: [web({}, deployment({ env: [{ name: 'A', value: { $from: 'environment.region' } }] }))] },
    says: /The environment has no variable region/,
  },
  {
    title: 'components in a circle',
    app: { components: [web({ after: ['b'] }), { ...web({ after: ['web'] }), name: 'b' }] },
    says: /web -> b -> web/,
  },
  {
    title: 'what the app does not depend on',
    app: { dependencies: [database], components: [web()] },
    instance: { dependencies: { bucket: {} } },
    says: /The app has no dependency bucket. It has: db/,
  },
];

for (const { title, app, instance, says } of refusals) {
  test(`it is refused: ${title}`, (t) => {
    t.throws(() => expand(make(app, instance)), { instanceOf: BadInputError, message: says });
  });
}
