import test from 'ava';
import { dnsRecord } from '../../../controllers/dns-record/dns-record.js';
import { makeCloud } from '../cloud/make-cloud.js';

const domain = (outputs = {}) => makeCloud.reference('domain', 'DomainName', { id: 'd-1', outputs });
const of = (target: string, subdomain?: string) =>
  makeCloud.resource(
    'DnsRecord',
    { domain: 'example', target, ...(subdomain === undefined ? {} : { subdomain }) },
    { references: [domain({ account: 'a-1' })] },
  );

const rows = [
  { target: '203.0.113.7', recordType: 'A' },
  { target: '2001:db8::1', recordType: 'AAAA' },
  { target: 'lb.example.net', recordType: 'CNAME' },
];

for (const { target, recordType } of rows) {
  test(`a name for ${target} is a record of type ${recordType}`, (t) => {
    t.deepEqual(dnsRecord.propertiesOf(makeCloud.look(of(target, 'www'))), {
      zone: 'domain-name-d-1',
      host: 'www',
      recordType,
      values: [target],
    });
  });
}

test('is the zone itself without a name of its own', (t) => {
  t.is(dnsRecord.propertiesOf(makeCloud.look(of('203.0.113.7'))).host, '@');
});

test('is in the account of its domain, and waits until that says which', (t) => {
  t.is(dnsRecord.accountId(of('203.0.113.7')), 'a-1');
  t.is(dnsRecord.accountId({ ...of('203.0.113.7'), references: [domain()] }), null);
});

test('gives the whole name', (t) => {
  const seen = makeCloud.seen({ attributes: { domain: 'www.example.com' } });
  t.deepEqual(dnsRecord.outputsOf(makeCloud.look(of('203.0.113.7', 'www'), { seen })), { host: 'www.example.com' });
});
