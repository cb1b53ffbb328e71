import { createContext, useContext } from 'react';
import type { Selected } from '../route/route.js';

/** What can be done on a card. */
export interface ChartActions {
  select(selected: Selected): void;
  fold(id: string, isFolded: boolean): void;
}

export const ChartActionsContext = createContext<ChartActions | null>(null);

export function useChartActions(): ChartActions {
  const actions = useContext(ChartActionsContext);
  if (!actions) throw new Error('A card is outside of its chart.');
  return actions;
}
