import type { TestFn } from 'ava';
import { component, given } from './applying-objects.js';
import { keyIn, startApplying } from './applying-steps.js';
import type { LoopWorld } from './world.js';

const hasColor = (color: string) => (object: { readonly [field: string]: unknown }) =>
  (object.data as { color?: string }).color === color;

/** What must hold where a cluster refuses objects. `world` is asked for when a test begins. */
export function declareRefusingList(test: TestFn, world: () => LoopWorld): void {
  test.serial(
    'a quota that is used up is named at once, keeps no other object, and is enough to be raised',
    async (t) => {
      const { rig, ...on } = await startApplying(t, world());
      const instance = await rig.deploy(component(given.configMap('settings')));
      await rig.becomes(instance.id, 'Healthy');
      const quota = {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'small', namespace: instance.namespace },
      };
      await on.create({ ...quota, spec: { hard: { 'count/configmaps': '1' } } });
      await on.until(keyIn(instance, 'v1', 'ResourceQuota', 'small'), ({ status }) =>
        JSON.stringify(status ?? {}).includes('used'),
      );
      await on.refuses(given.configMap('probe', {}, instance.namespace), 'exceeded quota: small');
      await rig.deploy(component(given.configMap('more'), given.configMap('settings', { color: 'red' })));
      const seen = await rig.says(instance.id, /ConfigMap\/more: .*exceeded quota: small/);
      t.deepEqual([seen.health, seen.reason], ['Degraded', 'QuotaExceeded']);
      await on.until(keyIn(instance, 'v1', 'ConfigMap', 'settings'), hasColor('red'));
      t.regex(await on.told(instance, 'QuotaExceeded', 'ConfigMap/more'), /exceeded quota: small/);
      await on.delete(keyIn(instance, 'v1', 'ResourceQuota', 'small'));
      await rig.becomes(instance.id, 'Healthy');
      t.truthy(await on.read(keyIn(instance, 'v1', 'ConfigMap', 'more')));
    },
  );

  test.serial('an admission webhook that does not answer is named at once, and keeps no other object', async (t) => {
    const { rig, unique, ...on } = await startApplying(t, world());
    const instance = await rig.deploy(component(given.configMap('settings'), given.deployment('web', 1)));
    await rig.becomes(instance.id, 'Healthy');
    const guard = `guard.w${unique}.example.com`;
    await on.create(given.brokenWebhook(guard, instance.namespace));
    await on.refuses(given.configMap('probe', {}, instance.namespace), guard);
    await rig.deploy(component(given.configMap('settings', { color: 'red' }), given.deployment('web', 2)));
    const seen = await rig.says(instance.id, new RegExp(`ConfigMap/settings: .*failed calling webhook "${guard}"`));
    t.deepEqual([seen.health, seen.reason], ['Degraded', 'WebhookFailed']);
    const web = keyIn(instance, 'apps/v1', 'Deployment', 'web');
    await on.until(web, ({ spec }) => (spec as { replicas?: number }).replicas === 2);
    t.regex(await on.told(instance, 'WebhookFailed', 'ConfigMap/settings'), new RegExp(guard));
    const configuration = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' };
    await on.delete({ ...configuration, namespace: null, name: guard });
    await rig.becomes(instance.id, 'Healthy');
    t.true(hasColor('red')((await on.read(keyIn(instance, 'v1', 'ConfigMap', 'settings'))) ?? {}));
  });

  test.serial(
    'an object without a namespace has one owner; the second learns whose it is, and has it when that one goes',
    async (t) => {
      const { rig, unique, ...on } = await startApplying(t, world());
      const role = (verb: string) => ({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: `reader-${unique}` },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: [verb] }],
      });
      const first = await rig.deploy(component(role('get'), given.configMap('settings')), { app: 'first' });
      await rig.becomes(first.id, 'Healthy');
      const second = await rig.deploy(component(role('list'), given.configMap('settings')), { app: 'second' });
      const seen = await rig.says(second.id, /belongs to component web of the app instance first already/);
      t.is(seen.health, 'Degraded');
      t.regex(seen.message, /an object has one owner\. Rename it in one of them, or delete the other\./);
      await on.until(keyIn(second, 'v1', 'ConfigMap', 'settings'), hasColor('blue'));
      const key = {
        apiVersion: role('get').apiVersion,
        kind: 'ClusterRole',
        namespace: null,
        name: `reader-${unique}`,
      };
      t.deepEqual((await on.read(key))?.rules, role('get').rules);
      await rig.remove(first);
      await rig.isGone(first);
      await rig.becomes(second.id, 'Healthy');
      t.deepEqual((await on.read(key))?.rules, role('list').rules);
      await rig.remove(second);
      await rig.isGone(second);
      await on.until(key, null);
    },
  );

  test.serial(
    'what a hand did to a Secret while no controller ran is put back, and nothing is told when it did nothing',
    async (t) => {
      const { rig, ...on } = await startApplying(t, world());
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web' }, stringData: { password: 'first' } };
      const instance = await rig.deploy(component(secret, given.configMap('settings')));
      await rig.becomes(instance.id, 'Healthy');
      await on.stop();
      const key = keyIn(instance, 'v1', 'Secret', 'web');
      const before = await on.read(key);
      await on.start();
      await rig.deploy(component(secret, given.configMap('settings', { color: 'red' })));
      await on.until(keyIn(instance, 'v1', 'ConfigMap', 'settings'), hasColor('red'));
      await rig.becomes(instance.id, 'Healthy');
      t.is((await on.read(key))?.metadata.resourceVersion, before?.metadata.resourceVersion);
      await on.stop();
      await on.edit(key, { data: { password: Buffer.from('by hand').toString('base64') } });
      await on.start();
      await on.until(
        key,
        ({ data }) => (data as { password?: string }).password === Buffer.from('first').toString('base64'),
      );
      t.regex(await on.told(instance, 'Corrected', 'Secret/web'), /kubectl-patch.*\(hidden\)/);
      await rig.becomes(instance.id, 'Healthy');
    },
  );

  test.serial(
    'an object that only a frozen pass knew of is found by its mark and pruned; a copy of it is not',
    async (t) => {
      const { rig, ...on } = await startApplying(t, world());
      const instance = await rig.deploy(component(given.configMap('settings')));
      await rig.becomes(instance.id, 'Healthy');
      const seen = await on.read(keyIn(instance, 'v1', 'ConfigMap', 'settings'));
      const { labels = {}, annotations = {} } = seen?.metadata ?? {};
      const like = (name: string) => {
        const map = given.configMap(name, {}, instance.namespace);
        return { ...map, metadata: { ...map.metadata, labels, annotations } };
      };
      const copy = await on.create(like('copy'));
      // As the driver of a controller writes it.
      await rig.driver.apply(like('stray'), { force: false, signal: AbortSignal.timeout(60_000) });
      await on.until(keyIn(instance, 'v1', 'ConfigMap', 'stray'), null);
      const still = await on.read(keyIn(instance, 'v1', 'ConfigMap', 'copy'));
      t.is(still?.metadata.resourceVersion, copy.metadata.resourceVersion);
      await on.delete(keyIn(instance, 'v1', 'ConfigMap', 'copy'));
      await rig.becomes(instance.id, 'Healthy');
    },
  );
}
