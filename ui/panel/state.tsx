import type { Health } from '../../lib/health.js';
import { Age } from '../live/age.js';
import { HealthMark } from '../look/health-mark.js';

/** How something is, why, and since when. */
export function State({
  health,
  reason,
  message,
  since,
  isDeleting = false,
}: {
  readonly health: Health;
  readonly reason: string | null;
  readonly message: string;
  readonly since: string | null;
  readonly isDeleting?: boolean;
}) {
  return (
    <div className="state" data-health={health}>
      <p>
        <HealthMark health={health} isDeleting={isDeleting} />
        {reason && reason !== health && <b>{reason}</b>}
        {since !== null && (
          <span className="soft">
            for <Age at={since} />
          </span>
        )}
      </p>
      {message && <p className="state-message">{message}</p>}
    </div>
  );
}
