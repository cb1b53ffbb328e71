import type { TestFn } from 'ava';
import { component, given } from './applying-objects.js';
import { keyIn, startApplying, uidOf } from './applying-steps.js';
import type { LoopWorld } from './world.js';

/** What must hold of applying. `world` is asked for when a test begins. */
export function declareApplyingList(test: TestFn, world: () => LoopWorld): void {
  test.serial(
    'a definition, its resource, sixty ConfigMaps and a Job deploy, change and go without a trace',
    async (t) => {
      const { rig, unique, ...on } = await startApplying(t, world());
      const group = `a${unique}.example.com`;
      const others = `others-${unique}`;
      await on.create(given.namespace(others));
      const theirs = await on.create(given.configMap('theirs', {}, others));
      const maps = Array.from({ length: 60 }, (_, index) => given.configMap(`map-${index}`));
      const among = given.configMap('ours', {}, others);
      const rest = [given.definition(group), given.widget(group, 'first'), among];

      const instance = await rig.deploy(component(given.job('migrate', 'example.com/migrate:1'), ...maps, ...rest));
      await rig.becomes(instance.id, 'Healthy');
      const names = [...maps, ...rest].map(({ kind, metadata }) => `${kind}/${metadata.name}`);
      const whole = [...names, 'Job/migrate', `Namespace/${instance.namespace}`].sort();
      t.deepEqual(await rig.inventory(instance), whole);
      const before = {
        job: await on.read(keyIn(instance, 'batch/v1', 'Job', 'migrate')),
        map: await on.read(keyIn(instance, 'v1', 'ConfigMap', 'map-0')),
      };

      const later = [given.job('migrate', 'example.com/migrate:2'), ...maps.slice(0, 59), ...rest];
      await rig.deploy(component(...later));
      await on.until(keyIn(instance, 'v1', 'ConfigMap', 'map-59'), null);
      await on.until(keyIn(instance, 'batch/v1', 'Job', 'migrate'), (job) => uidOf(job) !== uidOf(before.job));
      t.regex(
        await on.told(instance, 'Replaced', 'Job/migrate'),
        /spec\.template cannot be changed .* deleted and made again/,
      );
      await rig.becomes(instance.id, 'Healthy');
      const left = whole.filter((name) => name !== 'ConfigMap/map-59');
      t.deepEqual(await rig.inventory(instance), left);
      t.deepEqual(await on.read(keyIn(instance, 'v1', 'ConfigMap', 'map-0')), before.map);

      await rig.remove(instance);
      await rig.isGone(instance);
      t.deepEqual(await on.everything(instance), []);
      t.is(
        await on
          .read({ ...keyIn(instance, 'v1', 'Namespace', others), namespace: null })
          .then((seen) => seen?.metadata.deletionTimestamp),
        undefined,
      );
      const still = await on.read({ apiVersion: 'v1', kind: 'ConfigMap', namespace: others, name: 'theirs' });
      t.is(still?.metadata.resourceVersion, theirs.metadata.resourceVersion);
      t.is(await on.read({ apiVersion: 'v1', kind: 'ConfigMap', namespace: others, name: 'ours' }), null);
      await on.delete({ apiVersion: 'v1', kind: 'Namespace', namespace: null, name: others });
    },
  );

  test.serial('what an autoscaler scaled stays so through ten releases, and all else in them converges', async (t) => {
    const { rig, ...on } = await startApplying(t, world());
    const release = (replicas: number | null, number: number) =>
      rig.deploy(component(given.deployment('web', replicas, `example.com/web:${number}`), given.autoscaler('web')));
    // That it cannot measure anything is the autoscaler's own trouble here.
    const instance = await release(3, 1);
    await on.synced(instance, /^$/);
    const web = keyIn(instance, 'apps/v1', 'Deployment', 'web');
    await on.scale(web, 7);
    for (let number = 2; number <= 11; number++) {
      // From the eighth on, the manifest says nothing of replicas.
      await release(number < 8 ? 3 : null, number);
      const seen = await on.until(web, (object) => imageOf(object) === `example.com/web:${number}`);
      t.is(replicasOf(seen), 7, `release ${number}`);
    }
    await on.synced(instance, /^$/);
    t.is(replicasOf(await on.read(web)), 7);

    // Without the autoscaler the manifest has the word again.
    await rig.deploy(component(given.deployment('web', 2, 'example.com/web:11')));
    await on.until(web, (object) => replicasOf(object) === 2);
    await rig.becomes(instance.id, 'Healthy');
  });

  test.serial('replicas that leave the manifest before the autoscaler has scaled keep their number', async (t) => {
    const { rig, ...on } = await startApplying(t, world());
    const instance = await rig.deploy(component(given.deployment('web', 3)));
    await on.synced(instance, /^$/);
    const web = keyIn(instance, 'apps/v1', 'Deployment', 'web');
    for (const number of [2, 3]) {
      await rig.deploy(component(given.autoscaler('web'), given.deployment('web', null, `example.com/web:${number}`)));
      const seen = await on.until(web, (object) => imageOf(object) === `example.com/web:${number}`);
      t.is(replicasOf(seen), 3);
    }
    await on.scale(web, 4);
    await rig.deploy(component(given.autoscaler('web'), given.deployment('web', null, 'example.com/web:4')));
    t.is(replicasOf(await on.until(web, (object) => imageOf(object) === 'example.com/web:4')), 4);
    await on.synced(instance, /^$/);
  });

  test.serial('a Job that went by its own time-out is not run again before its render changes', async (t) => {
    const { rig, ...on } = await startApplying(t, world());
    const release = (image: string, color: string) =>
      rig.deploy(
        component(given.job('once', image, { ttlSecondsAfterFinished: 0 }), given.configMap('settings', { color })),
      );
    const instance = await release('example.com/once:1', 'blue');
    const once = keyIn(instance, 'batch/v1', 'Job', 'once');
    const settings = keyIn(instance, 'v1', 'ConfigMap', 'settings');
    await on.told(instance, 'Created', 'Job/once');
    await on.until(once, null);
    await rig.becomes(instance.id, 'Healthy');
    for (const color of ['green', 'red', 'grey']) {
      await release('example.com/once:1', color);
      await on.until(settings, (object) => (object.data as { color?: string }).color === color);
      t.is(await on.read(once), null);
    }
    await rig.becomes(instance.id, 'Healthy');
    const { events } = await rig.sdk.ListEvents({ filter: { resourceId: instance.id, withChildren: true } });
    const made = events.nodes.filter(
      ({ reason, object }) => object.endsWith('/once') && /^(Created|Recreated)$/.test(reason),
    );
    t.deepEqual(
      made.map(({ count }) => count),
      [1],
    );
    await release('example.com/once:2', 'grey');
    await on.until(once, (object) => JSON.stringify(object.spec).includes('once:2'));
    await rig.becomes(instance.id, 'Healthy');
  });

  test.serial(
    'a field that cannot be changed is named with the way out, keeps no other object, and may be changed back',
    async (t) => {
      const { rig, ...on } = await startApplying(t, world());
      const release = (app: string, color: string) =>
        rig.deploy(
          component(given.deployment('web', 1, 'example.com/web:1', app), given.configMap('settings', { color })),
        );
      const instance = await release('web', 'blue');
      await rig.becomes(instance.id, 'Healthy');
      const web = keyIn(instance, 'apps/v1', 'Deployment', 'web');
      const before = uidOf(await on.read(web));
      await release('other', 'red');
      const seen = await rig.says(
        instance.id,
        /spec\.selector cannot be changed in the Deployment .* list Deployment in policy\.replace/,
      );
      t.deepEqual([seen.health, seen.reason], ['Degraded', 'Immutable']);
      await on.until(
        keyIn(instance, 'v1', 'ConfigMap', 'settings'),
        (object) => (object.data as { color?: string }).color === 'red',
      );
      await release('web', 'green');
      await rig.becomes(instance.id, 'Healthy');
      t.is(uidOf(await on.read(web)), before);

      await rig.deploy(component(given.deployment('web', 1, 'example.com/web:1', 'other')), {
        policy: { replace: ['Deployment'] },
      });
      await on.until(web, (object) => uidOf(object) !== before);
      await rig.becomes(instance.id, 'Healthy');
    },
  );
}

function replicasOf(object: { readonly [field: string]: unknown } | null): number | undefined {
  return (object?.spec as { replicas?: number } | undefined)?.replicas;
}

function imageOf(object: { readonly [field: string]: unknown }): string | undefined {
  const { template } = object.spec as { template: { spec: { containers: readonly { image: string }[] } } };
  return template.spec.containers[0]?.image;
}
