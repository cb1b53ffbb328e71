import { Panel, useReactFlow, useStore } from '@xyflow/react';
import { type Box, viewOf } from './view-of.js';

/** To zoom, and to see the whole chart again. */
export function ChartControls({ boxes }: { readonly boxes: readonly Box[] }) {
  const flow = useReactFlow();
  const width = useStore((store) => store.width);
  const height = useStore((store) => store.height);
  const showAll = () => {
    const view = viewOf(boxes, null, { width, height }, 0);
    if (view) flow.setViewport(view, { duration: DURATION_MS });
  };
  return (
    <Panel position="bottom-left" className="chart-controls">
      <button type="button" className="wide-only" onClick={() => flow.zoomIn({ duration: DURATION_MS })}>
        <span aria-hidden="true">+</span>
        <span className="for-readers">Nearer</span>
      </button>
      <button type="button" className="wide-only" onClick={() => flow.zoomOut({ duration: DURATION_MS })}>
        <span aria-hidden="true">−</span>
        <span className="for-readers">Farther</span>
      </button>
      <button type="button" onClick={showAll}>
        <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" fill="none" stroke="currentColor" strokeWidth="1.8" />
        </svg>
        <span className="for-readers">Show all</span>
      </button>
    </Panel>
  );
}

const DURATION_MS = 200;
