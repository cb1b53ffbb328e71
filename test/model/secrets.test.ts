import test from 'ava';
import { findSecrets, listSecretReferences, replaceSecrets, resolveSecrets } from '../../model/secrets.js';
import { appKind } from '../../schema/kinds/app.js';
import { kubernetesRuntimeKind } from '../../schema/kinds/kubernetes-runtime.js';

const secret = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  data: { password: 'aHVudGVyMg==' },
  stringData: { user: 'root' },
});
const app = (objects: object[]) => ({ components: [{ name: 'web', type: 'manifests', objects }] }) as never;
const reference = { $secret: { id: 'one', version: 2 } };

test('finds marked strings and the data of Secrets, and nothing else', (t) => {
  const runtime = { provider: 'kubeconfig', cluster: { server: 'https://a', token: 'hush', clientKey: 'pem' } };
  t.deepEqual(
    findSecrets(kubernetesRuntimeKind, runtime).map((found) => [found.place, found.value]),
    [
      ['cluster/token', 'hush'],
      ['cluster/clientKey', 'pem'],
    ],
  );
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { open: 'yes' } };
  t.deepEqual(
    findSecrets(appKind, app([configMap, secret('db')])).map((found) => found.place),
    ['components/web/objects/Secret/db/data/password', 'components/web/objects/Secret/db/stringData/user'],
  );
});

test('a Secret that moves in its list keeps its places', (t) => {
  const places = (objects: object[]) => findSecrets(appKind, app(objects)).map((found) => found.place);
  t.deepEqual(places([secret('a'), secret('b')]).sort(), places([secret('b'), secret('a')]).sort());
});

test('replacing and resolving gives back what was there', (t) => {
  const spec = app([secret('db')]) as never as Record<string, never>;
  const found = findSecrets(appKind, spec);
  const values = new Map(found.map((item, index) => [String(index), item.value as string]));
  const stored = replaceSecrets(spec, found, (item) => ({
    $secret: { id: String(found.findIndex((other) => other.place === item.place)), version: 1 },
  }));
  t.false(JSON.stringify(stored).includes('hunter') || JSON.stringify(stored).includes('aHVudGVy'));
  t.is(listSecretReferences(stored).length, 2);
  t.deepEqual(
    resolveSecrets(stored, ({ $secret }) => values.get($secret.id) ?? null),
    spec,
  );
});

test('a reference that comes back in an export is found as it is', (t) => {
  const [found] = findSecrets(appKind, app([{ ...secret('db'), data: { password: reference }, stringData: {} }]));
  t.deepEqual(found?.value, reference);
});

test('a value that was not released is an error that names the secret, not an empty string', (t) => {
  t.throws(() => resolveSecrets({ a: reference }, () => null), { message: /one/ });
});
