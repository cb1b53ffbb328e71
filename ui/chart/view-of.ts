import type { Size } from './card-size.js';

/** A part of the drawing, in its own coordinates. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** How the drawing is moved and zoomed. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/**
 * The view that shows all boxes; where they are too large to be read then, the part around `focus`. null when there is
 * nothing to show, or no room.
 */
export function viewOf(boxes: readonly Box[], focus: Box | null, room: Size, smallest: number = READABLE): View | null {
  const [first] = boxes;
  if (!first || room.width <= 0 || room.height <= 0) return null;
  const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN;
  const width = Math.max(...boxes.map((box) => box.x + box.width)) + MARGIN - left;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN - top;
  const zoom = Math.min(1, Math.max(smallest, Math.min(room.width / width, room.height / height)));
  const center = focus ?? first;
  return {
    zoom,
    x: shift({ start: left, length: width, focus: center.x + center.width / 2 }, room.width, zoom),
    y: shift({ start: top, length: height, focus: center.y + center.height / 2 }, room.height, zoom),
  };
}

/** The same zoom, moved so that `box` is in the middle; null when it is seen already. */
export function viewAround(box: Box, { x, y, zoom }: View, room: Size): View | null {
  const left = box.x * zoom + x;
  const top = box.y * zoom + y;
  const isSeen =
    left >= 0 && top >= 0 && left + box.width * zoom <= room.width && top + box.height * zoom <= room.height;
  if (isSeen) return null;
  return {
    zoom,
    x: room.width / 2 - (box.x + box.width / 2) * zoom,
    y: room.height / 2 - (box.y + box.height / 2) * zoom,
  };
}

const MARGIN = 24;
/** Names can still be read. */
const READABLE = 0.55;

/** Along one axis: what fits is in the middle; of what does not, no room is wasted beyond its ends. */
function shift(span: { start: number; length: number; focus: number }, room: number, zoom: number): number {
  const shown = room / zoom;
  const start =
    span.length <= shown
      ? span.start - (shown - span.length) / 2
      : Math.min(Math.max(span.focus - shown / 2, span.start), span.start + span.length - shown);
  return -start * zoom;
}
