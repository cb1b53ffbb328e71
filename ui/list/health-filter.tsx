import { type Health, healths } from '../../lib/health.js';
import type { HealthCount } from '../look/health-bar.js';
import { HealthMark } from '../look/health-mark.js';

/** How many are how, each a switch that shows those alone. What nothing is, is left out. */
export function HealthFilter({
  counts,
  chosen,
  onChoose,
}: {
  readonly counts: readonly HealthCount[];
  readonly chosen: Health | null;
  onChoose(health: Health | null): void;
}) {
  const worstFirst = [...healths].reverse().flatMap((health) => {
    const count = counts.find((entry) => entry.health === health)?.count ?? 0;
    return count > 0 || health === chosen ? [{ health, count }] : [];
  });
  return (
    <fieldset className="health-filter">
      <legend className="for-readers">Health</legend>
      {worstFirst.map(({ health, count }) => (
        <button
          key={health}
          type="button"
          aria-pressed={health === chosen}
          onClick={() => onChoose(health === chosen ? null : health)}
        >
          <HealthMark health={health} /> <b>{count.toLocaleString()}</b>
        </button>
      ))}
    </fieldset>
  );
}
