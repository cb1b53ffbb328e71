import type { TestFn } from 'ava';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { InvalidObjectError } from '../../drivers/kubernetes/errors.js';
import { eventually } from '../helpers/eventually.js';
import { call } from './call.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import { apply, deploymentKey, healthy, keyOf, patience, signal } from './steps.js';

/** What a server makes of fields that are not declared, are of another type, or are left out. */
export function registerSchema(test: TestFn, given: Given): void {
  test('takes a field that is mistyped for a mistake in the object, and names it', async (t) => {
    const { driver, namespace } = await given(t);
    for (const { spec, words } of mistakes) {
      const web = make.deployment(namespace, 'web');
      const error = await t.throwsAsync(apply(driver, { ...web, spec: { ...(web.spec as object), ...spec } }), {
        instanceOf: InvalidObjectError,
      });
      t.true(error?.message.endsWith(`: ${words}`), error?.message);
    }
    t.is(await driver.get(deploymentKey(namespace), signal), null);
  });

  test('checks a custom resource by its schema, fills in defaults, and drops what is not declared', async (t) => {
    const { driver, transport, namespace } = await given(t);
    const group = `${namespace}.example.test`;
    const definition = await apply(driver, withSchema(make.definition(group)));
    t.teardown(() =>
      driver.delete(keyOf(definition), { uid: definition.metadata.uid ?? '', signal }).then(() => undefined),
    );
    await healthy(driver, keyOf(definition));
    const about = { apiVersion: `${group}/v1`, kind: 'Port' };
    const port = (spec: object): KubernetesObject => ({ ...about, metadata: { name: 'ostend', namespace }, spec });
    const stored = await eventually(() => apply(driver, port({ depth: 7, free: { a: { b: 1 } } })), patience);
    t.deepEqual(stored.spec, { depth: 7, sea: 'north', berths: 2, free: { a: { b: 1 } } });

    for (const [spec, words] of refusals) {
      const error = await t.throwsAsync(apply(driver, port(spec)), { instanceOf: InvalidObjectError });
      t.true(error?.message.includes(words), error?.message);
    }
    const body = { ...about, metadata: { name: 'posted' }, spec: { depth: 7, unknown: 1, free: { kept: 1 } } };
    const path = `/apis/${group}/v1/namespaces/${namespace}/ports`;
    const posted = await call<KubernetesObject>(transport, 'POST', path, { body });
    t.deepEqual(posted.spec, { depth: 7, sea: 'north', berths: 2, free: { kept: 1 } });
  });
}

const mistakes: readonly { readonly spec: object; readonly words: string }[] = [
  { spec: { replicass: 2 }, words: '.spec.replicass: field not declared in schema' },
  { spec: { replicas: 'two' }, words: '.spec.replicas: expected numeric (int or float), got string' },
  {
    spec: {
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'main', imagee: 'example.test/web:1' }] },
      },
    },
    words: '.spec.template.spec.containers[name="main"].imagee: field not declared in schema',
  },
];

const refusals: readonly (readonly [object, string])[] = [
  [{ depth: 7, unknown: 1 }, '.spec.unknown: field not declared in schema'],
  [{ depth: 'seven' }, '.spec.depth: expected numeric (int or float), got string'],
  [{ depth: 70 }, 'spec.depth: Invalid value: 70: spec.depth in body should be less than or equal to 30'],
  [{ depth: 0 }, 'spec.depth: Invalid value: 0: spec.depth in body should be greater than or equal to 1'],
  [{ depth: 7, sea: 'east' }, 'spec.sea: Unsupported value: "east": supported values: "north", "south"'],
  [{ depth: 7, code: 'OST' }, `spec.code: Invalid value: "OST": spec.code in body should match '^[a-z]+$'`],
  [{ depth: 7, code: 'ostende' }, 'spec.code: Too long: may not be more than 5 bytes'],
  [{ sea: 'north' }, 'spec.depth: Required value'],
];

function withSchema(definition: KubernetesObject): KubernetesObject {
  const properties = {
    depth: { type: 'integer', minimum: 1, maximum: 30 },
    sea: { type: 'string', enum: ['north', 'south'], default: 'north' },
    berths: { type: 'integer', default: 2 },
    code: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  };
  const spec = { type: 'object', required: ['depth'], properties };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
  const stated = definition.spec as { readonly versions: readonly object[] };
  return { ...definition, spec: { ...stated, versions: stated.versions.map((version) => ({ ...version, schema })) } };
}
