import type { TestFn } from 'ava';
import {
  FieldConflictError,
  InvalidObjectError,
  NotFoundError,
  PreconditionError,
} from '../../drivers/kubernetes/errors.js';
import type { JsonObject } from '../../lib/canonical.js';
import { eventually } from '../helpers/eventually.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import {
  absent,
  apply,
  applyAs,
  containerNames,
  deploymentKey,
  keyOf,
  replicasOf,
  signal,
  withContainers,
} from './steps.js';

/** What every driver does with writes. */
export function registerWrites(test: TestFn, given: Given): void {
  test('creates, leaves alone what is the same, and updates', async (t) => {
    const { driver, namespace } = await given(t);
    const created = await apply(driver, make.configMap(namespace, 'chart', { depth: '7' }));
    t.truthy(created.metadata.uid);

    const same = await apply(driver, make.configMap(namespace, 'chart', { depth: '7' }));
    t.is(same.metadata.resourceVersion, created.metadata.resourceVersion);

    const updated = await apply(driver, make.configMap(namespace, 'chart', { depth: '8' }));
    t.is(updated.metadata.uid, created.metadata.uid);
    t.not(updated.metadata.resourceVersion, created.metadata.resourceVersion);
    t.deepEqual(updated.data, { depth: '8' });
    t.deepEqual(await driver.get(keyOf(created), signal), updated);
  });

  test('makes an object that names a version which none has, and refuses it where one is there', async (t) => {
    const { driver, namespace } = await given(t);
    const configMap = make.configMap(namespace, 'chart', { depth: '7' });
    const onlyNew = (depth: string) => ({
      ...configMap,
      metadata: { ...configMap.metadata, resourceVersion: '1' },
      data: { depth },
    });
    const created = await apply(driver, onlyNew('7'));
    t.truthy(created.metadata.uid);
    await t.throwsAsync(apply(driver, onlyNew('8')), { instanceOf: PreconditionError });
    t.deepEqual(await driver.get(keyOf(created), signal), created);
  });

  test('fills what was applied as empty', async (t) => {
    const { driver, namespace } = await given(t);
    const withEnv = (env: JsonObject[], labels: JsonObject) => {
      const deployment = make.deployment(namespace, 'web', { replicas: 1 });
      const { template, ...spec } = deployment.spec as { readonly template: JsonObject };
      const containers = [{ name: 'main', image: 'example.com/web:1', env }];
      return {
        ...deployment,
        metadata: { ...deployment.metadata, labels: labels as Record<string, string> },
        spec: { ...spec, template: { ...template, spec: { containers } } },
      };
    };
    await apply(driver, withEnv([], {}));
    const filled = await apply(driver, withEnv([{ name: 'DEPTH', value: '7' }], { port: 'north' }));
    t.regex(JSON.stringify(filled.spec), /"env":\[\{"name":"DEPTH","value":"7"\}\]/);
    t.is(filled.metadata.labels?.port, 'north');
  });

  test('refuses a field of another manager, and names both', async (t) => {
    const { driver, transport, namespace } = await given(t);
    await applyAs(transport, 'autoscaler', make.deployment(namespace, 'web', { replicas: 5 }));

    const error = await t.throwsAsync(apply(driver, make.deployment(namespace, 'web', { replicas: 2 })), {
      instanceOf: FieldConflictError,
    });
    t.deepEqual(error?.conflicts, [{ field: '.spec.replicas', manager: 'autoscaler' }]);
    t.is(replicasOf(await driver.get(deploymentKey(namespace), signal)), 5);
  });

  test('takes a field of another manager when told to', async (t) => {
    const { driver, transport, namespace } = await given(t);
    await applyAs(transport, 'autoscaler', make.deployment(namespace, 'web', { replicas: 5 }));

    const taken = await driver.apply(make.deployment(namespace, 'web', { replicas: 2 }), { force: true, signal });
    t.is(replicasOf(taken), 2);
    const unforced = await apply(driver, make.deployment(namespace, 'web', { replicas: 3 }));
    t.is(replicasOf(unforced), 3);
  });

  test('removes a field that it alone owned and no longer states', async (t) => {
    const { driver, transport, namespace } = await given(t);
    await apply(driver, make.configMap(namespace, 'chart', { ours: '1', shared: '2' }));
    await applyAs(transport, 'pilot', make.configMap(namespace, 'chart', { shared: '2', theirs: '3' }));

    const applied = await apply(driver, make.configMap(namespace, 'chart', {}));
    t.deepEqual(applied.data, { shared: '2', theirs: '3' });
  });

  test('resets replicas to the default when their only owner leaves them out', async (t) => {
    const { driver, namespace } = await given(t);
    await apply(driver, make.deployment(namespace, 'web', { replicas: 3 }));
    t.is(replicasOf(await apply(driver, make.deployment(namespace, 'web', { replicas: null }))), 1);
  });

  test('merges containers by name, and removes the one that is no longer stated', async (t) => {
    const { driver, namespace } = await given(t);
    const both = withContainers(make.deployment(namespace, 'web'), ['main', 'sidecar']);
    await apply(driver, both);
    const applied = await apply(driver, withContainers(make.deployment(namespace, 'web'), ['main']));
    t.deepEqual(containerNames(applied), ['main']);
  });

  test('takes away by a merge what another manager added, and only from the version that was seen', async (t) => {
    const { driver, transport, namespace } = await given(t);
    await apply(driver, withContainers(make.deployment(namespace, 'web'), ['main']));
    await applyAs(transport, 'pilot', withContainers(make.deployment(namespace, 'web'), ['added']));
    const containers: JsonObject[] = [{ name: 'main', image: 'example.test/web:1' }];
    const patch = (resourceVersion: string) => ({
      metadata: { resourceVersion },
      spec: { template: { spec: { containers } } },
    });
    await t.throwsAsync(driver.merge(deploymentKey(namespace), patch('1'), signal), { instanceOf: PreconditionError });
    // A roll-out counts in the object, so that it may change between the read and the write.
    const merged = await eventually(
      async () => {
        const seen = await driver.get(deploymentKey(namespace), signal);
        return driver.merge(deploymentKey(namespace), patch(seen?.metadata.resourceVersion ?? ''), signal);
      },
      { timeoutMs: 10_000 },
    );
    t.deepEqual(containerNames(merged), ['main']);
    const again = await apply(driver, withContainers(make.deployment(namespace, 'web'), ['main']));
    t.deepEqual(containerNames(again), ['main']);
    const absent = { ...deploymentKey(namespace), name: 'absent' };
    await t.throwsAsync(driver.merge(absent, patch('1'), signal), { instanceOf: NotFoundError });
  });

  test('refuses an object that is stated from an older version', async (t) => {
    const { driver, namespace } = await given(t);
    const seen = await apply(driver, make.configMap(namespace, 'chart', { depth: '7' }));
    await apply(driver, make.configMap(namespace, 'chart', { depth: '8' }));

    const late = make.configMap(namespace, 'chart', { depth: '9' });
    const { resourceVersion = '' } = seen.metadata;
    await t.throwsAsync(apply(driver, { ...late, metadata: { ...late.metadata, resourceVersion } }), {
      instanceOf: PreconditionError,
    });
    t.deepEqual((await driver.get(keyOf(seen), signal))?.data, { depth: '8' });
  });

  test('says that the namespace is not there', async (t) => {
    const { driver, namespace } = await given(t);
    const error = await t.throwsAsync(apply(driver, make.configMap(`${namespace}-not`, 'chart', {})), {
      instanceOf: NotFoundError,
    });
    t.regex(error?.message ?? '', new RegExp(`namespaces "${namespace}-not" not found`));
  });

  test('says that the kind is not there', async (t) => {
    const { driver, namespace } = await given(t);
    const object = { apiVersion: 'nowhere.test/v1', kind: 'Reef', metadata: { name: 'a', namespace } };
    const error = await t.throwsAsync(apply(driver, object), { instanceOf: NotFoundError });
    t.regex(error?.message ?? '', /does not serve Reef of nowhere\.test\/v1/);
  });

  test('refuses a name without the namespace that its kind needs', async (t) => {
    const { driver } = await given(t);
    const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace: null, name: 'chart' };
    await t.throwsAsync(driver.get(key, signal), { instanceOf: InvalidObjectError, message: /needs a namespace/ });
    await t.throwsAsync(driver.delete(key, { uid: 'any', signal }), { instanceOf: InvalidObjectError });
  });

  test('passes on why an object is not taken', async (t) => {
    const { driver, namespace } = await given(t);
    const error = await t.throwsAsync(apply(driver, make.configMap(namespace, 'Not_A_Name', {})), {
      instanceOf: InvalidObjectError,
    });
    t.regex(error?.message ?? '', /metadata\.name/);
  });

  test('deletes only the very object that was seen', async (t) => {
    const { driver, namespace } = await given(t);
    const seen = await apply(driver, make.configMap(namespace, 'chart', { depth: '7' }));
    const { uid = '', resourceVersion = '' } = seen.metadata;
    const key = keyOf(seen);
    await t.throwsAsync(driver.delete(key, { uid: '00000000-0000-4000-8000-000000000000', signal }), {
      instanceOf: PreconditionError,
    });
    await apply(driver, make.configMap(namespace, 'chart', { depth: '8' }));
    await t.throwsAsync(driver.delete(key, { uid, resourceVersion, signal }), { instanceOf: PreconditionError });
    t.truthy(await driver.get(key, signal));

    t.is(await driver.delete(key, { uid, signal }), 'accepted');
    await absent(driver, key);
    t.is(await driver.delete(key, { uid, signal }), 'absent');
  });

  test('stores nothing in a dry run', async (t) => {
    const { driver, namespace } = await given(t);
    const object = make.configMap(namespace, 'chart', { depth: '7' });
    const answered = await driver.apply(object, { force: false, dryRun: true, signal });
    t.deepEqual(answered.data, { depth: '7' });
    t.is(await driver.get(keyOf(object), signal), null);
  });
}
