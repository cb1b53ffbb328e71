import { isIP } from 'node:net';
import type { SpecOf } from '../../lib/kind.js';
import type { dnsRecordKind } from '../../schema/kinds/dns-record.js';
import type { ReferenceView } from '../../sdk/resource.js';
import { everywhere } from '../cloud/account-of.js';
import type { CloudKind } from '../cloud/cloud-kind.js';
import { cloudNameAt } from '../cloud/cloud-name.js';

/** A name in a zone. One of another type is another record, which nothing is lost by. */
export const dnsRecord: CloudKind<SpecOf<typeof dnsRecordKind>> = {
  kind: 'DnsRecord',
  type: 'record',
  accountId({ references }) {
    const account = domainOf(references)?.outputs.account?.value;
    return typeof account === 'string' ? account : null;
  },
  region: () => everywhere,
  propertiesOf({ resource }) {
    const { subdomain = '@' } = resource.spec;
    const target = String(resource.spec.target);
    return {
      zone: cloudNameAt('domain', resource),
      host: subdomain,
      recordType: recordTypeOf(target),
      values: [target],
    };
  },
  outputsOf: ({ seen }) => ({ host: seen?.attributes.domain }),
  immutable: ['zone', 'host', 'recordType'],
  mayReplace: () => true,
};

function domainOf(references: readonly ReferenceView[]): ReferenceView | undefined {
  return references.find(({ path }) => path === 'domain');
}

function recordTypeOf(target: string): 'A' | 'AAAA' | 'CNAME' {
  const version = isIP(target);
  if (version === 0) return 'CNAME';
  return version === 4 ? 'A' : 'AAAA';
}
