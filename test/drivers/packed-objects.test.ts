import test from 'ava';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { createPackedObjects } from '../../drivers/kubernetes/packed-objects.js';
import { createSeededRandom } from '../../lib/random.js';

const random = createSeededRandom(7);

const object = (name: string, data: object, resourceVersion = '1'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', uid: random.uuid(), resourceVersion },
  data,
});

test('what was held comes back as it was: any text, any size, like the first or not', (t) => {
  const packed = createPackedObjects();
  const large = Object.fromEntries(Array.from({ length: 2_000 }, () => [random.uuid(), random.uuid()]));
  const objects = [
    object('first', { color: 'blue' }),
    object('same', { color: 'blue' }),
    object('empty', {}),
    object('letters', { text: 'ü € 😀 \u0000 "\\ \n', nested: { list: [null, 1.5, true, []] } }),
    object('large', large),
  ];
  for (const each of objects) packed.set(each.metadata.name, each);
  for (const each of objects) t.deepEqual(packed.get(each.metadata.name), each);
  t.deepEqual([...packed.names()].sort(), ['empty', 'first', 'large', 'letters', 'same']);
  packed.delete('same');
  t.is(packed.get('same'), null);
  t.false(packed.has('same'));
});

test('the same state is known by uid and version', (t) => {
  const packed = createPackedObjects();
  const held = object('a', {});
  packed.set('a', held);
  t.true(packed.isSame('a', { ...held, data: { ignored: true } }));
  t.false(packed.isSame('a', { ...held, metadata: { ...held.metadata, resourceVersion: '11' } }));
  t.false(packed.isSame('a', object('a', {})));
  t.false(packed.isSame('b', held));
});
