import type { SpecOf } from '../../lib/kind.js';
import type { observabilityStackKind } from '../../schema/kinds/observability-stack.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { createPartsProvider } from '../parts/parts-provider.js';
import { stackStatus } from './status.js';

/** The reconciler of ObservabilityStack: it owns nothing, and is as well as the support services that it is made of. */
export function createObservabilityStackReconciler(
  client: ResourceClient<SpecOf<typeof observabilityStackKind>>,
): Reconciler {
  return createReconciler(createPartsProvider(client, stackStatus), { client });
}
