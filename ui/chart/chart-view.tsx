import { Background, BackgroundVariant, Panel, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useMemo } from 'react';
import { useMedia } from '../look/use-media.js';
import type { Selected } from '../route/route.js';
import { CardNode, type CardNodeType } from './card-node.js';
import { cardSize } from './card-size.js';
import { ChartActionsContext } from './chart-actions.js';
import { ChartControls } from './chart-controls.js';
import type { ChartModel } from './chart-model.js';
import { KeepInView } from './keep-in-view.js';
import type { Layout, Point } from './layout.js';
import { LineEdge, type LineEdgeType } from './line-edge.js';
import { useLayout } from './use-layout.js';
import type { Box } from './view-of.js';

/** The drawing: cards and lines, to be moved and zoomed. */
export function ChartView(props: ChartViewProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

interface ChartViewProps {
  readonly model: ChartModel;
  readonly selected: Selected | null;
  onSelect(selected: Selected): void;
  onFold(id: string, isFolded: boolean): void;
}

function Drawing({ model, selected: chosen, onSelect, onFold }: ChartViewProps) {
  const selected = useMemo(() => shown(chosen, model), [chosen, model]);
  const isNarrow = useMedia('(max-width: 720px)');
  const layout = useLayout(model, isNarrow ? 'DOWN' : 'RIGHT');
  const boxes = useMemo(() => (layout ? boxesOf(model, layout) : new Map<string, Box>()), [model, layout]);
  const nodes = useMemo(() => nodesOf(model, boxes, selected), [model, boxes, selected]);
  const edges = useMemo(
    () => (layout ? edgesOf(model, layout, boxes, selected) : []),
    [model, layout, boxes, selected],
  );
  const actions = useMemo(() => ({ select: onSelect, fold: onFold }), [onSelect, onFold]);
  return (
    <ChartActionsContext value={actions}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        minZoom={0.15}
        maxZoom={1.6}
        proOptions={proOptions}
        aria-label="Chart"
      >
        <Background variant={BackgroundVariant.Dots} gap={26} size={1.2} />
        <ChartControls boxes={[...boxes.values()]} />
        <Panel position="bottom-right" className="legend wide-only">
          <span data-line="owner">brings</span>
          <span data-line="reference">depends on</span>
        </Panel>
        <KeepInView boxes={[...boxes.values()]} focus={boxes.get(selected?.id ?? '') ?? null} />
      </ReactFlow>
      {!layout && <p className="waiting">Drawing…</p>}
    </ChartActionsContext>
  );
}

const nodeTypes = { card: CardNode };
const edgeTypes = { line: LineEdge };
const proOptions = { hideAttribution: true };

/** What is selected, or the card that stands for it. */
function shown(selected: Selected | null, { cardOf }: ChartModel): Selected | null {
  const card = selected && cardOf.get(selected.id);
  if (!selected || card === undefined || card === null) return null;
  return card === selected.id ? selected : { id: card, object: null };
}

/** Where cards are, by the id of their resource. One that is not laid out yet comes with the next layout. */
function boxesOf(model: ChartModel, layout: Layout): ReadonlyMap<string, Box> {
  return new Map(
    model.cards.flatMap((card) => {
      const corner = layout.cards.get(card.resource.id);
      return corner ? [[card.resource.id, { ...corner, ...cardSize(card) }]] : [];
    }),
  );
}

function nodesOf(model: ChartModel, boxes: ReadonlyMap<string, Box>, selected: Selected | null): CardNodeType[] {
  return model.cards.flatMap((card) => {
    const { id } = card.resource;
    const box = boxes.get(id);
    if (!box) return [];
    const { x, y, width, height } = box;
    // Said in advance, so that nothing is measured and moved after it was seen.
    const size = { width, height, measured: { width, height } };
    const data = { card, selected: selected?.id === id ? selected : null };
    return { id, type: 'card' as const, position: { x, y }, ...size, data };
  });
}

function edgesOf(
  model: ChartModel,
  layout: Layout,
  boxes: ReadonlyMap<string, Box>,
  selected: Selected | null,
): LineEdgeType[] {
  return model.lines.flatMap((line) => {
    const [from, to] = [boxes.get(line.from), boxes.get(line.to)];
    if (!from || !to) return [];
    const isNear = selected?.id === line.from || selected?.id === line.to;
    const points = line.isImplied && isNear ? detour(from, to) : layout.lines.get(line.id);
    if (!points) return [];
    return {
      id: line.id,
      type: 'line' as const,
      source: line.from,
      target: line.to,
      // One that was not laid out goes behind the cards.
      zIndex: isNear && !line.isImplied ? 1 : 0,
      data: { line, points, isNear },
    };
  });
}

/** Of a line that was not laid out: from one card to the other, however they stand. */
function detour(from: Box, to: Box): readonly Point[] {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x, y: to.y + to.height / 2 };
  const x = end.x - DETOUR;
  return [start, { x, y: start.y }, { x, y: end.y }, end];
}

const DETOUR = 14;
