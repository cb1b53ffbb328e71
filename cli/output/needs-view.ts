import { type NamedOutput, outputsText } from './output-text.js';
import type { TreeNode } from './tree-node.js';

/** A resource that others need, as far as the graph's answer goes outwards. */
export interface NeededResource {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly status: {
    readonly health: string;
    readonly isSettled: boolean;
    readonly reason: string | null;
    readonly message: string;
    readonly outputs: readonly NamedOutput[];
  };
  readonly references?: readonly { readonly target: NeededResource }[];
}

/**
 * What is needed beside what is owned, each once, as far outwards as it stands for anybody. `known`: what the tree shows already.
 * What nothing reconciles (definitions, environments) cannot keep anybody waiting and is left out.
 */
export function needsOf(resources: readonly NeededResource[], known: Set<string>): readonly TreeNode[] {
  const outer = new Set(resources.filter(({ id }) => !known.has(id)).flatMap(idsBelow));
  const fresh = resources.filter(({ id, status }) => {
    if (known.has(id) || outer.has(id) || status.reason === 'Defined') return false;
    known.add(id);
    return true;
  });
  return fresh.map(({ id, kind, name, status, references = [] }) => ({
    key: id,
    label: `${kind} ${name}`,
    health: status.health,
    note: status.isSettled ? outputsText(status.outputs) : [status.reason, status.message].filter(Boolean).join(': '),
    children: needsOf(
      references.map(({ target }) => target),
      known,
    ),
  }));
}

function idsBelow({ references = [] }: NeededResource): readonly string[] {
  return references.flatMap(({ target }) => [target.id, ...idsBelow(target)]);
}
