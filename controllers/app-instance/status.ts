import { namespaceComponent } from '../../model/expand/namespace.js';
import type { ChildView, StatusReport } from '../../sdk/resource.js';
import { partsStatus } from '../parts/parts-status.js';
import type { InstanceSpec } from './provider.js';

/** What to say of an app instance, from what its workloads and its own dependencies say. Pure. */
export function instanceStatus(
  instance: { readonly name: string; readonly spec: InstanceSpec; readonly deletionRequestedAt: string | null },
  parts: readonly ChildView[],
): StatusReport {
  const components = parts.filter(({ kind, name }) => kind === 'Workload' && name !== namespaceComponent);
  const componentsReady = components.filter(({ status }) => status.health === 'Healthy').length;
  return partsStatus(instance, parts, {
    noun: 'component',
    observed: { components: components.length, componentsReady },
    outputs: { url: urlOf(instance, parts, components) },
  });
}

/**
 * Where the app as a whole answers: by its gateway if it has one; else outside if any component does; else the component
 * that is called like the app or the instance; else the last one by name, so that the answer is always the same.
 */
function urlOf(
  instance: { readonly name: string; readonly spec: InstanceSpec },
  parts: readonly ChildView[],
  components: readonly ChildView[],
): string | null {
  const [gateway] = urlsOf(parts.filter(({ kind }) => kind === 'Gateway'));
  if (gateway) return gateway.url;
  const candidates = urlsOf(components);
  const outside = candidates.find(({ url }) => !/\.svc\.cluster\.local(:|$)/.test(url));
  const named = candidates.find(({ name }) => name === instance.name || name === instance.spec.app);
  return (outside ?? named ?? candidates.at(-1))?.url ?? null;
}

function urlsOf(parts: readonly ChildView[]): readonly { readonly name: string; readonly url: string }[] {
  return parts
    .flatMap(({ name, status }) => {
      const url = status.outputs.url?.value;
      return typeof url === 'string' ? [{ name, url }] : [];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
