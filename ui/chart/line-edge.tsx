import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import type { Line } from './chart-model.js';
import type { Point } from './layout.js';
import { linePath } from './line-path.js';

export type LineEdgeType = Edge<
  {
    readonly line: Line;
    readonly points: readonly Point[];
    /** One of its ends is selected. */
    readonly isNear: boolean;
  },
  'line'
>;

/** A line with its direction: the head is at what is owned or depended on. */
export function LineEdge({ id, data }: EdgeProps<LineEdgeType>) {
  if (!data) return null;
  const { line, points, isNear } = data;
  const [end, before] = [points.at(-1), points.at(-2)];
  if (!end || !before) return null;
  const label = line.isImplied ? '' : line.paths.join(', ');
  const middle = middleOfLongest(points);
  const facts = {
    'data-line': line.isOwner ? 'owner' : 'reference',
    'data-near': isNear || undefined,
    'data-implied': line.isImplied || undefined,
    'data-health': line.health,
  };
  return (
    <g className="line" {...facts}>
      <BaseEdge id={id} path={linePath(points)} interactionWidth={0} />
      <path className="line-head" d="M 0 0 L -7 -4 L -7 4 Z" transform={headAt(end, before)} />
      {isNear && label !== '' && label.length * CHARACTER < middle.length && (
        <EdgeLabelRenderer>
          <span
            className="line-label"
            style={{
              transform: `translate(-50%, -50%) translate(${middle.x}px, ${middle.y}px)`,
            }}
          >
            {label}
          </span>
        </EdgeLabelRenderer>
      )}
    </g>
  );
}

/** Of a label, with its share of the room around it, in pixels. What finds no room is in the panel. */
const CHARACTER = 10;

/** Where a label has most room, and how much that is. */
function middleOfLongest(points: readonly Point[]): Point & { readonly length: number } {
  const middles = points.slice(1).map((to, index) => {
    const from = points[index] ?? to;
    return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, length: Math.hypot(to.x - from.x, to.y - from.y) };
  });
  return middles.reduce((longest, next) => (next.length > longest.length ? next : longest), {
    x: 0,
    y: 0,
    length: -1,
  });
}

function headAt(end: Point, before: Point): string {
  const degrees = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
  return `translate(${end.x} ${end.y}) rotate(${degrees})`;
}
