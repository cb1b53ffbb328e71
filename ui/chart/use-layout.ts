import { useEffect, useState } from 'react';
import type { ChartModel } from './chart-model.js';
import { type Direction, elkGraph, type Layout, layOut } from './layout.js';

/** The layout of a chart: the one of before until the next is there, null at first. */
export function useLayout(model: ChartModel, direction: Direction): Layout | null {
  const [layout, setLayout] = useState<Layout | null>(null);
  const graph = elkGraph(model, direction);
  const text = JSON.stringify(graph);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the graph is made anew for each answer; its text tells whether it is another one.
  useEffect(() => {
    let isWanted = true;
    layOut(graph).then((next) => isWanted && setLayout(next));
    return () => {
      isWanted = false;
    };
  }, [text]);
  return layout;
}
