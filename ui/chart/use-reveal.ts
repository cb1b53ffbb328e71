import { useReactFlow } from '@xyflow/react';
import type { FocusEvent } from 'react';

/** Brings a card into view when the keyboard comes to it, for the browser cannot scroll a chart. */
export function useReveal(id: string): (event: FocusEvent<HTMLElement>) => void {
  const flow = useReactFlow();
  return ({ currentTarget }) => {
    if (!currentTarget.matches(':focus-visible')) return;
    const chart = currentTarget.closest('.react-flow')?.getBoundingClientRect();
    const box = currentTarget.getBoundingClientRect();
    if (
      !chart ||
      (box.left >= chart.left && box.right <= chart.right && box.top >= chart.top && box.bottom <= chart.bottom)
    )
      return;
    const zoom = flow.getZoom();
    flow.fitView({ nodes: [{ id }], maxZoom: zoom, minZoom: zoom, duration: 200 });
  };
}
