import type { ChildView, ResourceView, StatusReport } from '../../sdk/resource.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';
import { dependenciesOf } from './dependencies-of.js';

/**
 * Sees a resource through what it owns. That is made by `expand` in the store and goes by the same request as itself,
 * so there is nothing to do here but to look.
 */
export function createPartsProvider<Spec>(
  client: Pick<ResourceClient<Spec>, 'children'>,
  status: (resource: ResourceView<Spec>, parts: readonly ChildView[]) => StatusReport,
): ResourceProvider<Spec, readonly ChildView[], never> {
  return {
    observe: async ({ id, children }, context) => children ?? client.children(id, context),
    alsoAwaits: (parts) => dependenciesOf(parts).map(({ id }) => id),
    diff: () => [],
    apply: () => Promise.resolve(),
    removal: () => [],
    status,
  };
}
