import { Background, BackgroundVariant, Controls, Panel, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useMemo } from 'react';
import { useMedia } from '../look/use-media.js';
import type { Selected } from '../route/route.js';
import { CardNode, type CardNodeType } from './card-node.js';
import { cardSize } from './card-size.js';
import { ChartActionsContext } from './chart-actions.js';
import type { ChartModel } from './chart-model.js';
import { FitChart } from './fit-chart.js';
import type { Layout } from './layout.js';
import { LineEdge, type LineEdgeType } from './line-edge.js';
import { useLayout } from './use-layout.js';

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

function Drawing({ model, selected, onSelect, onFold }: ChartViewProps) {
  const isNarrow = useMedia('(max-width: 720px)');
  const layout = useLayout(model, isNarrow ? 'DOWN' : 'RIGHT');
  const nodes = useMemo(() => (layout ? nodesOf(model, layout, selected) : []), [model, layout, selected]);
  const edges = useMemo(() => (layout ? edgesOf(model, layout, selected) : []), [model, layout, selected]);
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
        <Controls showInteractive={false} fitViewOptions={fitOptions} position="bottom-left" />
        <Panel position="bottom-right" className="legend wide-only">
          <span data-line="owner">brings</span>
          <span data-line="reference">depends on</span>
        </Panel>
        <FitChart cards={layout?.cards ?? null} />
      </ReactFlow>
    </ChartActionsContext>
  );
}

const nodeTypes = { card: CardNode };
const edgeTypes = { line: LineEdge };
const proOptions = { hideAttribution: true };
const fitOptions = { padding: 0.08, maxZoom: 1, duration: 300 };

function nodesOf(model: ChartModel, layout: Layout, selected: Selected | null): CardNodeType[] {
  return model.cards.flatMap((card) => {
    // Not laid out yet: it comes with the next layout.
    const position = layout.cards.get(card.resource.id);
    if (!position) return [];
    const isSelected = selected?.id === card.resource.id;
    const size = cardSize(card);
    return {
      id: card.resource.id,
      type: 'card' as const,
      position,
      ...size,
      initialWidth: size.width,
      initialHeight: size.height,
      data: { card, selected: isSelected ? selected : null },
    };
  });
}

function edgesOf(model: ChartModel, layout: Layout, selected: Selected | null): LineEdgeType[] {
  return model.lines.flatMap((line) => {
    const points = layout.lines.get(line.id);
    if (!points || !layout.cards.has(line.from) || !layout.cards.has(line.to)) return [];
    const isNear = selected?.id === line.from || selected?.id === line.to;
    return {
      id: line.id,
      type: 'line' as const,
      source: line.from,
      target: line.to,
      zIndex: isNear ? 1 : 0,
      data: { line, points, isNear },
    };
  });
}
