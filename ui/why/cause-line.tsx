import type { CauseFullFragment } from '../../sdk/generated/operations.js';
import { Age } from '../live/age.js';
import { Until } from '../live/until.js';
import { HealthMark } from '../look/health-mark.js';
import { kindWords } from '../look/kind-words.js';
import type { Selected } from '../route/route.js';

/** One root cause: the way to it, what it is, what it waits for, and what helps. */
export function CauseLine({
  cause,
  isHelpAlone,
  onSelect,
}: {
  readonly cause: CauseFullFragment;
  /** What it is stands elsewhere. */
  readonly isHelpAlone: boolean;
  onSelect(selected: Selected): void;
}) {
  const { resource, object, path, health, reason, message, since, blockedBy, nextRetryAt, fix } = cause;
  const way = path.slice(1).map((step) => step.resource.name);
  const place = [...way, ...(object ? [`${object.kind} ${object.name}`] : [])].join(' › ');
  return (
    <>
      {!isHelpAlone && (
        <span className="why-mark">
          <HealthMark health={health} />
        </span>
      )}
      <div>
        {!isHelpAlone && (
          <p>
            <button type="button" className="link" onClick={() => onSelect({ id: resource.id, object })}>
              {place || resource.name}
            </button>{' '}
            <b>{reason}</b>
            {message && <>: {message}</>}{' '}
            <span className="soft">
              for <Age at={since} />
              {nextRetryAt !== null && (
                <>
                  , tried again <Until at={nextRetryAt} />
                </>
              )}
            </span>
          </p>
        )}
        {blockedBy.length > 0 && (
          <p>
            <span className="soft">Waits for</span>{' '}
            {blockedBy.map(({ id, kind, name }, index) => (
              <span key={id}>
                {index > 0 && ', '}
                <button type="button" className="link" onClick={() => onSelect({ id, object: null })}>
                  {kindWords(kind)} {name}
                </button>
              </span>
            ))}
          </p>
        )}
        {fix !== null && <p className="fix">{fix}</p>}
      </div>
    </>
  );
}
