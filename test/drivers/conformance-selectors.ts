import type { TestFn } from 'ava';
import { InvalidObjectError } from '../../drivers/kubernetes/errors.js';
import { eventually } from '../helpers/eventually.js';
import type { Given } from './conformance.js';
import { make } from './make.js';
import { apply, collect, configMaps, ending, equal, patience, signal } from './steps.js';

/** Which objects a selector selects. */
export function registerSelectors(test: TestFn, given: Given): void {
  test('selects by every form of label selector', async (t) => {
    const { driver, namespace } = await given(t);
    const port = (name: string, labels: Readonly<Record<string, string>>) =>
      apply(driver, make.configMap(namespace, name, {}, { ...labels, of: namespace }));
    await port('antwerp', { sea: 'north', 'example.test/depth': '17' });
    await port('genoa', { sea: 'south' });
    await port('kiel', { sea: '', lock: 'yes' });
    await port('ulm', {});
    for (const [selector, expected] of Object.entries(selections)) {
      const both = [`of=${namespace}`, selector].filter(Boolean).join(',');
      const { objects } = await driver.list(configMaps, { selector: both, signal });
      t.is(objects.map((object) => object.metadata.name).join(), expected, selector);
    }
  });

  test('refuses a selector that it cannot read, in words', async (t) => {
    const { driver } = await given(t);
    for (const [selector, words] of Object.entries(unreadable)) {
      const listed = driver.list(configMaps, { selector, signal });
      const error = await t.throwsAsync(listed, { instanceOf: InvalidObjectError }, selector);
      t.true(error?.message.includes(words), `${selector}: ${error?.message}`);
    }
  });

  test('a watch that names no version begins with what is there', async (t) => {
    const { driver, transport, namespace } = await given(t);
    const labels = { of: namespace };
    for (const name of ['antwerp', 'genoa']) await apply(driver, make.configMap(namespace, name, {}, labels));
    const seen: string[] = [];
    const stop = new AbortController();
    const query = { watch: 'true', labelSelector: `of=${namespace}` };
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const ended = transport
      .stream({ method: 'GET', path, query, signal: stop.signal }, (line) => {
        const { type, object } = line as { type: string; object: { metadata: { name: string } } };
        // Told now and then, however slow all else is.
        if (type !== 'BOOKMARK') seen.push(`${type} ${object.metadata.name}`);
      })
      .catch(() => null);
    await eventually(() => equal(seen.length, 2), patience);
    await apply(driver, make.configMap(namespace, 'kiel', {}, labels));
    await eventually(() => equal(seen.length, 3), patience);
    t.deepEqual(seen.toSorted(), ['ADDED antwerp', 'ADDED genoa', 'ADDED kiel']);
    stop.abort();
    await ended;
  });

  test('an object that loses its label goes from a watch that selects by it', async (t) => {
    const { driver, namespace } = await given(t);
    const selector = `of in (${namespace}),!hidden`;
    const { resourceVersion } = await driver.list(configMaps, { selector, signal });
    const events = collect(driver.watch(configMaps, { selector, resourceVersion, signal: ending(t) }));
    await apply(driver, make.configMap(namespace, 'chart', {}, { of: namespace }));
    await apply(driver, make.configMap(namespace, 'chart', {}, { of: namespace, hidden: 'yes' }));
    await apply(driver, make.configMap(namespace, 'chart', {}, { of: namespace }));
    await eventually(() => equal(events.changes.map((each) => each.type).join(), 'added,deleted,added'), patience);
    t.pass();
  });
}

const selections: Readonly<Record<string, string>> = {
  '': 'antwerp,genoa,kiel,ulm',
  'sea=north': 'antwerp',
  'sea==north': 'antwerp',
  'sea = north': 'antwerp',
  'sea!=north': 'genoa,kiel,ulm',
  'sea=': 'kiel',
  'sea in (north,south)': 'antwerp,genoa',
  'sea in (north, east),sea!=south': 'antwerp',
  'sea notin (north)': 'genoa,kiel,ulm',
  'sea notin (north),sea': 'genoa,kiel',
  sea: 'antwerp,genoa,kiel',
  '!sea': 'ulm',
  'sea,lock': 'kiel',
  '!lock,sea': 'antwerp,genoa',
  'example.test/depth>16': 'antwerp',
  'example.test/depth<16': '',
  'sea=north,sea=south': '',
  'sea in ()': 'kiel',
};

const unreadable: Readonly<Record<string, string>> = {
  'a b': "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
  'sea in north': "unable to parse requirement: found 'north' expected: '('",
  '/sea=north': 'prefix part must be non-empty',
  'sea=-': 'values[0][sea]: Invalid value: "-": a valid label must be an empty string',
  ',': "found ',', expected: !, identifier, or 'end of string'",
  'sea,': "found '', expected: identifier after ','",
  'sea!==north': "unable to parse requirement: found '=', expected: identifier",
};
