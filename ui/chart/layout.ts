import ELK, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import { cardSize } from './card-size.js';
import type { ChartModel } from './chart-model.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything is: corners of cards by the id of their resource, bends of lines by their id. */
export interface Layout {
  readonly cards: ReadonlyMap<string, Point>;
  readonly lines: ReadonlyMap<string, readonly Point[]>;
}

export type Direction = 'RIGHT' | 'DOWN';

/** In a worker of its own: the page stays smooth while a large chart is laid out. */
const elk = new ELK({ workerUrl });

export async function layOut(graph: ElkNode): Promise<Layout> {
  const placed = await elk.layout(graph);
  return {
    cards: new Map(placed.children?.map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
    lines: new Map(placed.edges?.map((edge) => [edge.id, pointsOf(edge)])),
  };
}

/** The same chart gives the same text of it, so what need not be laid out again is told by that. */
export function elkGraph({ cards, lines }: ChartModel, direction: Direction): ElkNode {
  return {
    id: 'chart',
    layoutOptions: { ...options, 'elk.direction': direction },
    children: cards.map((card) => ({ id: card.resource.id, ...cardSize(card) })),
    edges: lines.flatMap(({ id, from, to, isImplied }) => (isImplied ? [] : { id, sources: [from], targets: [to] })),
  };
}

const options = {
  'elk.algorithm': 'layered',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '12',
  'elk.layered.spacing.nodeNodeBetweenLayers': '48',
  'elk.layered.spacing.edgeNodeBetweenLayers': '18',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.layered.mergeEdges': 'false',
  // Cards stay in the order in which they came, so a new one moves the others as little as can be.
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.separateConnectedComponents': 'false',
};

function pointsOf({ sections }: ElkExtendedEdge): readonly Point[] {
  const [section] = sections ?? [];
  return section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [];
}
