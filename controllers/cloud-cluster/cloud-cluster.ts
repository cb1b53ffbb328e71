import type { SpecOf } from '../../lib/kind.js';
import type { cloudClusterKind } from '../../schema/kinds/cloud-cluster.js';
import { accountOf } from '../cloud/account-of.js';
import type { CloudKind } from '../cloud/cloud-kind.js';
import { cloudNameAt, kubernetesName } from '../cloud/cloud-name.js';

/** A managed Kubernetes cluster. */
export const cloudCluster: CloudKind<SpecOf<typeof cloudClusterKind>> = {
  kind: 'CloudCluster',
  type: 'cluster',
  accountId: accountOf,
  region: ({ spec }) => spec.location,
  propertiesOf: ({ resource, seen }) => ({
    network: cloudNameAt('network', resource),
    // Left out, it stays at the version that it was made with: a version only goes up.
    version: resource.spec.version ?? seen?.properties.version ?? NEWEST_VERSION,
    kubernetesName: kubernetesName(resource),
  }),
  outputsOf: ({ resource, seen }) => ({
    location: resource.spec.location,
    endpoint: seen?.attributes.endpoint,
    version: seen?.attributes.version,
    cluster: seen?.attributes.kubernetesName,
  }),
  immutable: ['network', 'kubernetesName'],
  mayReplace: () => false,
};

/** Of Kubernetes, that the simulated cloud offers. */
const NEWEST_VERSION = '1.36';
