import test from 'ava';
import { domainName } from '../../../controllers/domain-name/domain-name.js';
import { accountId, makeCloud } from '../cloud/make-cloud.js';

const resource = makeCloud.resource('DomainName', { account: 'cloud', zone: 'example.com' });

test('is public unless it is said to be private', (t) => {
  t.deepEqual(domainName.propertiesOf(makeCloud.look(resource)), { domain: 'example.com', isPrivate: false });
  const closed = { ...resource, spec: { ...resource.spec, visibility: 'private' as const } };
  t.true(domainName.propertiesOf(makeCloud.look(closed)).isPrivate);
  t.false(domainName.mayReplace(resource.spec), 'its records would go');
});

test('says in which account it is before it is there, for its records are there too', (t) => {
  t.like(domainName.outputsOf(makeCloud.look(resource)), { account: accountId, zone: undefined });
  const seen = makeCloud.seen({ attributes: { domain: 'example.com', nameServers: ['ns1', 'ns2'] } });
  t.deepEqual(domainName.outputsOf(makeCloud.look(resource, { seen })), {
    account: accountId,
    zone: 'example.com',
    nameServers: ['ns1', 'ns2'],
  });
});
