import type { SpecOf } from '../../lib/kind.js';
import type { appInstanceKind } from '../../schema/kinds/app-instance.js';
import type { workloadKind } from '../../schema/kinds/workload.js';
import type { ResourceView } from '../../sdk/resource.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';
import { instanceStatus } from './status.js';

export type InstanceSpec = SpecOf<typeof appInstanceKind>;
export type ComponentView = ResourceView<SpecOf<typeof workloadKind>>;

export interface InstanceProviderOptions {
  readonly workloads: ResourceClient<SpecOf<typeof workloadKind>>;
}

/**
 * Sees an app instance through its workloads. What it needs is made by `expand` in the store, and what it owns goes by
 * the same request as itself, so there is nothing to do here but to look.
 */
export function createInstanceProvider({
  workloads,
}: InstanceProviderOptions): ResourceProvider<InstanceSpec, readonly ComponentView[], never> {
  return {
    observe: (instance, context) => workloads.list({ ownerId: instance.id }, context),
    diff: () => [],
    apply: () => Promise.resolve(),
    removal: () => [],
    status: instanceStatus,
  };
}
