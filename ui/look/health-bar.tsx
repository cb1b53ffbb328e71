import { type Health, healths } from '../../lib/health.js';

export interface HealthCount {
  readonly health: Health;
  readonly count: number;
}

/** How many of the parts are well, as a bar and as `2/3`. Nothing when there are none. */
export function HealthBar({ counts, of }: { readonly counts: readonly HealthCount[]; readonly of: string }) {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  const ordered = healths.flatMap((health) => counts.filter((entry) => entry.health === health));
  const healthy = ordered.find(({ health }) => health === 'Healthy')?.count ?? 0;
  const words = ordered.map(({ health, count }) => `${count} ${health}`).join(', ');
  return (
    <span className="health-bar" title={`${total} ${of}: ${words}`}>
      <span className="bar-parts" aria-hidden="true">
        {ordered.map(({ health, count }) => (
          <span key={health} data-health={health} style={{ flexGrow: count }} />
        ))}
      </span>
      <span>
        {healthy}/{total}
      </span>
      <span className="for-readers"> {of} healthy</span>
    </span>
  );
}
