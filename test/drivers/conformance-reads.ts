import type { TestFn } from 'ava';
import { createApiDriver } from '../../drivers/kubernetes/api-driver.js';
import { CredentialRefusedError, UnreachableError } from '../../drivers/kubernetes/errors.js';
import { eventually } from '../helpers/eventually.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import { apply, collect, configMaps, ending, equal, healthy, keyOf, patience, signal, truthy, type } from './steps.js';

/** What every driver reads, lists and watches. */
export function registerReads(test: TestFn, given: Given): void {
  test('says the version of the server', async (t) => {
    const { driver } = await given(t);
    t.regex(await driver.version(signal), /^v1\.\d+\.\d+/);
  });

  test('answers null for an object and for a kind that are not there', async (t) => {
    const { driver, namespace } = await given(t);
    t.is(await driver.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'nothing' }, signal), null);
    t.is(await driver.get({ apiVersion: 'nowhere.test/v1', kind: 'Reef', namespace, name: 'nothing' }, signal), null);
    t.is(await driver.resolve('nowhere.test/v1', 'Reef', signal), null);
    t.is(await driver.resolve('apps/v1', 'Reef', signal), null);
  });

  test('tells kinds with a namespace from those without', async (t) => {
    const { driver } = await given(t);
    t.deepEqual(await driver.resolve('v1', 'ConfigMap', signal), type('v1', 'ConfigMap', 'configmaps', true));
    t.deepEqual(await driver.resolve('v1', 'Namespace', signal), type('v1', 'Namespace', 'namespaces', false));
    t.deepEqual(
      await driver.resolve('networking.k8s.io/v1', 'NetworkPolicy', signal),
      type('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', true),
    );
  });

  test('tells every kind that can be listed, each once', async (t) => {
    const { driver, namespace } = await given(t);
    const group = `s${namespace}.example.test`;
    const definition = await apply(driver, make.definition(group));
    t.teardown(
      async () => void (await driver.delete(keyOf(definition), { uid: definition.metadata.uid ?? '', signal })),
    );
    await eventually(async () => {
      const { types, unavailable } = await driver.served(signal);
      equal(unavailable.join(), '');
      const keys = types.map(({ apiVersion, kind }) => `${apiVersion.replace(/[^/]+$/, '')}${kind}`);
      equal(keys.length, new Set(keys).size);
      for (const kind of [
        'ConfigMap',
        'apps/Deployment',
        'networking.k8s.io/Ingress',
        'batch/CronJob',
        `${group}/Port`,
      ]) {
        truthy(keys.includes(kind));
      }
      const horizontal = types.find(({ kind }) => kind === 'HorizontalPodAutoscaler');
      equal(horizontal?.apiVersion, 'autoscaling/v2');
      truthy(!types.some(({ kind }) => kind === 'SelfSubjectAccessReview' || kind === 'Scale'));
    }, patience);
    t.pass();
  });

  test('lists what carries the labels, over several pages', async (t) => {
    const { driver, transport, namespace } = await given(t);
    const names = Array.from({ length: 25 }, (_, index) => `chart-${String(index).padStart(2, '0')}`);
    await Promise.all(names.map((name) => apply(driver, make.configMap(namespace, name, {}, { sea: namespace }))));
    await apply(driver, make.configMap(namespace, 'other', {}, { sea: 'other' }));

    const paged = createApiDriver(transport, { pageSize: 10 });
    const listed = await paged.list(configMaps, { selector: `sea=${namespace}`, signal });
    t.deepEqual(listed.objects.map((object) => object.metadata.name).sort(), names);
    t.true(listed.objects.every((object) => object.kind === 'ConfigMap' && object.apiVersion === 'v1'));
    t.regex(listed.resourceVersion, /^\d+$/);
    const within = await paged.list(configMaps, { selector: '', namespace, signal });
    t.true(within.objects.some((object) => object.metadata.name === 'other'));
  });

  test('sees what is added, modified and deleted', async (t) => {
    const { driver, namespace } = await given(t);
    const labels = { sea: namespace };
    const { resourceVersion } = await driver.list(configMaps, { selector: `sea=${namespace}`, signal });
    const events = collect(
      driver.watch(configMaps, { selector: `sea=${namespace}`, resourceVersion, signal: ending(t) }),
    );

    const added = await apply(driver, make.configMap(namespace, 'chart', { depth: '7' }, labels));
    await apply(driver, make.configMap(namespace, 'chart', { depth: '8' }, labels));
    await driver.delete(keyOf(added), { uid: added.metadata.uid ?? '', signal });
    await eventually(() => equal(events.changes.map((each) => each.type).join(), 'added,modified,deleted'), patience);
    t.deepEqual(events.changes[1]?.object.data, { depth: '8' });
  });

  test('ends a watch at once when its signal aborts', async (t) => {
    const { driver } = await given(t);
    const { resourceVersion } = await driver.list(configMaps, { selector: '', signal });
    const stop = new AbortController();
    const events = collect(driver.watch(configMaps, { selector: '', resourceVersion, signal: stop.signal }));
    stop.abort();
    await events.ended;
    t.is(events.error, null);
  });

  test('finds a kind as soon as its definition is established', async (t) => {
    const { driver, namespace } = await given(t);
    const group = `${namespace}.example.test`;
    t.is(await driver.resolve(`${group}/v1`, 'Port', signal), null);
    const definition = await apply(driver, make.definition(group));
    const clean = () => driver.delete(keyOf(definition), { uid: definition.metadata.uid ?? '', signal });
    t.teardown(async () => void (await clean()));
    await healthy(driver, keyOf(definition));

    await eventually(async () => truthy(await driver.resolve(`${group}/v1`, 'Port', signal)), patience);
    const port = {
      apiVersion: `${group}/v1`,
      kind: 'Port',
      metadata: { name: 'ostend', namespace },
      spec: { depth: 7 },
    };
    // Establishing a definition and serving its kind are two steps of the server.
    const stored = await eventually(() => apply(driver, port), patience);
    t.deepEqual(stored.spec, { depth: 7 });
  });

  test('says where nobody answers, and why', async (t) => {
    const { unreachable } = await given(t);
    const error = await t.throwsAsync(unreachable.version(signal), { instanceOf: UnreachableError });
    t.regex(error?.message ?? '', /^Cannot reach the API server at \S+: .+\.$/);
  });

  test('says that a credential is refused', async (t) => {
    const { refused } = await given(t);
    const list = refused.list(configMaps, { selector: '', signal });
    const error = await t.throwsAsync(list, { instanceOf: CredentialRefusedError });
    t.notRegex(error?.message ?? '', /wrong-token/);
  });
}
