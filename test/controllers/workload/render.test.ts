import test from 'ava';
import { renderWorkload, type ScopeOf } from '../../../controllers/workload/render.js';
import { TerminalError } from '../../../lib/errors.js';
import { instanceId, make } from '../make.js';

const scopes: ScopeOf = (_apiVersion, kind) =>
  kind === 'Namespace' || kind === 'CustomResourceDefinition' || kind === 'ClusterRole'
    ? false
    : kind !== 'Widget' || null;

const render = (objects: readonly unknown[]) => renderWorkload(make.workload({ objects: objects as never }), scopes);

const ours = {
  'app.kubernetes.io/managed-by': 'portolan',
  'app.kubernetes.io/name': 'shop',
  'app.kubernetes.io/instance': 'shop',
  'portolan.dev/instance': instanceId,
  'portolan.dev/component': 'web',
};

test('puts an object that names no namespace into that of the workload, and keeps the one that it names', (t) => {
  const named = make.configMap('elsewhere');
  const { objects } = render([make.configMap(), { ...named, metadata: { ...named.metadata, namespace: 'other' } }]);
  t.deepEqual(
    objects.map(({ title }) => title),
    ['ConfigMap/shop-1111111111/settings', 'ConfigMap/other/elsewhere'],
  );
});

test('gives cluster-scoped objects no namespace, also when one is stated', (t) => {
  const { objects } = render([
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'reader', namespace: 'x' } },
  ]);
  t.is(objects[0]?.object.metadata.namespace, undefined);
  t.is(objects[0]?.title, 'ClusterRole/reader');
});

test('labels every object, and keeps the well-known labels that a person set', (t) => {
  const object = make.configMap();
  const labels = { 'app.kubernetes.io/name': 'theirs', 'portolan.dev/instance': 'forged', tier: 'gold' };
  const { objects } = render([{ ...object, metadata: { ...object.metadata, labels } }]);
  t.deepEqual(objects[0]?.object.metadata.labels, { ...ours, 'app.kubernetes.io/name': 'theirs', tier: 'gold' });
});

for (const [apiVersion, kind, wrap, unwrap] of [
  ['apps/v1', 'Deployment', (template: unknown) => ({ template }), (spec: Spec) => spec.template],
  ['apps/v1', 'StatefulSet', (template: unknown) => ({ template }), (spec: Spec) => spec.template],
  ['apps/v1', 'DaemonSet', (template: unknown) => ({ template }), (spec: Spec) => spec.template],
  ['batch/v1', 'Job', (template: unknown) => ({ template }), (spec: Spec) => spec.template],
  [
    'batch/v1',
    'CronJob',
    (template: unknown) => ({ jobTemplate: { spec: { template } } }),
    (spec: Spec) => spec.jobTemplate?.spec.template,
  ],
] as const) {
  test(`labels the pods of a ${kind}, and keeps their own labels`, (t) => {
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [] } };
    const { objects } = render([{ apiVersion, kind, metadata: { name: 'web' }, spec: wrap(template) }]);
    t.deepEqual(unwrap(objects[0]?.object.spec as Spec)?.metadata.labels, { ...ours, app: 'web' });
  });
}

interface Template {
  readonly metadata: { readonly labels: Record<string, string> };
}
interface Spec {
  readonly template?: Template;
  readonly jobTemplate?: { readonly spec: { readonly template: Template } };
}

test('lets an object wait whose kind is not served, and goes on with the others', (t) => {
  const { objects, unserved } = render([
    { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } },
    make.configMap(),
  ]);
  t.deepEqual(
    unserved.map(({ title }) => title),
    ['Widget/w'],
  );
  t.is(objects.length, 1);
});

test('takes the scope of a kind from the definition in the same workload', (t) => {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: { group: 'example.com', names: { kind: 'Widget' }, scope: 'Namespaced', versions: [{ name: 'v1' }] },
  };
  const { objects, unserved } = render([
    { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } },
    definition,
  ]);
  t.is(unserved.length, 0);
  t.deepEqual(
    objects.map(({ title, phase }) => [title, phase]),
    [
      ['Widget/shop-1111111111/w', 'custom'],
      ['CustomResourceDefinition/widgets.example.com', 'definition'],
    ],
  );
});

test('flattens lists and drops what only the API server sets', (t) => {
  const pasted = {
    ...make.configMap(),
    metadata: {
      name: 'settings',
      uid: 'u',
      resourceVersion: '7',
      generation: 3,
      creationTimestamp: 'x',
      managedFields: [],
    },
    status: { anything: true },
  };
  const { objects } = render([{ apiVersion: 'v1', kind: 'List', items: [pasted], metadata: { name: 'list' } }]);
  t.deepEqual(Object.keys(objects[0]?.object.metadata ?? {}).sort(), ['labels', 'name', 'namespace']);
  t.is(objects[0]?.object.status, undefined);
});

test('refuses generateName and twins in words, for only another spec can mend them', (t) => {
  const generated = () => render([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'x-' } }]);
  t.throws(generated, { instanceOf: TerminalError, message: /generateName/ });
  const twins = () => render([make.configMap(), make.configMap()]);
  t.throws(twins, { instanceOf: TerminalError, message: /ConfigMap\/shop-1111111111\/settings is given twice/ });
});

test('the hash depends on versions of secrets and not on the order of keys', (t) => {
  const secret = (version: number) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's' },
    stringData: { password: { $secret: { id: 'a', version } } },
  });
  const hashOf = (object: unknown) => render([object]).objects[0]?.hash;
  t.not(hashOf(secret(1)), hashOf(secret(2)));
  const { apiVersion, kind, metadata, stringData } = secret(1);
  t.is(hashOf(secret(1)), hashOf({ stringData, metadata, kind, apiVersion }));
});
