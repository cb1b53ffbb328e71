import type { KubernetesDriver, KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { DeniedError } from '../../drivers/kubernetes/errors.js';
import { conditionOf, record } from '../../drivers/kubernetes/object-fields.js';
import { parseQuantity } from '../../lib/quantity.js';

/** What the nodes of a cluster have for pods, summed. */
export interface Capacity {
  /** In cores. */
  readonly cpu: number;
  /** In bytes. */
  readonly memory: number;
  readonly pods: number;
}

export interface NodesView {
  readonly nodes?: number;
  readonly nodesReady?: number;
  readonly capacity?: Capacity;
}

/** Nothing when the credential may not list nodes: not every cluster lets its users see them. */
export async function lookAtNodes(driver: KubernetesDriver, signal: AbortSignal): Promise<NodesView> {
  const type = await driver.resolve('v1', 'Node', signal);
  if (!type) return {};
  try {
    return nodesView((await driver.list(type, { selector: '', signal })).objects);
  } catch (error) {
    if (error instanceof DeniedError) return {};
    throw error;
  }
}

function nodesView(nodes: readonly KubernetesObject[]): NodesView {
  const ready = nodes.filter((node) => conditionOf(node, 'Ready')?.status === 'True');
  const sum = (resource: string) =>
    nodes.reduce((total, node) => total + (parseQuantity(record(record(node.status).allocatable)[resource]) ?? 0), 0);
  return {
    nodes: nodes.length,
    nodesReady: ready.length,
    // Rounded to thousandths of a core, for sums of fractions do not come out even.
    capacity: { cpu: Math.round(sum('cpu') * 1000) / 1000, memory: sum('memory'), pods: sum('pods') },
  };
}
