import type { SpecOf } from '../../lib/kind.js';
import type { appInstanceKind } from '../../schema/kinds/app-instance.js';
import type { ChildView } from '../../sdk/resource.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';
import { createPartsProvider } from '../parts/parts-provider.js';
import { instanceStatus } from './status.js';

export type InstanceSpec = SpecOf<typeof appInstanceKind>;

export interface InstanceProviderOptions {
  readonly client: ResourceClient<InstanceSpec>;
}

/** Sees an app instance through its workloads and its own dependencies. */
export function createInstanceProvider({
  client,
}: InstanceProviderOptions): ResourceProvider<InstanceSpec, readonly ChildView[], never> {
  return createPartsProvider(client, instanceStatus);
}
