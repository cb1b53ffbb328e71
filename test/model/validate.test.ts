import test from 'ava';
import { BadInputError } from '../../lib/errors.js';
import { checkResourceName, createSpecValidator } from '../../model/validate.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';

const validator = createSpecValidator(builtInKinds);
const kind = (name: string) => {
  const found = builtInKinds.find(name);
  if (!found) throw new Error(name);
  return found;
};
const app = (...objects: unknown[]) => ({ components: [{ name: 'web', type: 'manifests', objects }] });
const object = (fields: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, ...fields });

const refused: readonly {
  title: string;
  kind: string;
  spec: unknown;
  message: RegExp;
  path: readonly (string | number)[];
}[] = [
  {
    title: 'a key that is not known, with the nearest right one',
    kind: 'AppInstance',
    spec: { app: 'a', relase: 1 },
    message: /relase.*not known.*"release"/,
    path: ['relase'],
  },
  {
    title: 'a wrong type',
    kind: 'Tier',
    spec: { order: 'first' },
    message: /spec.order of Tier must be an integer, not a string/,
    path: ['order'],
  },
  {
    title: 'a missing field',
    kind: 'AppInstance',
    spec: {},
    message: /spec.app of AppInstance is missing/,
    path: ['app'],
  },
  {
    title: 'a word that is not in the list',
    kind: 'KubernetesRuntime',
    spec: { provider: 'gke' },
    message: /"gke".*not one of sandbox, kubeconfig/,
    path: ['provider'],
  },
  {
    title: 'a login helper in a cluster',
    kind: 'KubernetesRuntime',
    spec: { provider: 'kubeconfig', cluster: { server: 'https://a', exec: {} } },
    message: /cluster\.exec .*cannot be used\..*portolan runtime add/,
    path: ['cluster', 'exec'],
  },
  {
    title: 'a manifest without a kind',
    kind: 'App',
    spec: app(object({ kind: undefined })),
    message: /has no kind/,
    path: ['components', 0, 'objects', 0, 'kind'],
  },
  {
    title: 'a name that Kubernetes would refuse',
    kind: 'App',
    spec: app(object({ metadata: { name: 'My_App' } })),
    message: /refuses the name "My_App"/,
    path: ['components', 0, 'objects', 0, 'metadata', 'name'],
  },
  {
    title: 'generateName',
    kind: 'App',
    spec: app(object({ metadata: { generateName: 'a-' } })),
    message: /generateName/,
    path: ['components', 0, 'objects', 0, 'metadata', 'generateName'],
  },
  {
    title: 'the same object twice',
    kind: 'App',
    spec: app(object({}), object({})),
    message: /ConfigMap\/a is given twice/,
    path: ['components', 0, 'objects', 1],
  },
  {
    title: 'Secret data that is not base64',
    kind: 'App',
    spec: app(object({ kind: 'Secret', data: { a: 'not base64!' } })),
    message: /not base64/,
    path: ['components', 0, 'objects', 0, 'data', 'a'],
  },
  {
    title: 'a kind to be replaced that holds data',
    kind: 'AppInstance',
    spec: { app: 'a', policy: { replace: ['Job', 'StatefulSet'] } },
    message: /policy\.replace lists StatefulSet\. .*never deleted.*holds data/,
    path: ['policy', 'replace', 1],
  },
  {
    title: 'a kind to be replaced that is not written as kinds are, with the right one',
    kind: 'AppInstance',
    spec: { app: 'a', policy: { replace: ['deployments'] } },
    message: /lists deployments\. That is no name of a kind: .*such as Deployment\.$/,
    path: ['policy', 'replace', 0],
  },
  {
    title: 'a kind to be replaced that there is not',
    kind: 'App',
    spec: { ...app(object({})), policy: { replace: ['Nonsense'] } },
    message: /lists Nonsense\. Kubernetes has no such kind, and none of the app's objects is of it\.$/,
    path: ['policy', 'replace', 0],
  },
  {
    title: 'a kind to be replaced that is mistyped, with the right one',
    kind: 'App',
    spec: { ...app(object({ kind: 'Database' })), policy: { replace: ['Databse'] } },
    message: /lists Databse\. .* Did you mean "Database"\?$/,
    path: ['policy', 'replace', 0],
  },
  {
    title: 'an object that is text',
    kind: 'App',
    spec: app('oops'),
    message: /Expected a Kubernetes object, got a string/,
    path: ['components', 0, 'objects', 0],
  },
];

for (const { title, kind: name, spec, message, path } of refused) {
  test(`refuses ${title}, and says where`, (t) => {
    const error = t.throws(() => validator.validate(kind(name), spec), { instanceOf: BadInputError, message });
    t.deepEqual(error.details.path, path);
  });
}

test('takes the fixture of every released version of every kind', (t) => {
  for (const definition of builtInKinds.kinds) {
    t.truthy(definition.fixtures[definition.specVersion], definition.name);
    t.notThrows(() => validator.validate(definition, definition.fixtures[definition.specVersion]), definition.name);
  }
});

test('takes kinds of its own among those to be replaced, and any where a chart makes the objects', (t) => {
  const policy = { replace: ['Job', 'Deployment', 'Database'] };
  t.notThrows(() => validator.validate(kind('App'), { ...app(object({ kind: 'Database' })), policy }));
  t.notThrows(() => validator.validate(kind('AppInstance'), { app: 'a', policy }));
  const chart = { name: 'cache', type: 'helm', chart: { name: 'redis', version: '1.0.0', repository: 'https://a' } };
  const { components } = app(object({}));
  t.notThrows(() => validator.validate(kind('App'), { components: [...components, chart], policy }));
});

test('flattens a List and drops the copy that kubectl keeps', (t) => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":"hunter2"}', kept: 'yes' };
  const list = {
    apiVersion: 'v1',
    kind: 'List',
    items: [object({ metadata: { name: 'b', annotations } }), object({})],
  };
  const spec = validator.validate(kind('App'), app(list));
  t.deepEqual(spec, app(object({ metadata: { name: 'b', annotations: { kept: 'yes' } } }), object({})) as never);
});

test('a reference may stand where a secret may, as in an export, and no other object may', (t) => {
  const runtime = (token: unknown) => ({ provider: 'kubeconfig', cluster: { server: 'https://a', token } });
  t.notThrows(() => validator.validate(kind('KubernetesRuntime'), runtime({ $secret: { id: 'x', version: 1 } })));
  t.throws(() => validator.validate(kind('KubernetesRuntime'), runtime({ file: '/x' })), { instanceOf: BadInputError });
});

test('a resource is called by an RFC 1123 label', (t) => {
  t.notThrows(() => checkResourceName('App', 'wordpress-2'));
  for (const name of ['', 'A', '-a', 'a_b', 'a'.repeat(64)]) {
    t.throws(() => checkResourceName('App', name), { instanceOf: BadInputError }, name);
  }
});
