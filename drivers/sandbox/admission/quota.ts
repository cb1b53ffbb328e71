import type { KubernetesObject } from '../../kubernetes/driver.js';
import { list, record, text } from '../../kubernetes/object-fields.js';
import type { ClusterStore } from '../cluster-store.js';
import { formatQuantity, parseQuantity } from '../quantity.js';
import { builtInTypes } from '../type-table.js';
import { forbidden } from '../write-target.js';
import type { Admission } from './admission.js';

/** Amounts by what a quota calls them: `pods`, `requests.cpu`, `count/deployments.apps`. */
export type Usage = Readonly<Record<string, number>>;

/** Refuses what a ResourceQuota of the namespace has no room for (https://kubernetes.io/docs/concepts/policy/resource-quotas/). */
export function createQuotaAdmission(store: ClusterStore): Admission {
  return {
    admit({ operation, target, object }) {
      if (operation !== 'CREATE' || target.namespace === null) return;
      for (const quota of store.list('/ResourceQuota', target.namespace)) {
        const hard = hardOf(quota);
        const wanted = limited(usageOf(object), hard);
        if (Object.keys(wanted).length === 0) continue;
        const unstated = unstatedOf(object, hard);
        const { name } = quota.metadata;
        if (unstated) throw forbidden(target, `failed quota: ${name}: must specify ${unstated}`);
        const used = usedOf(store, quota);
        const over = Object.keys(wanted)
          .filter((each) => (used[each] ?? 0) + (wanted[each] ?? 0) > (hard[each] ?? 0))
          .sort();
        if (over.length === 0) continue;
        const say = (usage: Usage) => over.map((each) => `${each}=${formatQuantity(each, usage[each] ?? 0)}`).join(',');
        const why = `exceeded quota: ${name}, requested: ${say(wanted)}, used: ${say(used)}, limited: ${say(hard)}`;
        throw forbidden(target, why);
      }
    },
  };
}

/** What the namespace of `quota` uses of what it limits. */
export function usedOf(store: ClusterStore, quota: KubernetesObject): Usage {
  const hard = hardOf(quota);
  const used: Record<string, number> = Object.fromEntries(Object.keys(hard).map((each) => [each, 0]));
  for (const object of store.inNamespace(quota.metadata.namespace ?? '')) {
    for (const [each, amount] of Object.entries(limited(usageOf(object), hard)))
      used[each] = (used[each] ?? 0) + amount;
  }
  return used;
}

export function hardOf(quota: KubernetesObject): Usage {
  const hard = Object.entries(record(record(quota.spec).hard));
  return Object.fromEntries(hard.map(([each, amount]) => [each, parseQuantity(amount)]));
}

function limited(usage: Usage, hard: Usage): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([each]) => each in hard));
}

/** Everything that one object uses, under every name that a quota may have for it. */
function usageOf(object: KubernetesObject): Usage {
  const type = typesByKind.get(`${object.apiVersion}/${object.kind}`);
  const plural = type?.plural ?? `${object.kind.toLowerCase()}s`;
  const group = type?.group ?? object.apiVersion.split('/')[0];
  const counted = { [`count/${plural}${group ? `.${group}` : ''}`]: 1 };
  if (object.kind === 'Pod') return isOver(object) ? counted : { ...counted, pods: 1, ...computeOf(object) };
  if (object.kind === 'PersistentVolumeClaim') {
    const storage = parseQuantity(record(record(record(object.spec).resources).requests).storage);
    return { ...counted, [plural]: 1, 'requests.storage': storage };
  }
  if (object.kind === 'Service') {
    const { type: kind } = record(object.spec);
    const ports = kind === 'NodePort' || kind === 'LoadBalancer' ? list(record(object.spec).ports).length : 0;
    return {
      ...counted,
      services: 1,
      'services.nodeports': ports,
      'services.loadbalancers': kind === 'LoadBalancer' ? 1 : 0,
    };
  }
  return group ? counted : { ...counted, [plural]: 1 };
}

const typesByKind = new Map(builtInTypes.map((type) => [`${type.apiVersion}/${type.kind}`, type]));

function isOver(pod: KubernetesObject): boolean {
  return ['Succeeded', 'Failed'].includes(text(record(pod.status).phase));
}

function computeOf(pod: KubernetesObject): Usage {
  const sum = (which: 'requests' | 'limits', resource: string) =>
    containersOf(pod).reduce((total, container) => {
      const { requests, limits } = record(container.resources);
      // A container that states only a limit requests as much.
      const stated = which === 'limits' ? record(limits) : { ...record(limits), ...record(requests) };
      return total + parseQuantity(stated[resource]);
    }, 0);
  const [cpu, memory] = [round(sum('requests', 'cpu')), sum('requests', 'memory')];
  return {
    cpu,
    memory,
    'requests.cpu': cpu,
    'requests.memory': memory,
    'limits.cpu': round(sum('limits', 'cpu')),
    'limits.memory': sum('limits', 'memory'),
  };
}

/** To a thousandth of a core, against what binary fractions add up to. */
function round(cores: number): number {
  return Math.round(cores * 1000) / 1000;
}

/** What a limited resource needs stated, and is not: `requests.cpu for: main; requests.memory for: main`. */
function unstatedOf(object: KubernetesObject, hard: Usage): string {
  if (object.kind !== 'Pod') return '';
  return Object.keys(hard)
    .sort()
    .flatMap((each) => {
      const [, which = 'requests', resource] = /^(?:(requests|limits)\.)?(cpu|memory)$/.exec(each) ?? [];
      if (resource === undefined) return [];
      const lacking = containersOf(object).filter((container) => {
        const { requests, limits } = record(container.resources);
        const stated = which === 'limits' ? record(limits) : { ...record(limits), ...record(requests) };
        return stated[resource] === undefined;
      });
      return lacking.length > 0 ? [`${each} for: ${lacking.map(({ name }) => text(name)).join(',')}`] : [];
    })
    .join('; ');
}

function containersOf(pod: KubernetesObject): readonly Readonly<Record<string, unknown>>[] {
  return list(record(pod.spec).containers).map(record);
}
