import test from 'ava';
import { whatKeeps } from '../../../controllers/workload/deletion-words.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';

const held = (finalizers: readonly string[], object: Partial<KubernetesObject> = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  ...object,
  metadata: { name: 'held', namespace: 'dev', finalizers },
});

test('says nothing where nothing keeps an object', (t) => {
  t.deepEqual(whatKeeps(held([])), { text: '', needsSomebody: false });
});

test('says what has to happen first where the cluster itself keeps an object', (t) => {
  t.is(whatKeeps(held(['foregroundDeletion'])).text, 'What it owns, such as its pods, goes first.');
  t.is(whatKeeps(held(['kubernetes.io/pvc-protection'])).text, 'A pod still uses it.');
});

test('names the finalizers of others, who has to remove them, and the command if that controller is gone', (t) => {
  const patch = `--type merge --patch '{"metadata":{"finalizers":null}}'`;
  t.is(
    whatKeeps(held(['a.example.com', 'b.example.com'], { apiVersion: 'example.com/v1', kind: 'Widget' })).text,
    `The finalizers a.example.com, b.example.com keep it: the controller that set them has to remove them. If that controller is gone, they can be taken off by hand: kubectl patch widget.example.com held --namespace dev ${patch}`,
  );
});

const condition = (type: string, message: string, status = 'True') => ({ type, status, message });
const namespace = (...conditions: readonly object[]): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'dev' },
  status: { conditions },
});

test('says what remains in a namespace that hangs, and the way out', (t) => {
  const { text: said, needsSomebody } = whatKeeps(
    namespace(
      condition('NamespaceDeletionContentFailure', 'All content successfully deleted', 'False'),
      condition('NamespaceContentRemaining', 'Some resources are remaining: configmaps. has 1 resource instances'),
      condition(
        'NamespaceFinalizersRemaining',
        'Some content in the namespace has finalizers remaining: example.com/keep in 1 resource instances',
      ),
    ),
  );
  t.regex(said, /^Some resources are remaining: configmaps\. has 1 resource instances\. Some content/);
  t.regex(said, /example\.com\/keep in 1 resource instances\. The controllers that set these finalizers/);
  t.regex(said, /kubectl patch KIND NAME --namespace dev/);
  t.notRegex(said, /successfully/);
  t.true(needsSomebody);
});

test('a namespace that waits for what the cluster itself protects needs nobody', (t) => {
  const message =
    'Some content in the namespace has finalizers remaining: kubernetes.io/pvc-protection in 1 resource instances';
  const { text, needsSomebody } = whatKeeps(namespace(condition('NamespaceFinalizersRemaining', message)));
  t.is(text, `${message}.`);
  t.false(needsSomebody);
});

test('says that an API service keeps a namespace', (t) => {
  const message = 'Discovery failed for some groups, 1 failing: metrics.k8s.io/v1beta1';
  t.is(
    whatKeeps(namespace(condition('NamespaceDeletionDiscoveryFailure', message))).text,
    `${message}. Mend or delete the API service that does not answer: kubectl get apiservices`,
  );
});
