import test from 'ava';
import { createAppliedMemory } from '../../../controllers/workload/applied-memory.js';
import { keyOfObject } from '../../../controllers/workload/object-name.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';

const at = (resourceVersion: string, uid = 'one'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop', uid, resourceVersion },
  data: { color: 'blue' },
});
const key = keyOfObject(at('1'));

function remembering(answer: KubernetesObject) {
  const memory = createAppliedMemory();
  memory.remember(key, answer, answer);
  return memory;
}

test('what a view tells of our own write is no news, and nothing is kept of it afterwards', (t) => {
  const memory = remembering(at('5'));
  t.false(memory.isEmpty());
  t.true(memory.takesEcho(at('4'), false));
  t.true(memory.takesEcho(at('5'), false));
  t.true(memory.isEmpty());
  t.false(memory.takesEcho(at('5'), false));
});

test('a change after our write is news, and so is a deletion, whatever its version', (t) => {
  t.false(remembering(at('5')).takesEcho(at('6'), false));
  t.false(remembering(at('5')).takesEcho(at('5'), true));
  t.false(remembering(at('5')).takesEcho(at('5', 'another'), false));
});

test('what was written counts as seen until the view has come that far', (t) => {
  const memory = remembering(at('5'));
  t.is(memory.unseen(key, '4')?.metadata.resourceVersion, '5');
  t.is(memory.unseen(key, '5'), null);
  t.is(memory.unseen(key, '4'), null);
  t.is(remembering(at('5')).unseen(key, ''), null);
  t.is(remembering(at('5')).newest(key, at('4')).metadata.resourceVersion, '5');
  t.is(remembering(at('5')).newest(key, at('6')).metadata.resourceVersion, '6');
});

test('only the first of several passes in a row that write looks again at once', (t) => {
  const memory = createAppliedMemory();
  memory.acted();
  t.true(memory.hasJustActed());
  memory.acted();
  t.false(memory.hasJustActed());
  memory.rested();
  memory.acted();
  t.true(memory.hasJustActed());
});
