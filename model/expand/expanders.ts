import type { KindRegistry } from '../../lib/kind.js';
import { createAppInstanceExpander } from './app-instance.js';
import { expandInAccount } from './cloud-account.js';
import type { Expander } from './expander.js';
import { expandGateway } from './gateway.js';
import { expandKubernetesRuntime } from './kubernetes-runtime.js';
import { expandObservabilityStack } from './observability-stack.js';
import { expandSupportService } from './support-service.js';

/** By kind: what computes the resources that one of that kind needs. */
export type Expanders = Readonly<Record<string, Expander>>;

export function createExpanders(registry: KindRegistry): Expanders {
  return {
    AppInstance: createAppInstanceExpander(registry),
    Gateway: expandGateway,
    SupportService: expandSupportService,
    ObservabilityStack: expandObservabilityStack,
    KubernetesRuntime: expandKubernetesRuntime,
    Database: expandInAccount,
    Bucket: expandInAccount,
    DomainName: expandInAccount,
    ManagedService: expandInAccount,
    TerraformStack: expandInAccount,
  };
}
