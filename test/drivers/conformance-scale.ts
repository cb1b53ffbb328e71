import type { TestFn } from 'ava';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { FieldConflictError } from '../../drivers/kubernetes/errors.js';
import { eventually } from '../helpers/eventually.js';
import { call, mergePatch } from './call.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import { apply, deploymentKey, equal, patience, podsIn, replicasOf, signal } from './steps.js';

/** What autoscalers write through, and how others see that it was they. */
export function registerScale(test: TestFn, given: Given): void {
  test('scales through the scale, and remembers by whom', async (t) => {
    const { driver, transport, namespace } = await given(t);
    await apply(driver, make.deployment(namespace, 'web', { replicas: 2 }));
    const path = scaleOf(namespace, 'deployments', 'web');
    t.like(await call(transport, 'GET', path), {
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { selector: 'app=web' },
    });
    await setReplicas(transport, path, 3);
    const scaled = await driver.get(deploymentKey(namespace), signal);
    t.is(replicasOf(scaled), 3);
    t.is(scaled?.metadata.generation, 2);
    const entry = managersOf(scaled).find((each) => each.manager === 'autoscaler');
    t.like(entry, { operation: 'Update', subresource: 'scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } });
    await eventually(async () => equal((await podsIn(driver, namespace)).length, 3), patience);

    const error = await t.throwsAsync(apply(driver, make.deployment(namespace, 'web', { replicas: 2 })), {
      instanceOf: FieldConflictError,
      message: /conflict with "autoscaler" with subresource "scale" using apps\/v1: \.spec\.replicas$/,
    });
    t.deepEqual(error?.conflicts, [{ field: '.spec.replicas', manager: 'autoscaler' }]);
    const yielded = await apply(driver, make.deployment(namespace, 'web', { replicas: null }));
    t.is(replicasOf(yielded), 3);
  });

  test('replaces a scale that is as it was seen, and no other', async (t) => {
    const { driver, transport, namespace } = await given(t);
    await apply(driver, make.statefulSet(namespace, 'store', 0));
    const path = scaleOf(namespace, 'statefulsets', 'store');
    const seen = await eventually(async () => {
      const scale = await call<KubernetesObject>(transport, 'GET', path);
      await call(transport, 'PUT', path, { body: { ...scale, spec: { replicas: 1 } } });
      return scale;
    }, patience);
    await t.throwsAsync(call(transport, 'PUT', path, { body: { ...seen, spec: { replicas: 5 } } }), {
      message: /^409: .*statefulsets\.apps "store": the object has been modified/,
    });
    await t.throwsAsync(setReplicas(transport, path, -1), {
      message:
        /^422: Scale\.autoscaling "store" is invalid: spec\.replicas: Invalid value: -1: must be greater than or equal to 0$/,
    });
    t.like(await call(transport, 'GET', path), { spec: { replicas: 1 } });
  });

  test('has no scale of what does not scale, or is not there', async (t) => {
    const { transport, namespace } = await given(t);
    await t.throwsAsync(call(transport, 'GET', scaleOf(namespace, 'deployments', 'web')), {
      message: '404: deployments.apps "web" not found',
    });
    await t.throwsAsync(call(transport, 'GET', scaleOf(namespace, 'daemonsets', 'web')), { message: /^404: / });
  });

  test('takes a status only where a status is written', async (t) => {
    const { driver, transport, namespace } = await given(t);
    await apply(driver, make.job(namespace, 'migrate', 'example.test/never-ready:1'));
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs/migrate`;
    const options = { contentType: mergePatch, body: { spec: { parallelism: 2 }, status: { failed: 7 } } };
    await call(transport, 'PATCH', path, options);
    const { spec, status } = await call<Job>(transport, 'GET', path);
    t.is(spec.parallelism, 2);
    t.not(status?.failed, 7);
    const patched = await call<Job>(transport, 'PATCH', `${path}/status`, {
      contentType: mergePatch,
      body: { spec: { parallelism: 3 }, status: { failed: 7 } },
    });
    t.is(patched.spec.parallelism, 2);
    t.is(patched.status?.failed, 7);
  });
}

interface Job {
  readonly spec: { readonly parallelism: number };
  readonly status?: { readonly failed?: number };
}

interface ManagedFields {
  readonly manager: string;
  readonly [field: string]: unknown;
}

function managersOf(object: KubernetesObject | null): readonly ManagedFields[] {
  return (object?.metadata.managedFields ?? []) as readonly ManagedFields[];
}

function scaleOf(namespace: string, plural: string, name: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/${plural}/${name}/scale`;
}

function setReplicas(transport: Parameters<typeof call>[0], path: string, replicas: number): Promise<unknown> {
  const query = { fieldManager: 'autoscaler' };
  return call(transport, 'PATCH', path, { query, contentType: mergePatch, body: { spec: { replicas } } });
}
