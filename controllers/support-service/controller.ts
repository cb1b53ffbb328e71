import type { SpecOf } from '../../lib/kind.js';
import type { supportServiceKind } from '../../schema/kinds/support-service.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { createPartsProvider } from '../parts/parts-provider.js';
import { partsStatus } from '../parts/parts-status.js';

/** The reconciler of SupportService: as well as its workload, and reached where that is. */
export function createSupportServiceReconciler(client: ResourceClient<SpecOf<typeof supportServiceKind>>): Reconciler {
  const provider = createPartsProvider(client, (service, parts) => {
    const url = parts.map(({ status }) => status.outputs.url?.value).find((value) => typeof value === 'string');
    return partsStatus(service, parts, { noun: 'part', observed: {}, outputs: { url } });
  });
  return createReconciler(provider, { client });
}
