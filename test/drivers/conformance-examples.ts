import { readdirSync, readFileSync } from 'node:fs';
import type { TestFn } from 'ava';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import type { Given } from './conformance.js';
import { absent, healthy, keyOf, signal } from './steps.js';

/** The examples, object by object: what they are made of works in every cluster that we say we support. */
export function registerExamples(test: TestFn, given: Given): void {
  for (const example of ['blog', 'shop']) {
    test(`applies the objects of examples/${example}, sees all of them healthy, and removes them`, async (t) => {
      const { driver, namespace } = await given(t);
      const objects = readManifests(`examples/${example}/manifests`, namespace);
      t.true(objects.length > 5);
      for (const object of objects) await driver.apply(object, { force: false, signal });
      for (const object of objects) await healthy(driver, keyOf(object));

      for (const object of objects.toReversed()) {
        const live = await driver.get(keyOf(object), signal);
        await driver.delete(keyOf(object), { uid: live?.metadata.uid ?? '', signal });
      }
      for (const object of objects) await absent(driver, keyOf(object));
    });
  }
}

function readManifests(folder: string, namespace: string): readonly KubernetesObject[] {
  return readdirSync(folder)
    .flatMap((file) => parseAllDocuments(readFileSync(`${folder}/${file}`, 'utf8')))
    .map((document) => (document.toJS() as KubernetesObject | null) ?? null)
    .filter((object) => object !== null)
    .map((object) => ({ ...object, metadata: { ...object.metadata, namespace } }));
}
