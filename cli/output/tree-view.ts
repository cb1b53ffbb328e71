import { type NeededResource, needsOf } from './needs-view.js';
import { type NamedOutput, outputsText } from './output-text.js';
import type { TreeNode } from './tree-node.js';

/** What a tree shows of a resource: the part of the graph's answer that is read here. */
export interface TreeResource {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly deletionRequestedAt: string | null;
  readonly status: {
    readonly health: string;
    readonly isSettled: boolean;
    readonly reason: string | null;
    readonly message: string;
    readonly outputs: readonly NamedOutput[];
  };
  readonly attempt: { readonly count: number; readonly lastError: string; readonly nextRetryAt: string | null } | null;
  readonly objects: { readonly totalCount: number; readonly nodes: readonly TreeObject[] };
  readonly events: { readonly nodes: readonly TreeEvent[] };
}

export interface TreeRoot extends TreeResource {
  readonly references: readonly { readonly target: NeededResource }[];
  readonly children: { readonly totalCount: number; readonly nodes: readonly TreeChild[] };
}

export interface TreeChild extends TreeResource {
  readonly references: readonly { readonly target: NeededResource }[];
  /** Absent where the answer does not go deeper. */
  readonly children?: { readonly totalCount: number; readonly nodes: readonly TreeChild[] };
}

export interface TreeObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly state: string;
  readonly health: string;
  readonly reason: string | null;
  readonly message: string;
  readonly drift: readonly unknown[] | null;
}

export interface TreeEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly object: string;
  readonly count: number;
  readonly lastAt: string;
}

/** The nodes of a resource: what it owns in the order in which it comes up, their objects, and what else all of it needs. */
export function treeOf(root: TreeRoot): TreeNode {
  const all = familyOf(root);
  const needed = all.flatMap(({ references }) => references.map(({ target }) => target));
  const needs = needsOf(needed, new Set(all.map(({ id }) => id)));
  const branch = { key: `${root.id}/needs`, label: 'needs', health: '', note: '', children: needs };
  const tree = ownedTree(root);
  return needs.length > 0 ? { ...tree, children: [...tree.children, branch] } : tree;
}

function ownedTree(resource: TreeChild): TreeNode {
  const { nodes, totalCount } = resource.children ?? { nodes: [], totalCount: 0 };
  const rest = totalCount - nodes.length;
  return nodeOf(resource, [
    ...inOrder(nodes).map(ownedTree),
    ...(rest > 0 ? [more(resource.id, rest, 'resources')] : []),
  ]);
}

/** The resource and all that it owns, as deep as the answer goes. */
function familyOf(resource: TreeChild): readonly TreeChild[] {
  return [resource, ...(resource.children?.nodes ?? []).flatMap(familyOf)];
}

/** All nodes, the root first. */
export function flatten(node: TreeNode): readonly TreeNode[] {
  return [node, ...node.children.flatMap((child) => flatten(child))];
}

function nodeOf(resource: TreeResource, children: readonly TreeNode[]): TreeNode {
  const objects = resource.objects.nodes.map((object) => objectNode(resource.id, object));
  const rest = resource.objects.totalCount - resource.objects.nodes.length;
  return {
    key: resource.id,
    label: `${resource.kind} ${resource.name}`,
    health: resource.status.health,
    note: noteOf(resource),
    children: [...objects, ...(rest > 0 ? [more(resource.id, rest, 'objects')] : []), ...children],
  };
}

function objectNode(ownerId: string, object: TreeObject): TreeNode {
  return {
    key: `${ownerId}/${object.kind}/${object.namespace}/${object.name}`,
    label: `${object.kind} ${object.name}`,
    health: object.health,
    note: objectNote(object),
    children: [],
  };
}

function objectNote({ health, reason, message, drift }: TreeObject): string {
  const drifted = drift === null ? '' : `differs in ${drift.length} ${drift.length === 1 ? 'field' : 'fields'}`;
  const why = health === 'Healthy' ? '' : [reason, message].filter(Boolean).join(': ');
  return [why, drifted].filter(Boolean).join('; ');
}

function noteOf({ status, attempt, deletionRequestedAt }: TreeResource): string {
  if (attempt && attempt.count > 0 && !status.isSettled) return `attempt ${attempt.count} failed: ${attempt.lastError}`;
  if (deletionRequestedAt !== null) return ['being deleted', status.message].filter(Boolean).join(': ');
  if (status.isSettled) return outputsText(status.outputs);
  return [status.reason, status.message].filter(Boolean).join(': ');
}

function more(id: string, count: number, what: string): TreeNode {
  return { key: `${id}/more-${what}`, label: `… ${count} ${what} more`, health: '', note: '', children: [] };
}

/** Those that others wait for come first; else as they came. */
function inOrder(children: readonly TreeChild[]): readonly TreeChild[] {
  const ids = new Set(children.map((child) => child.id));
  const placed = new Set<string>();
  const ordered: TreeChild[] = [];
  let waiting = [...children];
  while (waiting.length > 0) {
    const isReady = (child: TreeChild) =>
      child.references.every(({ target }) => !ids.has(target.id) || placed.has(target.id));
    const ready = waiting.filter(isReady);
    // A cycle cannot be stored; were there one all the same, it is shown as it came.
    const next = ready.length > 0 ? ready : waiting;
    for (const child of next) placed.add(child.id);
    ordered.push(...next);
    waiting = waiting.filter((child) => !placed.has(child.id));
  }
  return ordered;
}
