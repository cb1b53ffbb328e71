import type { Point } from './layout.js';

/** An SVG path along the points, with rounded corners. */
export function linePath(points: readonly Point[]): string {
  const [start, ...rest] = points;
  if (!start) return '';
  const parts = rest.map((point, index) => {
    const next = rest[index + 1];
    if (!next) return `L ${point.x} ${point.y}`;
    const before = towards(point, index === 0 ? start : (rest[index - 1] ?? start));
    const after = towards(point, next);
    return `L ${before.x} ${before.y} Q ${point.x} ${point.y} ${after.x} ${after.y}`;
  });
  return `M ${start.x} ${start.y} ${parts.join(' ')}`;
}

const RADIUS = 8;

/** The point at the radius from a corner, at most half way. */
function towards(corner: Point, other: Point): Point {
  const [dx, dy] = [other.x - corner.x, other.y - corner.y];
  const length = Math.hypot(dx, dy) || 1;
  const share = Math.min(RADIUS, length / 2) / length;
  return { x: corner.x + dx * share, y: corner.y + dy * share };
}
