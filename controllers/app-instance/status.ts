import { namespaceComponent } from '../../model/expand.js';
import { rollUp } from '../../model/roll-up.js';
import type { StatusReport } from '../../sdk/resource.js';
import type { ComponentView, InstanceSpec } from './provider.js';

/** What to say of an app instance, from what its workloads say. Pure. */
export function instanceStatus(
  instance: { readonly name: string; readonly spec: InstanceSpec; readonly deletionRequestedAt: string | null },
  workloads: readonly ComponentView[],
): StatusReport {
  const components = workloads.filter(({ name }) => name !== namespaceComponent);
  const ready = components.filter(({ status }) => status.health === 'Healthy').length;
  const observed = { components: components.length, componentsReady: ready };
  if (instance.deletionRequestedAt !== null) {
    const message = workloads.length === 0 ? '' : `${workloads.length} of its components are still being removed.`;
    return {
      health: 'Progressing',
      conditions: [
        { type: 'Ready', status: 'False', reason: 'Terminating', message },
        { type: 'Synced', status: 'False', reason: 'Deleting', message },
      ],
      observed,
      outputs: {},
    };
  }
  const rolled = rollUp(workloads.map(partOf), 'component');
  const isSynced = workloads.every(({ status }) => status.conditions.some(isInSync));
  const url = urlOf(instance, components);
  return {
    health: rolled.health,
    conditions: [
      {
        type: 'Ready',
        status: rolled.health === 'Healthy' ? 'True' : rolled.health === 'Unknown' ? 'Unknown' : 'False',
        reason: rolled.reason,
        message: rolled.message,
      },
      isSynced
        ? { type: 'Synced', status: 'True', reason: 'InSync', message: '' }
        : { type: 'Synced', status: 'False', reason: 'Applying', message: 'Not every component is as desired yet.' },
    ],
    observed,
    outputs: url === null ? {} : { url },
  };
}

function partOf({ name, status }: ComponentView) {
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  const says = status.health === 'Healthy' ? null : ready;
  return { name, health: status.health, reason: says?.reason ?? null, message: says?.message ?? '' };
}

function isInSync({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === 'Synced' && status === 'True';
}

/**
 * Where the app as a whole answers: outside if any component does; else the component that is called like the app or
 * the instance; else the last one by name, so that the answer is always the same.
 */
function urlOf(
  instance: { readonly name: string; readonly spec: InstanceSpec },
  components: readonly ComponentView[],
): string | null {
  const candidates = components
    .flatMap(({ name, status }) => {
      const url = status.outputs.url?.value;
      return typeof url === 'string' ? [{ name, url }] : [];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const outside = candidates.find(({ url }) => !/\.svc\.cluster\.local(:|$)/.test(url));
  const named = candidates.find(({ name }) => name === instance.name || name === instance.spec.app);
  return (outside ?? named ?? candidates.at(-1))?.url ?? null;
}
