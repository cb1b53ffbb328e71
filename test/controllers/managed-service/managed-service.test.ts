import test from 'ava';
import { managedService } from '../../../controllers/managed-service/managed-service.js';
import { makeCloud } from '../cloud/make-cloud.js';

const resource = makeCloud.resource('ManagedService', { account: 'cloud', plan: 'small', parameters: { shards: 2 } });
const definition = {
  service: 'search',
  token: makeCloud.secret('token', 4),
  outputs: [
    { name: 'url', path: 'endpoint.url' },
    { name: 'key', path: 'keys.admin', secret: true },
  ],
};
const specs = { definition };
const attributes = { endpoint: { url: 'https://x' }, keys: { admin: 'hidden' } };
const seen = makeCloud.seen({ attributes });

test('orders what its definition says, with its token', (t) => {
  t.deepEqual(managedService.propertiesOf(makeCloud.look(resource, { specs })), {
    product: 'search',
    plan: 'small',
    parameters: { shards: 2 },
    answers: ['endpoint.url', 'keys.admin'],
    credential: makeCloud.secret('token', 4),
  });
});

test('gives what its definition finds in the answer, secrets as references alone', (t) => {
  const kept = { key: makeCloud.secret('k') };
  t.deepEqual(managedService.outputsOf(makeCloud.look(resource, { specs, seen, kept })), {
    url: 'https://x',
    key: makeCloud.secret('k'),
  });
  t.deepEqual(managedService.secretOutputsOf?.(makeCloud.look(resource, { specs, seen })), { key: 'hidden' });
});

test('gives nothing before there is an answer', (t) => {
  const kept = { key: makeCloud.secret('k') };
  const given = managedService.outputsOf(makeCloud.look(resource, { specs, kept }));
  t.deepEqual(given, { url: undefined, key: undefined });
  t.deepEqual(managedService.secretOutputsOf?.(makeCloud.look(resource, { specs })), {});
});
