import type { TestFn } from 'ava';
import { createApiDriver } from '../../drivers/kubernetes/api-driver.js';
import type { KubernetesDriver, KubernetesObject, ObjectPage } from '../../drivers/kubernetes/driver.js';
import { eventually } from '../helpers/eventually.js';
import type { ConformanceOptions, Given } from './conformance.js';
import { make } from './make.js';
import { apply, collect, configMaps, ending, equal, keyOf, patience, signal } from './steps.js';

/** What every driver makes of lists that come in several pages. */
export function registerPages(test: TestFn, given: Given, openForgetful: ConformanceOptions['openForgetful']): void {
  test('gives a list page by page, all of one version', async (t) => {
    const { driver, transport, namespace } = await given(t);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await put(driver, namespace, name);
    const selector = `sea=${namespace}`;
    const pages: ObjectPage[] = [];
    for await (const page of createApiDriver(transport, { pageSize: 2 }).pages(configMaps, { selector, signal })) {
      pages.push(page);
    }
    t.deepEqual(pages.map(textOf), ['a=1,b=1', 'c=1,d=1', 'e=1']);
    t.deepEqual(
      pages.map(({ isFirst }) => isFirst),
      [true, false, false],
    );
    t.is(new Set(pages.map(({ resourceVersion }) => resourceVersion)).size, 1);

    const only: ObjectPage[] = [];
    for await (const page of driver.pages(configMaps, { selector, metadataOnly: true, signal })) only.push(page);
    t.is(only.length, 1);
    t.true(only[0]?.objects.every((object) => object.kind === 'ConfigMap' && !('data' in object)));
  });

  test('shows on later pages what was there when the first one was read, and then all changes since', async (t) => {
    const { driver, transport, namespace } = await given(t);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await put(driver, namespace, name);
    const selector = `sea=${namespace}`;
    const pages = createApiDriver(transport, { pageSize: 2 }).pages(configMaps, { selector, signal });
    const reading = pages[Symbol.asyncIterator]();
    const seen: string[] = [];
    let resourceVersion = '';
    const read = async () => {
      const { value, done } = await reading.next();
      if (done) return false;
      const page = value as ObjectPage;
      seen.push(textOf(page));
      resourceVersion = page.resourceVersion;
      return true;
    };
    await read();
    await put(driver, namespace, 'a', '2');
    await put(driver, namespace, 'c', '2');
    await remove(driver, namespace, 'd');
    await put(driver, namespace, 'f');
    while (await read()) {}
    t.deepEqual(seen, ['a=1,b=1', 'c=1,d=1', 'e=1']);

    const events = collect(driver.watch(configMaps, { selector, resourceVersion, signal: ending(t) }));
    const told = () => events.changes.map(({ type, object }) => `${type} ${nameAndValue(object)}`).join();
    await eventually(() => equal(told(), 'modified a=2,modified c=2,deleted d=1,added f=1'), patience);
    t.pass();
  });

  test('lists all at once when the cluster has forgotten what the next page is of', async (t) => {
    const { transport, forget } = await openForgetful(t);
    const driver = createApiDriver(transport);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await put(driver, 'default', name);
    const selector = 'sea=default';
    const pages = createApiDriver(transport, { pageSize: 2 }).pages(configMaps, { selector, signal });
    const seen: string[] = [];
    let resourceVersion = '';
    for await (const page of pages) {
      seen.push(`${page.isFirst} ${textOf(page)}`);
      ({ resourceVersion } = page);
      if (seen.length > 1) continue;
      await put(driver, 'default', 'c', '2');
      await remove(driver, 'default', 'a');
      await forget();
    }
    t.deepEqual(seen, ['true a=1,b=1', 'true b=1,c=2,d=1,e=1']);

    const events = collect(driver.watch(configMaps, { selector, resourceVersion, signal: ending(t) }));
    await put(driver, 'default', 'b', '2');
    await eventually(() => equal(events.changes.map(({ object }) => nameAndValue(object)).join(), 'b=2'), patience);
  });
}

function put(driver: KubernetesDriver, namespace: string, name: string, value = '1'): Promise<KubernetesObject> {
  return apply(driver, make.configMap(namespace, name, { value }, { sea: namespace }));
}

async function remove(driver: KubernetesDriver, namespace: string, name: string): Promise<void> {
  const object = await driver.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }, signal);
  if (!object) throw new Error(`${name} is not there`);
  await driver.delete(keyOf(object), { uid: object.metadata.uid ?? '', signal });
}

function textOf({ objects }: ObjectPage): string {
  return objects.map(nameAndValue).join();
}

function nameAndValue({ metadata, data }: KubernetesObject): string {
  return `${metadata.name}=${(data as { readonly value: string }).value}`;
}
