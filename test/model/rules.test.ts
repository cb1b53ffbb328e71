import test from 'ava';
import { BadInputError } from '../../lib/errors.js';
import { fillInstance } from '../../model/defaults.js';
import { diff } from '../../model/diff.js';
import { leaseKeyOf, shardCount } from '../../model/lease-key.js';
import { listReferences } from '../../model/references.js';
import { upgradeSpec } from '../../model/upgrade.js';
import { appInstanceKind } from '../../schema/kinds/app-instance.js';
import { kubernetesRuntimeKind } from '../../schema/kinds/kubernetes-runtime.js';
import { projectKind } from '../../schema/kinds/project.js';
import { workloadKind } from '../../schema/kinds/workload.js';

const layers = {
  app: 'hello',
  newestRelease: 4,
  environment: 'dev',
  environmentRuntime: null,
  runtimes: ['prod'],
  defaultRuntime: null,
};

test('an instance that leaves out release and runtime gets the newest and the nearest', (t) => {
  const both = { ...layers, environmentRuntime: 'near', defaultRuntime: 'far' };
  t.deepEqual(fillInstance({ app: 'hello' }, both), {
    spec: { app: 'hello', release: 4, runtime: 'near' },
    filled: { release: 'layer:release/4', runtime: 'layer:environment/dev' },
  });
  t.is(fillInstance({ app: 'hello' }, { ...layers, defaultRuntime: 'far' }).spec.runtime, 'far');
});

test('what an instance states is left alone', (t) => {
  const spec = { app: 'hello', release: 1, runtime: 'mine' };
  t.deepEqual(fillInstance(spec, layers), { spec, filled: {} });
});

test('an instance for which nothing names a runtime is refused, with the runtimes that there are', (t) => {
  t.throws(() => fillInstance({ app: 'hello' }, layers), {
    instanceOf: BadInputError,
    message: /dev.*Runtimes here: prod/,
  });
  t.throws(() => fillInstance({ app: 'hello' }, { ...layers, newestRelease: null }), { message: /no release/ });
});

test('a diff names the smallest fields that differ', (t) => {
  const before = { a: 1, b: { c: [1, 2], d: 'x' } };
  t.deepEqual(diff(before, { a: 1, b: { c: [1, 3] } }), [
    { path: 'b.c.1', before: 2, after: 3 },
    { path: 'b.d', before: 'x', after: undefined },
  ]);
  t.deepEqual(diff(before, structuredClone(before)), []);
});

test('a reference is listed with its path, and each item of an array with its index', (t) => {
  const spec = { runtime: 'prod', after: ['namespace', 'db'] };
  t.deepEqual(
    listReferences(workloadKind, spec).map(({ path, kind, name }) => [path, kind, name]),
    [
      ['runtime', 'KubernetesRuntime', 'prod'],
      ['after.0', 'Workload', 'namespace'],
      ['after.1', 'Workload', 'db'],
    ],
  );
  t.deepEqual(listReferences(appInstanceKind, { app: 'a' }).length, 1);
});

test('a lease is per runtime for what acts on one, and per shard otherwise', (t) => {
  const none = () => null;
  t.is(leaseKeyOf(projectKind, 'x', none), null);
  t.is(leaseKeyOf(kubernetesRuntimeKind, 'r1', none), 'KubernetesRuntime/r1');
  t.is(
    leaseKeyOf(workloadKind, 'w1', (path) => (path === 'runtime' ? 'KubernetesRuntime/r1' : null)),
    'KubernetesRuntime/r1',
  );
  const key = leaseKeyOf(appInstanceKind, '3f2a91c0-7b11-4c4e-8a2e-0000000000ff', none);
  t.is(key, `shard/${255 % shardCount}`);
});

test('an older spec is read through every upgrader in turn, and a newer one is refused', (t) => {
  const kind = {
    ...projectKind,
    specVersion: 3,
    upgraders: {
      1: (spec: unknown) => ({ ...(spec as object), two: true }),
      2: (spec: unknown) => ({ ...(spec as object), three: true }),
    },
  };
  t.deepEqual(upgradeSpec(kind, 1, { one: true }), { one: true, two: true, three: true });
  t.deepEqual(upgradeSpec(kind, 3, { as: 'is' }), { as: 'is' });
  t.throws(() => upgradeSpec(kind, 4, {}), { message: /Upgrade it/ });
});
