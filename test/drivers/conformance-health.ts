import type { TestFn } from 'ava';
import type { ObjectKey } from '../../drivers/kubernetes/driver.js';
import { objectHealth } from '../../drivers/kubernetes/health.js';
import { eventually } from '../helpers/eventually.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import { absent, apply, equal, healthOf, healthy, imageOf, keyOf, patience, podsIn, signal } from './steps.js';

/** What a cluster makes of what is applied, as a driver sees it. */
export function registerHealth(test: TestFn, given: Given): void {
  test('deletes in the background what a deleted object owned', async (t) => {
    const { driver, namespace } = await given(t);
    const deployment = await apply(driver, make.deployment(namespace, 'web', { replicas: 2 }));
    await eventually(async () => equal((await podsIn(driver, namespace)).length, 2), patience);

    t.is(await driver.delete(keyOf(deployment), { uid: deployment.metadata.uid ?? '', signal }), 'accepted');
    await absent(driver, keyOf(deployment));
    await eventually(async () => equal((await podsIn(driver, namespace)).length, 0), patience);
    t.pass();
  });

  test('empties a namespace that is deleted, and takes nothing new into it', async (t) => {
    const { driver, namespace } = await given(t);
    await apply(driver, make.configMap(namespace, 'chart', {}));
    const key: ObjectKey = { apiVersion: 'v1', kind: 'Namespace', namespace: null, name: namespace };
    const uid = (await driver.get(key, signal))?.metadata.uid ?? '';
    await driver.delete(key, { uid, signal });
    await absent(driver, key);
    t.is(await driver.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'chart' }, signal), null);
  });

  test('sees a Deployment become ready', async (t) => {
    const { driver, namespace } = await given(t);
    const applied = await apply(driver, make.deployment(namespace, 'web', { replicas: 3 }));
    t.is(objectHealth(applied, { pods: [] }).health, 'Progressing');
    const ready = await healthy(driver, keyOf(applied));
    t.is((ready.status as { readyReplicas?: number }).readyReplicas, 3);
    t.is((await podsIn(driver, namespace)).length, 3);
  });

  test('rolls a Deployment over to another image', async (t) => {
    const { driver, namespace } = await given(t);
    const applied = await apply(driver, make.deployment(namespace, 'web', { replicas: 2 }));
    await healthy(driver, keyOf(applied));
    await apply(driver, make.deployment(namespace, 'web', { replicas: 2, image: 'example.test/web:2' }));
    await healthy(driver, keyOf(applied));
    await eventually(async () => {
      const images = (await podsIn(driver, namespace)).map(imageOf);
      equal(images.join(), 'example.test/web:2,example.test/web:2');
    }, patience);
    t.pass();
  });

  test('sees on the pods that an image cannot be pulled', async (t) => {
    const { driver, namespace } = await given(t);
    const applied = await apply(driver, make.deployment(namespace, 'web', { image: 'example.test/does-not-exist:7' }));
    const seen = await eventually(async () => {
      const health = await healthOf(driver, keyOf(applied));
      equal(health.reason, 'ImagePullFailed');
      return health;
    }, patience);
    t.is(seen.health, 'Degraded');
    t.regex(seen.message, /^Image example\.test\/does-not-exist:7 of container main cannot be pulled/);
  });

  test('sees on the pods that a container crashes again and again', async (t) => {
    const { driver, namespace } = await given(t);
    const applied = await apply(driver, make.deployment(namespace, 'web', { image: 'example.test/crash-loop:1' }));
    const seen = await eventually(async () => {
      const health = await healthOf(driver, keyOf(applied));
      equal(health.reason, 'CrashLoop');
      return health;
    }, patience);
    t.is(seen.health, 'Degraded');
    t.regex(seen.message, /^Container main exits with code 1/);
  });

  test('sees the claims of a StatefulSet bound, and the set ready', async (t) => {
    const { driver, namespace } = await given(t);
    const applied = await apply(driver, make.statefulSet(namespace, 'store', 2));
    await healthy(driver, keyOf(applied));
    const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: 'data-store-1' };
    t.is((await healthOf(driver, claim)).health, 'Healthy');
  });

  test('sees a disruption budget count its pods', async (t) => {
    const { driver, namespace } = await given(t);
    await healthy(driver, keyOf(await apply(driver, make.deployment(namespace, 'web', { replicas: 2 }))));
    const budget = await apply(driver, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace },
      spec: { minAvailable: '50%', selector: { matchLabels: { app: 'web' } } },
    });
    const { status } = await healthy(driver, keyOf(budget));
    t.like(status, { expectedPods: 2, currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1 });
  });

  test('sees a Job complete, and another fail', async (t) => {
    const { driver, namespace } = await given(t);
    const good = await apply(driver, make.job(namespace, 'good'));
    const bad = await apply(driver, make.job(namespace, 'bad', 'example.test/crash-loop:1'));
    t.is((await healthy(driver, keyOf(good))).kind, 'Job');
    await eventually(
      async () => equal((await healthOf(driver, keyOf(bad))).message.split(':')[0], 'It failed'),
      patience,
    );
  });
}
