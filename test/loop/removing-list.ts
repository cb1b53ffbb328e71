import type { TestFn } from 'ava';
import { component, given } from './applying-objects.js';
import { keyIn, namespaceKey, startApplying, uidOf } from './applying-steps.js';
import type { LoopWorld } from './world.js';

/** What must hold of deleting. `world` is asked for when a test begins. */
export function declareRemovingList(test: TestFn, world: () => LoopWorld): void {
  test.serial('a definition stays while others have objects of it, which are named, and goes after them', async (t) => {
    const { rig, unique, ...on } = await startApplying(t, world());
    const group = `r${unique}.example.com`;
    const others = `others-${unique}`;
    await on.create(given.namespace(others));
    const instance = await rig.deploy(component(given.definition(group), given.configMap('settings')));
    await rig.becomes(instance.id, 'Healthy');
    await on.create(given.widget(group, 'theirs', 1, others));

    await rig.deploy(component(given.configMap('settings')));
    const said = new RegExp(
      `widgets\\.${group} is kept, .*: Widget/${others}/theirs\\. .*kubectl get widgets\\.${group}`,
    );
    t.is(await on.synced(instance, said), 'DeleteBlocked');
    await rig.becomes(instance.id, 'Healthy');

    await rig.remove(instance);
    await rig.says(instance.id, said);
    const theirs = { apiVersion: `${group}/v1`, kind: 'Widget', namespace: others, name: 'theirs' };
    t.is((await on.read(theirs))?.metadata.deletionTimestamp, undefined);
    await on.delete(theirs);
    await rig.isGone(instance);
    const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', namespace: null };
    await on.until({ ...definition, name: `widgets.${group}` }, null);
    await on.delete(namespaceKey(others));
    t.deepEqual(await on.everything(instance), []);
  });

  test.serial(
    'a finalizer that keeps an object is named with who has to act, and the removal goes on after that',
    async (t) => {
      const { rig, ...on } = await startApplying(t, world());
      const held = given.configMap('held');
      const metadata = { ...held.metadata, finalizers: ['example.com/keep'] };
      const pruned = { ...held, metadata: { ...metadata, name: 'pruned' } };
      const left = component({ ...held, metadata }, given.configMap('settings'));
      const instance = await rig.deploy(component({ ...held, metadata }, pruned, given.configMap('settings')));
      await rig.becomes(instance.id, 'Healthy');

      await rig.deploy(left);
      const said = /ConfigMap\/.*\/pruned is being deleted\. The finalizer example\.com\/keep keeps it/;
      t.is(await on.synced(instance, said), 'DeleteBlocked');
      await rig.becomes(instance.id, 'Healthy');
      await on.edit(keyIn(instance, 'v1', 'ConfigMap', 'pruned'), { metadata: { finalizers: null } });
      await on.synced(instance, /^$/);
      await rig.remove(instance);
      const seen = await rig.says(
        instance.id,
        /finalizer example\.com\/keep keeps it: the controller that set it has to remove it/,
      );
      t.regex(seen.message, new RegExp(`kubectl patch configmap held --namespace ${instance.namespace} `));
      t.is(await on.read(keyIn(instance, 'v1', 'ConfigMap', 'settings')), null);
      await on.edit(keyIn(instance, 'v1', 'ConfigMap', 'held'), { metadata: { finalizers: null } });
      await rig.isGone(instance);
      t.deepEqual(await on.everything(instance), []);
    },
  );

  test.serial('a namespace that hangs says what remains in it and the way out', async (t) => {
    const { rig, ...on } = await startApplying(t, world());
    const instance = await rig.deploy(component(given.configMap('settings')));
    await rig.becomes(instance.id, 'Healthy');
    const held = given.configMap('theirs', {}, instance.namespace);
    await on.create({ ...held, metadata: { ...held.metadata, finalizers: ['example.com/keep'] } });
    await rig.remove(instance);
    const seen = await rig.says(instance.id, /finalizers remaining: example\.com\/keep in 1 resource instances/);
    t.regex(seen.message, /Where one is gone, take its finalizer off by hand: kubectl patch/);
    await on.edit(keyIn(instance, 'v1', 'ConfigMap', 'theirs'), { metadata: { finalizers: null } });
    await rig.isGone(instance);
    await on.until(namespaceKey(instance.namespace), null);
    t.pass();
  });

  test.serial('a namespace that was there before stays, with all that others have in it', async (t) => {
    const { rig, unique, ...on } = await startApplying(t, world());
    const name = `before-${unique}`;
    const before = await on.create(given.namespace(name));
    const theirs = await on.create(given.configMap('theirs', {}, name));
    const instance = await rig.deploy(
      component(given.namespace(name), given.configMap('settings'), given.deployment('web', 1)),
    );
    await rig.becomes(instance.id, 'Healthy');
    t.truthy(await on.read({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: name, name: 'web' }));
    await rig.remove(instance);
    await rig.isGone(instance);
    const seen = await on.read(namespaceKey(name));
    t.is(uidOf(seen), uidOf(before));
    t.is(seen?.metadata.deletionTimestamp, undefined);
    const still = await on.read({ apiVersion: 'v1', kind: 'ConfigMap', namespace: name, name: 'theirs' });
    t.is(still?.metadata.resourceVersion, theirs.metadata.resourceVersion);
    t.deepEqual(await on.everything(instance), []);
    await on.delete(namespaceKey(name));
  });

  for (const { claims, isKept } of [
    { claims: undefined, isKept: true },
    { claims: 'delete', isKept: false },
  ] as const) {
    test.serial(
      `claims ${isKept ? 'outlive' : 'go with'} their StatefulSet when policy says ${claims ?? 'nothing'}`,
      async (t) => {
        const { rig, ...on } = await startApplying(t, world());
        const policy = claims ? { policy: { claims } } : {};
        const instance = await rig.deploy(component(given.statefulSet('db'), given.configMap('settings')), policy);
        await rig.becomes(instance.id, 'Healthy');
        const claim = keyIn(instance, 'v1', 'PersistentVolumeClaim', 'data-db-0');
        t.truthy(await on.read(claim));
        await rig.deploy(component(given.configMap('settings')), policy);
        await on.until(keyIn(instance, 'apps/v1', 'StatefulSet', 'db'), null);
        await on.until(keyIn(instance, 'v1', 'Pod', 'db-0'), null);
        if (!isKept) await on.until(claim, null);
        await rig.becomes(instance.id, 'Healthy');
        t.is((await on.read(claim)) !== null, isKept);
        await rig.remove(instance);
        await rig.isGone(instance);
        t.is(await on.read(claim), null);
      },
    );
  }

  test.serial(
    'claims that policy retains outlive the app, with their namespace, and are there for the next one',
    async (t) => {
      const { rig, unique, ...on } = await startApplying(t, world());
      const name = `kept-${unique}`;
      const policy = { policy: { claims: 'retain' } } as const;
      const alone = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'alone' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      };
      const objects = component(given.namespace(name), given.statefulSet('db'), alone);
      const keyOf = (claim: string) => ({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: name,
        name: claim,
      });
      const first = await rig.deploy(objects, policy);
      await on.until(keyOf('data-db-0'), (claim) => (claim.status as { phase?: string }).phase === 'Bound');
      const before = [await on.read(keyOf('data-db-0')), await on.read(keyOf('alone'))].map(uidOf);
      await rig.remove(first);
      await rig.isGone(first);
      t.is((await on.read(namespaceKey(name)))?.metadata.deletionTimestamp, undefined);
      t.deepEqual([await on.read(keyOf('data-db-0')), await on.read(keyOf('alone'))].map(uidOf), before);
      t.deepEqual(await on.everything(first), []);

      const second = await rig.deploy(objects, policy);
      t.not(second.id, first.id);
      await on.until({ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: name, name: 'db' }, () => true);
      await rig.says(second.id, /^(?!.*cannot be applied)/);
      await on.until(keyOf('data-db-0'), (claim) => uidOf(claim) === before[0]);
      await rig.remove(second);
      await rig.isGone(second);
      t.deepEqual([await on.read(keyOf('data-db-0')), await on.read(keyOf('alone'))].map(uidOf), before);
      await on.delete(namespaceKey(name));
    },
  );
}
