import type { ResourceClient } from '../sdk/resource-client.js';
import type { ReconcilerEntry } from '../sdk/runtime/manager.js';
import { createBucketReconciler } from './bucket/controller.js';
import type { CloudParts } from './cloud/cloud-reconciler.js';
import type { AccountSpec } from './cloud/open-cloud.js';
import { createAccountReconciler } from './cloud-account/controller.js';
import { createCloudClusterReconciler } from './cloud-cluster/controller.js';
import { createDatabaseReconciler } from './database/controller.js';
import { createDnsRecordReconciler } from './dns-record/controller.js';
import { createDomainNameReconciler } from './domain-name/controller.js';
import { createManagedServiceReconciler } from './managed-service/controller.js';
import { createNetworkReconciler } from './network/controller.js';
import { createNodeGroupReconciler } from './node-group/controller.js';
import { createTerraformStackReconciler } from './terraform-stack/controller.js';

/** The kinds that live in cloud accounts, and the accounts. */
export function cloudReconcilers(
  parts: CloudParts & { readonly accounts: ResourceClient<AccountSpec> },
): readonly ReconcilerEntry[] {
  const { accounts, clouds, everyMs } = parts;
  const account = { client: accounts, clouds, ...(everyMs !== undefined && { everyMs }) };
  const inAccount = (kind: string, create: (given: CloudParts) => ReconcilerEntry['reconciler']): ReconcilerEntry => ({
    kind,
    reconciler: create(parts),
    wakesOwner: true,
    concurrency: AT_A_TIME,
    perLease: OF_AN_ACCOUNT,
  });
  return [
    { kind: 'CloudAccount', reconciler: createAccountReconciler(account), concurrency: AT_A_TIME },
    inAccount('Network', createNetworkReconciler),
    inAccount('CloudCluster', createCloudClusterReconciler),
    inAccount('NodeGroup', createNodeGroupReconciler),
    inAccount('Database', createDatabaseReconciler),
    inAccount('Bucket', createBucketReconciler),
    { ...inAccount('ManagedService', createManagedServiceReconciler), alsoWatches: ['ManagedServiceDefinition'] },
    inAccount('TerraformStack', createTerraformStackReconciler),
    inAccount('DomainName', createDomainNameReconciler),
    inAccount('DnsRecord', createDnsRecordReconciler),
  ];
}

/** An account or two may be slow to answer, and the others must not notice. */
const AT_A_TIME = 128;
/** Most of a pass is the graph, where those that go together cost one. What is looked at in a cloud is asked for by one. */
const OF_AN_ACCOUNT = 32;
