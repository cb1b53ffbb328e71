import { useNodesInitialized, useOnViewportChange, useReactFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { Layout } from './layout.js';

/** Shows the whole chart whenever it became another one, until somebody moved it: from then on it is theirs. */
export function FitChart({ cards }: { readonly cards: Layout['cards'] | null }) {
  const flow = useReactFlow();
  const isReady = useNodesInitialized();
  const isMoved = useRef(false);
  const isFirst = useRef(true);
  const isFitting = useRef(false);
  useOnViewportChange({
    onStart: () => {
      if (!isFitting.current) isMoved.current = true;
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every new layout.
  useEffect(() => {
    if (!cards || !isReady || isMoved.current) return;
    isFitting.current = true;
    const fitted = flow.fitView({ padding: 0.08, maxZoom: 1, duration: isFirst.current ? 0 : 300 });
    isFirst.current = false;
    fitted.finally(() => {
      isFitting.current = false;
    });
  }, [cards, isReady]);
  return null;
}
