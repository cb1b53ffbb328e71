import test from 'ava';
import { findDifferences } from '../../../../controllers/workload/drift/differences.js';
import { parseFieldPattern } from '../../../../controllers/workload/drift/field-path.js';
import type { KubernetesObject } from '../../../../drivers/kubernetes/driver.js';
import type { JsonObject } from '../../../../lib/canonical.js';

interface Entry {
  readonly manager: string;
  readonly operation?: 'Apply' | 'Update';
  readonly subresource?: string;
  readonly time?: string;
  readonly fields: JsonObject;
}

const spec = (value: JsonObject): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: value,
});

function managed(object: KubernetesObject, ...entries: readonly Entry[]): KubernetesObject {
  const managedFields = entries.map(({ fields, operation = 'Update', ...entry }) => ({
    ...entry,
    operation,
    apiVersion: object.apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
  }));
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

const containers = (...items: readonly JsonObject[]) => spec({ template: { spec: { containers: items } } });
const containersOf = (fields: JsonObject) => ({ 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': fields } } } });
const time = '2026-11-22T21:00:00Z';
const at = '2026-11-22T21:00:00.000Z';

const cases: readonly {
  readonly title: string;
  readonly desired: KubernetesObject;
  readonly live: KubernetesObject;
  readonly ignored?: readonly string[];
  readonly found: readonly string[];
}[] = [
  {
    title: 'defaults, fields of others and other ways of writing a quantity are no difference',
    desired: spec({ replicas: 2, resources: { cpu: '1000m', memory: '1Gi' }, ports: [{ port: 80 }] }),
    live: spec({
      replicas: 2,
      resources: { cpu: '1', memory: '1024Mi' },
      ports: [{ port: 80, protocol: 'TCP' }],
      strategy: { type: 'RollingUpdate' },
    }),
    found: [],
  },
  {
    title: 'empty values are no difference to what is not there',
    desired: spec({ a: {}, b: [], c: '', d: null, volumes: [{ name: 'tmp', emptyDir: {} }] }),
    live: spec({ volumes: [{ name: 'tmp', emptyDir: {} }] }),
    found: [],
  },
  {
    title: 'a changed field is named with both values',
    desired: spec({ replicas: 2, paused: false }),
    live: spec({ replicas: 5, paused: true }),
    found: ['spec.replicas: 2 <- 5', 'spec.paused: false <- true'],
  },
  {
    title: 'a changed env var is one difference, wherever it stands in its list',
    desired: containers({
      name: 'web',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    }),
    live: containers({
      name: 'web',
      env: [
        { name: 'B', value: '3' },
        { name: 'A', value: '1' },
      ],
    }),
    found: ['spec.template.spec.containers[name=web].env[name=B].value: "2" <- "3"'],
  },
  {
    title: 'a container that is gone is one difference',
    desired: containers({ name: 'web' }, { name: 'log', image: 'l' }),
    live: containers({ name: 'web' }),
    found: ['spec.template.spec.containers[name=log]: {"name":"log","image":"l"} <- null'],
  },
  {
    title: 'ports are told apart by number and protocol',
    desired: spec({ ports: [{ port: 53 }, { port: 53, protocol: 'UDP', name: 'dns' }] }),
    live: spec({
      ports: [
        { port: 53, protocol: 'UDP', name: 'x' },
        { port: 53, protocol: 'TCP' },
      ],
    }),
    found: ['spec.ports[port=53,protocol=UDP].name: "dns" <- "x"'],
  },
  {
    title: 'a list of plain values is one value when its length differs, and places when not',
    desired: spec({ args: ['a', 'b'], more: ['x'] }),
    live: spec({ args: ['a', 'c'], more: ['x', 'y'] }),
    found: ['spec.args[1]: "b" <- "c"', 'spec.more: ["x"] <- ["x","y"]'],
  },
  {
    title: 'what is ignored is neither a difference nor part of one',
    desired: spec({ replicas: 2, template: { metadata: { annotations: { 'a.b/c': '1', keep: '2' } } } }),
    live: spec({ replicas: 5, template: {} }),
    ignored: ['spec.replicas', 'spec.template.metadata.annotations.a.b/c'],
    found: ['spec.template.metadata: {"annotations":{"keep":"2"}} <- null'],
  },
  {
    title: 'an ignored field of any item of a list is ignored in each',
    desired: containers({ name: 'a', image: '1' }, { name: 'b', image: '1' }),
    live: containers({ name: 'a', image: '2' }, { name: 'b', image: '2' }),
    ignored: ['spec.template.spec.containers[name=a].image'],
    found: ['spec.template.spec.containers[name=b].image: "1" <- "2"'],
  },
  {
    title: 'who wrote a value last is named, and when',
    desired: containers({ name: 'web', image: 'a:1' }),
    live: managed(
      containers({ name: 'web', image: 'a:2' }),
      {
        manager: 'portolan',
        operation: 'Apply',
        fields: containersOf({ 'k:{"name":"web"}': { '.': {}, 'f:name': {} } }),
      },
      { manager: 'old', time: '2026-01-01T00:00:00Z', fields: containersOf({ 'k:{"name":"web"}': { 'f:image': {} } }) },
      { manager: 'kubectl-edit', time, fields: containersOf({ 'k:{"name":"web"}': { 'f:image': {} } }) },
    ),
    found: [`spec.template.spec.containers[name=web].image: "a:1" <- "a:2" by kubectl-edit at ${at}`],
  },
  {
    title: 'a value that is stored otherwise than applied, and that nobody changed since, is no difference',
    desired: spec({ schedule: '@daily', mode: 420 }),
    live: managed(spec({ schedule: '0 0 * * *', mode: 1 }), {
      manager: 'portolan',
      operation: 'Apply',
      fields: { 'f:spec': { 'f:schedule': {} } },
    }),
    found: ['spec.mode: 420 <- 1'],
  },
  {
    title: 'a label that was taken off is a difference that nobody is named for',
    desired: { ...spec({}), metadata: { name: 'web', labels: { app: 'web' } } },
    live: managed(spec({}), { manager: 'portolan', operation: 'Apply', fields: { 'f:spec': {} } }),
    found: ['metadata.labels: {"app":"web"} <- null'],
  },
  {
    title: 'an item that another manager added to a stated list is a difference; one that nobody set is a default',
    desired: containers({ name: 'web' }),
    live: managed(
      containers({ name: 'web' }, { name: 'added' }, { name: 'default' }, { name: 'admitted' }),
      {
        manager: 'portolan',
        operation: 'Apply',
        fields: containersOf({ 'k:{"name":"web"}': { '.': {}, 'f:name': {} } }),
      },
      { manager: 'portolan', fields: containersOf({ 'k:{"name":"admitted"}': { '.': {}, 'f:name': {} } }) },
      { manager: 'kubectl-edit', time, fields: containersOf({ 'k:{"name":"added"}': { '.': {}, 'f:name': {} } }) },
    ),
    found: [`spec.template.spec.containers[name=added]: null <- {"name":"added"} by kubectl-edit at ${at}`],
  },
  {
    title: 'the keys of a list are those that the cluster tells, also of a kind that nobody here knows',
    desired: {
      ...spec({
        gates: [
          { id: 'n', open: true },
          { id: 's', open: true },
        ],
      }),
      kind: 'Harbor',
    },
    live: managed(
      spec({
        gates: [
          { id: 's', open: true },
          { id: 'n', open: false },
        ],
      }),
      { manager: 'portolan', operation: 'Apply', fields: { 'f:spec': { 'f:gates': { 'k:{"id":"n"}': { '.': {} } } } } },
    ),
    found: ['spec.gates[id=n].open: true <- false'],
  },
];

for (const { title, desired, live, ignored = [], found } of cases) {
  test(title, (t) => {
    const differences = findDifferences(desired, live, { ignored: ignored.map(parseFieldPattern), isApplied: true });
    const told = differences.map(({ path, desired: wanted, live: seen, manager, at: when }) => {
      const by = manager === null ? '' : ` by ${manager}${when === null ? '' : ` at ${when}`}`;
      return `${path}: ${JSON.stringify(wanted)} <- ${JSON.stringify(seen)}${by}`;
    });
    t.deepEqual(told, found);
  });
}

test('a secret value that somebody else set is a difference, and neither value is shown', (t) => {
  const desired = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'db' },
    stringData: { password: { $secret: { id: 'secret-1', version: 1 } }, user: 'admin' },
  };
  const seen = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'db' },
    data: { password: 'aHVudGVy', user: 'cm9vdA==' },
  };
  const ours = { manager: 'portolan', operation: 'Apply' as const };
  const live = managed(
    seen,
    { ...ours, fields: { 'f:data': { '.': {} } } },
    { manager: 'kubectl-edit', fields: { 'f:data': { 'f:password': {}, 'f:user': {} } } },
  );
  const found = findDifferences(desired, live, { isApplied: true });
  t.deepEqual(
    found.map(({ path, desired: wanted, live: value }) => [path, wanted, value]),
    [
      ['data.password', '(hidden)', '(hidden)'],
      ['data.user', '(hidden)', '(hidden)'],
    ],
  );
  const untouched = managed(seen, { ...ours, fields: { 'f:data': { 'f:password': {}, 'f:user': {} } } });
  t.deepEqual(findDifferences(desired, untouched, { isApplied: true }), []);
});

test('what an older apply set is a difference to what is desired now', (t) => {
  const live = managed(spec({ replicas: 1 }), {
    manager: 'portolan',
    operation: 'Apply',
    fields: { 'f:spec': { 'f:replicas': {} } },
  });
  t.is(findDifferences(spec({ replicas: 2 }), live).length, 1);
  t.is(findDifferences(spec({ replicas: 2 }), live, { isApplied: true }).length, 0);
});
