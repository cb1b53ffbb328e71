import { colourOfHealth, cut, paint, symbolOfHealth, widthOf } from './colour.js';
import type { TreeNode } from './tree-node.js';

export interface TreeOptions {
  readonly width: number | null;
  /** Lines that there is room for; null: any number. */
  readonly height?: number | null;
  readonly hasColour: boolean;
}

/**
 * Lines of a tree: branch, symbol, label, health, note; the healths stand in one column. Notes are cut at the width.
 * Where there is too little room, Healthy leaves are counted instead of shown.
 */
export function renderTree(root: TreeNode, options: TreeOptions): readonly string[] {
  const all = linesOf(root, '', '');
  const height = options.height ?? null;
  const lines = height !== null && all.length > height ? linesOf(withoutHealthyLeaves(root), '', '') : all;
  const shown =
    height !== null && lines.length > height
      ? [...lines.slice(0, Math.max(1, height - 1)), cutShort(lines.length - height + 1)]
      : lines;
  const labelWidth = Math.max(...shown.map((line) => widthOf(line.branch + line.node.label)));
  return shown.map((line) => drawn(line, labelWidth, options));
}

interface Line {
  readonly branch: string;
  readonly node: TreeNode;
}

function linesOf(node: TreeNode, branch: string, indent: string): readonly Line[] {
  return [
    { branch, node },
    ...node.children.flatMap((child, index) => {
      const isLast = index === node.children.length - 1;
      return linesOf(child, `${indent}${isLast ? '└─ ' : '├─ '}`, `${indent}${isLast ? '   ' : '│  '}`);
    }),
  ];
}

function drawn({ branch, node }: Line, labelWidth: number, { width, hasColour }: TreeOptions): string {
  const label = branch + node.label;
  const padding = ' '.repeat(labelWidth - widthOf(label));
  const left = width === null ? Number.POSITIVE_INFINITY : width;
  if (node.health === '') return cut(label, left);
  const state = `${symbolOfHealth(node.health)} ${node.health}`;
  const room = left - labelWidth - 2 - widthOf(state) - 2;
  // Too narrow for a note, or even for the health: the label is cut, since the health is what is looked for.
  if (room < 0)
    return `${cut(label, Math.max(1, left - widthOf(state) - 2))}  ${paint(state, colourOfHealth(node.health), hasColour)}`;
  const note = room < 8 ? '' : cut(node.note.replaceAll(/\s+/g, ' '), room);
  return `${label}${padding}  ${paint(state, colourOfHealth(node.health), hasColour)}${note === '' ? '' : `  ${paint(note, 'grey', hasColour)}`}`;
}

function withoutHealthyLeaves(node: TreeNode): TreeNode {
  const isHidden = (child: TreeNode) => child.children.length === 0 && child.health === 'Healthy';
  const hidden = node.children.filter(isHidden).length;
  const kept = node.children.filter((child) => !isHidden(child)).map((child) => withoutHealthyLeaves(child));
  const counted: TreeNode = {
    key: `${node.key}/healthy`,
    label: `${hidden} more`,
    health: 'Healthy',
    note: '',
    children: [],
  };
  return { ...node, children: hidden > 0 ? [...kept, counted] : kept };
}

function cutShort(count: number): Line {
  return {
    branch: '',
    node: {
      key: 'rest',
      label: `… ${count} lines more; portolan tree shows them all`,
      health: '',
      note: '',
      children: [],
    },
  };
}
