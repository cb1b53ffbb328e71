import type { SpecOf } from '../../lib/kind.js';
import type { gatewayKind } from '../../schema/kinds/gateway.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { createPartsProvider } from '../parts/parts-provider.js';
import { gatewayStatus } from './status.js';

/** The reconciler of Gateway: as well as its workloads and its record. */
export function createGatewayReconciler(client: ResourceClient<SpecOf<typeof gatewayKind>>): Reconciler {
  return createReconciler(createPartsProvider(client, gatewayStatus), { client });
}
