import type { SpecOf } from '../../lib/kind.js';
import type { nodeGroupKind } from '../../schema/kinds/node-group.js';
import { accountOf } from '../cloud/account-of.js';
import type { CloudKind } from '../cloud/cloud-kind.js';
import { cloudNameAt } from '../cloud/cloud-name.js';
import { machineOf } from './machine.js';

/** Machines of one size for a cluster. Of another size they are other machines: what runs there moves, nothing is lost. */
export const nodeGroup: CloudKind<SpecOf<typeof nodeGroupKind>> = {
  kind: 'NodeGroup',
  type: 'nodeGroup',
  accountId: accountOf,
  // It is where its cluster is, which says so as long as it lives.
  region({ references }) {
    const cluster = references.find(({ path }) => path === 'cluster');
    const location = cluster?.outputs.location?.value;
    return typeof location === 'string' ? location : null;
  },
  propertiesOf({ resource }) {
    const { size, nodes } = resource.spec;
    return { cluster: cloudNameAt('cluster', resource), nodes, ...machineOf(size) };
  },
  outputsOf: ({ seen }) => ({ nodes: seen?.attributes.nodes }),
  immutable: ['cluster', 'cpu', 'memoryGib'],
  mayReplace: () => true,
};
