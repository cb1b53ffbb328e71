import type { SpecOf } from '../../lib/kind.js';
import type { domainNameKind } from '../../schema/kinds/domain-name.js';
import { accountOf, everywhere } from '../cloud/account-of.js';
import type { CloudKind } from '../cloud/cloud-kind.js';

/** A DNS zone. It goes when no record is in it any more. */
export const domainName: CloudKind<SpecOf<typeof domainNameKind>> = {
  kind: 'DomainName',
  type: 'zone',
  accountId: accountOf,
  region: () => everywhere,
  propertiesOf: ({ resource: { spec } }) => ({ domain: spec.zone, isPrivate: spec.visibility === 'private' }),
  outputsOf: ({ resource, seen }) => ({
    account: accountOf(resource) ?? undefined,
    zone: seen?.attributes.domain,
    nameServers: seen?.attributes.nameServers,
  }),
  immutable: ['domain', 'isPrivate'],
  mayReplace: () => false,
};
