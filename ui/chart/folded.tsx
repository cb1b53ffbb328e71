import { HealthMark } from '../look/health-mark.js';
import { useChartActions } from './chart-actions.js';
import type { Card } from './chart-model.js';

/** The parts of a resource that are not drawn, by their number; drawn when it is pressed. */
export function Folded({ id, card: { folded, isUnfolded } }: { readonly id: string; readonly card: Card }) {
  const { fold } = useChartActions();
  if (isUnfolded)
    return (
      <button type="button" className="fold nopan" aria-expanded onClick={() => fold(id, true)}>
        Hide its parts
      </button>
    );
  if (!folded) return null;
  return (
    <button type="button" className="fold nopan" aria-expanded={false} onClick={() => fold(id, false)}>
      <span>{folded.total === 1 ? '1 part' : `${folded.total} parts`}</span>
      {folded.counts.map(({ health, count }) => (
        <span key={health}>
          <HealthMark health={health} hasWord={false} /> {count}
        </span>
      ))}
    </button>
  );
}
