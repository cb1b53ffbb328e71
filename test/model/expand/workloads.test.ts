import test from 'ava';
import type { JsonObject } from '../../../lib/canonical.js';
import { BadInputError } from '../../../lib/errors.js';
import { createAppInstanceExpander } from '../../../model/expand/app-instance.js';
import { namespaceOf } from '../../../model/expand/namespace.js';
import { builtInKinds } from '../../../schema/kinds/built-in.js';

interface Given {
  readonly instance: { readonly id: string; readonly name: string; readonly spec: object };
  readonly release: { readonly number: number; readonly spec: object };
}

const expander = createAppInstanceExpander(builtInKinds);

function expand({ instance, release }: Given) {
  const spec = instance.spec as JsonObject;
  const resource = { ...instance, kind: 'AppInstance', spec, owner: null };
  const given = { number: release.number, spec: release.spec as JsonObject };
  return expander({ resource, release: given, project: 'default', environment: null, definition: null }).owned;
}

const id = '3f2a91c0-7b11-4c4e-8a2e-000000000001';
const instance = { id, name: 'hello', spec: { app: 'hello', release: 1, runtime: 'prod' } };
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hello' } };
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'carried' } };
const app = (components: { name: string; objects: (typeof configMap)[] }[]) => ({
  number: 1,
  spec: { components: components.map((component) => ({ ...component, type: 'manifests' as const })) },
});

test('makes one workload per component, after the one that holds the namespace', (t) => {
  const children = expand({ instance, release: app([{ name: 'web', objects: [configMap] }]) });
  t.deepEqual(
    children.map((child) => [child.name, child.spec.after]),
    [
      ['namespace', []],
      ['web', ['namespace']],
    ],
  );
  t.deepEqual(children[0]?.spec.objects, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'hello-3f2a91c07b' } },
  ]);
  t.is(children[1]?.spec.namespace, 'hello-3f2a91c07b');
});

test('gives the same for the same, so that a retry finds the same namespace', (t) => {
  const input = { instance, release: app([{ name: 'web', objects: [configMap] }]) };
  t.deepEqual(expand(input), expand(input));
});

test('uses the namespace that the manifests carry, and moves it to the workload that holds namespaces', (t) => {
  const children = expand({ instance, release: app([{ name: 'web', objects: [namespace, configMap] }]) });
  t.deepEqual(children[0]?.spec.objects, [namespace]);
  t.deepEqual(children[1]?.spec.objects, [configMap]);
  t.is(children[1]?.spec.namespace, 'carried');
});

test('a long instance name still gives a namespace that Kubernetes takes', (t) => {
  const name = `${'a'.repeat(51)}-${'b'.repeat(11)}`;
  const result = namespaceOf({ id, name });
  t.true(result.length <= 63);
  t.regex(result, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
  t.not(result, namespaceOf({ id: id.replace('3f2a', 'aaaa'), name }));
});

test('refuses a component called namespace, and two of one name', (t) => {
  for (const names of [['namespace'], ['web', 'web']]) {
    const components = names.map((name) => ({ name, objects: [configMap] }));
    t.throws(() => expand({ instance, release: app(components) }), { instanceOf: BadInputError });
  }
});

test('every workload gets the policy of the app, with what the instance says on top', (t) => {
  const appPolicy = { drift: 'report' as const, ignore: [{ path: 'spec.replicas' }] };
  const [holder, web] = expand({
    instance: { ...instance, spec: { ...instance.spec, policy: { drift: 'correct', ignore: [{ path: 'data.a' }] } } },
    release: { number: 1, spec: { ...app([{ name: 'web', objects: [configMap] }]).spec, policy: appPolicy } },
  });
  const merged = { drift: 'correct', ignore: [{ path: 'data.a' }, { path: 'spec.replicas' }] };
  t.deepEqual([holder?.spec.policy, web?.spec.policy], [merged, merged] as never);
});

test('a workload has no policy when nobody states one', (t) => {
  const [holder] = expand({ instance, release: app([{ name: 'web', objects: [configMap] }]) });
  t.false('policy' in (holder?.spec ?? {}));
});
