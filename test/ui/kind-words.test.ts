import test from 'ava';
import { kindWords } from '../../ui/look/kind-words.js';

for (const [name, words] of [
  ['AppInstances', 'App instances'],
  ['Bucket', 'Bucket'],
  ['KubernetesRuntime', 'Kubernetes runtime'],
  ['DNSZone', 'DNS zone'],
  ['HTTPRoute', 'HTTP route'],
] as const) {
  test(`${name} is said as ${words}`, (t) => t.is(kindWords(name), words));
}
