import test from 'ava';
import { createSecretProvider } from '../../../controllers/secret/provider.js';
import { createSeededRandom } from '../../../lib/random.js';
import type { ResourceView } from '../../../sdk/resource.js';
import type { ReconcileContext } from '../../../sdk/runtime/reconciler.js';

const given = { $secret: { id: 'given', version: 2 } };

function makeSecret(outputs: ResourceView['status']['outputs'] = {}) {
  const spec = { values: { token: given }, generate: [{ key: 'salt', length: 40 }] };
  return { id: 'a', name: 'a', spec, deletionRequestedAt: null, status: { outputs } } as unknown as ResourceView<never>;
}

function open() {
  const stored: { name: string; value: string }[] = [];
  const provider = createSecretProvider({
    random: createSeededRandom(1),
    client: {
      async storeSecret(_id, secret) {
        stored.push(secret);
        return { $secret: { id: 'made', version: stored.length } };
      },
    },
  });
  return { provider, stored };
}

const context = {} as ReconcileContext;

test('a value is generated once, stored, and given as a reference from the next look on', async (t) => {
  const { provider, stored } = open();
  const secret = makeSecret();
  const [action] = provider.diff(secret, await provider.observe(secret, context));
  if (!action) throw new Error('Nothing is to be generated.');
  await provider.apply(secret, action, context);
  t.is(stored.length, 1);
  t.is(stored[0]?.name, 'outputs/salt');
  t.regex(stored[0]?.value ?? '', /^[A-Za-z0-9]{40}$/);
  const seen = await provider.observe(secret, context);
  t.deepEqual(provider.diff(secret, seen), []);
  const report = provider.status(secret, seen, []);
  t.deepEqual(report.outputs, { salt: { $secret: { id: 'made', version: 1 } }, token: given });
  t.deepEqual(report.observed, { keys: ['salt', 'token'] });
});

test('what is an output already is not generated again by another process', async (t) => {
  const { provider } = open();
  const secret = makeSecret({ salt: { value: { $secret: { id: 'made', version: 1 } }, version: 1 } });
  t.deepEqual(provider.diff(secret, await provider.observe(secret, context)), []);
});
