import { useOnViewportChange, useReactFlow, useStore } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { useMedia } from '../look/use-media.js';
import { type Box, type View, viewAround, viewOf } from './view-of.js';

/**
 * Shows the chart whenever it, what is selected or the room for it became another, until somebody moved it: from then on
 * it is theirs, and moves only to show what was selected elsewhere.
 */
export function KeepInView({ boxes, focus }: { readonly boxes: readonly Box[]; readonly focus: Box | null }) {
  const flow = useReactFlow();
  const isStill = useMedia('(prefers-reduced-motion: reduce)');
  const width = useStore((store) => store.width);
  const height = useStore((store) => store.height);
  const isMoved = useRef(false);
  const isShown = useRef(false);
  const isMoving = useRef(false);
  useOnViewportChange({
    onStart: () => {
      if (!isMoving.current) isMoved.current = true;
    },
  });
  const room = { width, height };
  const text = JSON.stringify([boxes, focus, room]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is all of it.
  useEffect(() => {
    const view: View | null = isMoved.current
      ? focus && viewAround(focus, flow.getViewport(), room)
      : viewOf(boxes, focus, room);
    if (!view) return;
    isMoving.current = true;
    const moved = flow.setViewport(view, { duration: isShown.current && !isStill ? DURATION_MS : 0 });
    isShown.current = true;
    moved.finally(() => {
      isMoving.current = false;
    });
  }, [text]);
  return null;
}

const DURATION_MS = 300;
