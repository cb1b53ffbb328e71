import test from 'ava';
import type { Json, JsonObject } from '../../lib/canonical.js';
import { type ManagedSpec, mergeApply, stateAll } from '../../model/managers.js';

const container = (name: string, image: string, more: JsonObject = {}) => ({ name, image, ...more });
const deployment = (name: string, containers: readonly Json[], more: JsonObject = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { replicas: 1, template: { spec: { containers } }, ...more },
});
const component = (name: string, objects: readonly Json[]) => ({ name, type: 'manifests', objects });
const app = {
  components: [
    component('db', [deployment('db', [container('db', 'maria:1')])]),
    component('web', [deployment('web', [container('web', 'nginx:1'), container('log', 'fluent:1')])]),
  ],
};
const image = 'components[web].objects[Deployment/web].spec.template.spec.containers[web].image';
const setImage = (value: string, name = 'web') => ({
  components: [
    {
      name: 'web',
      objects: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name },
          spec: { template: { spec: { containers: [{ name: 'web', image: value }] } } },
        },
      ],
    },
  ],
});
const apply = (current: ManagedSpec, stated: JsonObject, manager: string, takeOver = false) =>
  mergeApply(current, stated, manager, { takeOver });
const set = (current: ManagedSpec, stated: JsonObject, manager: string) =>
  mergeApply(current, stated, manager, { takeOver: true, isPartial: true });
const imageOf = ({ spec }: ManagedSpec) => JSON.stringify(spec).match(/nginx:\d/)?.[0];
const env = (...names: readonly string[]) => ({ env: names.map((name) => ({ name, value: name })) });
const names = ({ spec }: ManagedSpec, list = 'env') =>
  (spec[list] as readonly { readonly name: string }[] | undefined)?.map(({ name }) => name).join(' ');

test('CI sets an image, the file that states the old one is applied again, and the image stays', (t) => {
  const withImage = set(stateAll(app, 'file'), setImage('nginx:2'), 'ci');
  t.is(withImage.managers[image], 'ci');
  const again = apply(withImage, app, 'file');
  t.deepEqual(again.kept, [{ path: image, manager: 'ci', stated: 'nginx:1', actual: 'nginx:2' }]);
  t.deepEqual(again.conflicts, []);
  t.deepEqual(again.spec, withImage.spec);
});

test('the file may change everything else, and add and remove, while the image is CI’s', (t) => {
  const withImage = set(stateAll(app, 'file'), setImage('nginx:2'), 'ci');
  const changed = {
    components: [
      component('cache', [deployment('cache', [container('cache', 'redis:1')])]),
      component('web', [deployment('web', [container('web', 'nginx:1', { args: ['-v'] })], { replicas: 5 })]),
    ],
  };
  const merged = apply(withImage, changed, 'file');
  t.deepEqual(merged.conflicts, []);
  t.deepEqual(JSON.parse(JSON.stringify(merged.spec).replace('nginx:2', 'nginx:1')), changed);
});

test('a part of an item is merged into it, and moves no other', (t) => {
  const withImage = set(stateAll(app, 'file'), setImage('nginx:2'), 'ci');
  t.deepEqual(JSON.parse(JSON.stringify(withImage.spec).replace('nginx:2', 'nginx:1')), app);
  t.deepEqual(Object.keys(withImage.yielded), [image]);
});

test('an item goes with the manager that made it, with what others stated in it', (t) => {
  const withImage = apply(stateAll(app, 'file'), setImage('nginx:2'), 'ci', true);
  const without = { components: app.components.slice(0, 1) };
  const removed = apply(withImage, without, 'file');
  t.deepEqual(removed.spec, without);
  t.deepEqual(removed.yielded, {});
  t.is(imageOf(apply(removed, app, 'file')), 'nginx:1');
});

