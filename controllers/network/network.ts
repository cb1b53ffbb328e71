import type { SpecOf } from '../../lib/kind.js';
import type { networkKind } from '../../schema/kinds/network.js';
import { accountOf } from '../cloud/account-of.js';
import type { CloudKind } from '../cloud/cloud-kind.js';

/** A private network, which clusters and databases are put into. */
export const network: CloudKind<SpecOf<typeof networkKind>> = {
  kind: 'Network',
  type: 'network',
  accountId: accountOf,
  region: ({ spec }) => spec.location,
  propertiesOf: ({ resource: { spec } }) => ({ cidr: spec.cidr ?? '10.0.0.0/16' }),
  outputsOf: ({ seen }) => ({ networkId: seen?.attributes.id, subnetIds: seen?.attributes.subnetIds }),
  immutable: ['cidr'],
  mayReplace: () => false,
};
