import { createKindRegistry } from '../../lib/kind.js';
import { appKind } from './app.js';
import { appInstanceKind } from './app-instance.js';
import { bucketKind } from './bucket.js';
import { bucketDefinitionKind } from './bucket-definition.js';
import { cloudAccountKind } from './cloud-account.js';
import { cloudClusterKind } from './cloud-cluster.js';
import { databaseKind } from './database.js';
import { databaseDefinitionKind } from './database-definition.js';
import { dnsRecordKind } from './dns-record.js';
import { domainNameKind } from './domain-name.js';
import { domainNameDefinitionKind } from './domain-name-definition.js';
import { environmentKind } from './environment.js';
import { gatewayKind } from './gateway.js';
import { gatewayDefinitionKind } from './gateway-definition.js';
import { kubernetesRuntimeKind } from './kubernetes-runtime.js';
import { kubernetesRuntimeDefinitionKind } from './kubernetes-runtime-definition.js';
import { managedServiceKind } from './managed-service.js';
import { managedServiceDefinitionKind } from './managed-service-definition.js';
import { networkKind } from './network.js';
import { nodeGroupKind } from './node-group.js';
import { observabilityStackKind } from './observability-stack.js';
import { observabilityStackDefinitionKind } from './observability-stack-definition.js';
import { offerKind } from './offer.js';
import { projectKind } from './project.js';
import { secretKind } from './secret.js';
import { secretDefinitionKind } from './secret-definition.js';
import { supportServiceKind } from './support-service.js';
import { supportServiceDefinitionKind } from './support-service-definition.js';
import { terraformStackKind } from './terraform-stack.js';
import { terraformStackDefinitionKind } from './terraform-stack-definition.js';
import { tierKind } from './tier.js';
import { workloadKind } from './workload.js';

/** The kinds that every plane has, in the order in which people meet them. */
export const builtInKinds = createKindRegistry([
  projectKind,
  tierKind,
  environmentKind,
  offerKind,
  cloudAccountKind,
  kubernetesRuntimeDefinitionKind,
  kubernetesRuntimeKind,
  appKind,
  appInstanceKind,
  databaseDefinitionKind,
  databaseKind,
  bucketDefinitionKind,
  bucketKind,
  secretDefinitionKind,
  secretKind,
  gatewayDefinitionKind,
  gatewayKind,
  domainNameDefinitionKind,
  domainNameKind,
  managedServiceDefinitionKind,
  managedServiceKind,
  terraformStackDefinitionKind,
  terraformStackKind,
  observabilityStackDefinitionKind,
  observabilityStackKind,
  supportServiceDefinitionKind,
  supportServiceKind,
  networkKind,
  cloudClusterKind,
  nodeGroupKind,
  dnsRecordKind,
  workloadKind,
]);