test('an item that another manager states as a whole stays when its maker leaves', (t) => {
  const both = apply(stateAll(app, 'file'), app, 'cli');
  t.deepEqual(both.yielded, { components: { cli: { same: true } } });
  const left = apply(both, { components: app.components.slice(0, 1) }, 'file');
  t.deepEqual(left.spec, app);
  t.deepEqual(left.managers, { 'components[db]': 'file', 'components[web]': 'cli' });
});

test('a list of which one manager states all has one entry', (t) => {
  t.deepEqual(stateAll(app, 'file').managers, { components: 'file' });
});

test('a map of managers that an older version stored, with a list as one field, is understood', (t) => {
  const old: ManagedSpec = { spec: app, managers: { components: 'file' } };
  const merged = apply(old, setImage('nginx:2'), 'ci');
  t.deepEqual(merged.conflicts, [{ path: image, manager: 'file', stated: 'nginx:2', actual: 'nginx:1' }]);
  t.deepEqual(apply(old, { components: app.components.slice(1) }, 'file').spec, {
    components: app.components.slice(1),
  });
});

const orders: readonly { title: string; before: string; stated: string; other?: string; expected: string }[] = [
  { title: 'as stated by the only manager', before: 'a b c', stated: 'c x a', expected: 'c x a' },
  { title: 'new at the front', before: 'a b', stated: 'x a b', expected: 'x a b' },
  { title: 'of others in their place', before: 'a b', other: 'o', stated: 'b a', expected: 'b a o' },
  { title: 'new before those of others', before: 'a b', other: 'o', stated: 'a b x', expected: 'a b x o' },
];
for (const { title, before, other, stated, expected } of orders) {
  test(`items of a list are ordered: ${title}`, (t) => {
    const own = stateAll(env(...before.split(' ')), 'file');
    const current = other === undefined ? own : apply(own, env(other), 'ci');
    const merged = apply(current, env(...stated.split(' ')), 'file');
    t.is(names(merged), expected);
    t.deepEqual(apply(merged, env(...stated.split(' ')), 'file').spec, merged.spec, 'stated again, nothing moves');
  });
}

test('who makes no item of a list does not order it', (t) => {
  const both = apply(stateAll(env('a', 'b'), 'file'), env('b', 'a'), 'ci');
  t.is(names(both), 'a b');
  t.is(names(apply(both, env('c'), 'ci')), 'a b c');
});

const keyed: readonly { title: string; list: string; items: readonly Json[]; expected: readonly string[] }[] = [
  {
    title: 'objects by kind, namespace and name',
    list: 'objects',
    items: [
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' } },
      { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'web' } },
      { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web' } },
    ],
    expected: ['[Service/shop/web]', '[Certificate.cert-manager.io/web]', '[Ingress/web]'],
  },
  {
    title: 'ports by number and protocol',
    list: 'ports',
    items: [{ name: 'dns', containerPort: 53, protocol: 'UDP' }, { containerPort: 53 }, { containerPort: 80 }],
    expected: ['[53/UDP]', '[53]', '[80]'],
  },
  {
    title: 'ports without numbers by name',
    list: 'ports',
    items: [{ name: 'http', targetPort: 'http' }],
    expected: ['[http]'],
  },
  {
    title: 'mounts by path, for a volume may be mounted twice',
    list: 'volumeMounts',
    items: [
      { name: 'data', mountPath: '/a' },
      { name: 'data', mountPath: '/b' },
    ],
    expected: ['[/a]', '[/b]'],
  },
  {
    title: 'anything by name',
    list: 'dependencies',
    items: [{ name: 'db' }, { name: 'q' }],
    expected: ['[db]', '[q]'],
  },
  {
    title: 'not when two have one name',
    list: 'env',
    items: [{ name: 'a' }, { name: 'a', value: '' }],
    expected: [''],
  },
  { title: 'not when one has no name', list: 'env', items: [{ name: 'a' }, { value: 'b' }], expected: [''] },
  { title: 'not scalars', list: 'args', items: ['a', 'b'], expected: [''] },
  { title: 'not what stands for a value', list: 'env', items: [{ $from: 'db.host' }], expected: [''] },
];
for (const { title, list, items, expected } of keyed) {
  test(`keys of items: ${title}`, (t) => {
    // Two managers, so that each item has its own entry.
    const [first, ...rest] = items;
    const mixed = expected.length > 1 ? apply(stateAll({ [list]: rest }, 'b'), { [list]: [first ?? null] }, 'a') : null;
    const managers = mixed ? mixed.managers : stateAll({ [list]: items, other: [] }, 'a').managers;
    const found = Object.keys(managers).filter((path) => path.startsWith(list));
    const wanted = mixed || expected[0] === '' ? expected.map((key) => `${list}${key}`) : [list];
    t.deepEqual(found.sort(), [...wanted].sort());
  });
}

test('names with dots and brackets are told from paths', (t) => {
  const spec = {
    components: [
      component('web', [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { 'a.b/c': 1, 'd]"': 2 } },
      ]),
    ],
    list: [{ name: '"x]\\' }, { name: 'y' }],
  };
  const both = set(
    stateAll(spec, 'file'),
    {
      components: [
        component('web', [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { 'a.b/c': 3 } }]),
      ],
    },
    'ci',
  );
  t.is(both.managers['components[web].objects[ConfigMap/c].data["a.b/c"]'], 'ci');
  t.deepEqual(JSON.parse(JSON.stringify(both.spec).replace('3', '1')), spec);
  t.deepEqual(apply(both, spec, 'file').spec, both.spec);
  t.deepEqual(mergeApply(both, {}, 'ci', { takeOver: false }).spec, spec);
});

test('a list that cannot be told apart any more is one field again, and a conflict where others have items', (t) => {
  const both = apply(stateAll(env('a', 'b'), 'file'), env('o'), 'ci');
  const twice = { env: [{ name: 'a' }, { name: 'a', value: 'x' }] };
  t.deepEqual(apply(stateAll(env('a', 'b'), 'file'), twice, 'file').spec, twice);
  t.deepEqual(
    apply(both, twice, 'file').conflicts.map(({ path }) => path),
    ['env[o].name', 'env[o].value'],
  );
  t.deepEqual(apply(both, twice, 'file', true).spec, twice);
});

test('that a list is empty is said of all of it, so items of others are a conflict', (t) => {
  const both = apply(stateAll(env('a', 'b'), 'file'), env('o'), 'ci');
  t.deepEqual(names(apply(both, {}, 'file')), 'o');
  const none = apply(both, { env: [] }, 'file');
  t.deepEqual(
    none.conflicts.map(({ path, manager }) => `${path} of ${manager}`),
    ['env[o].name of ci', 'env[o].value of ci'],
  );
  t.deepEqual(apply(both, { env: [] }, 'file', true).spec, { env: [] });
  t.is(apply(stateAll({ env: [] }, 'file'), env('o'), 'ci').conflicts[0]?.path, 'env');
});

test('an app of 2,000 objects is merged in time that grows with its size, not with its square', (t) => {
  const objects = Array.from({ length: 2000 }, (_, index) =>
    deployment(`web-${index}`, [
      container('web', 'nginx:1', { ports: [{ containerPort: 80 }], ...env('A', 'B', 'C') }),
      container('log', 'fluent:1', env('A', 'B', 'C')),
    ]),
  );
  const many = { components: [component('web', objects)] };
  const began = process.cpuUsage();
  const withImage = set(stateAll(many, 'file'), setImage('nginx:2', 'web-7'), 'ci');
  const again = apply(withImage, many, 'file');
  t.is(again.kept.length, 1);
  // About 0.7 s; comparing each field with each other would be 2,000,000,000 comparisons.
  t.true(process.cpuUsage(began).user < 5_000_000, 'less than five seconds of the processor');
});
