import { useState } from 'react';
import type { ChartResource } from '../chart/chart-model.js';
import { Age } from '../live/age.js';
import { Until } from '../live/until.js';
import { HealthMark } from '../look/health-mark.js';
import type { Selected } from '../route/route.js';
import { type Cause, rootCauses } from './root-causes.js';

/** What keeps a resource from being green; nothing while it is. */
export function Why({
  resources,
  id,
  onSelect,
}: {
  readonly resources: readonly ChartResource[];
  readonly id: string;
  onSelect(selected: Selected): void;
}) {
  const [isWhole, setWhole] = useState(false);
  const causes = rootCauses(id, resources);
  if (causes.length === 0) return null;
  const shown = isWhole ? causes : causes.slice(0, FEW);
  return (
    <section className="why" aria-label="Why?">
      <h2>Why?</h2>
      <ul>
        {shown.map((cause) => (
          <li key={keyOf(cause)}>
            <CauseLine cause={cause} onSelect={onSelect} />
          </li>
        ))}
        {causes.length > shown.length && (
          <li>
            <button type="button" className="quiet" onClick={() => setWhole(true)}>
              {causes.length - shown.length} more
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

const FEW = 3;

function CauseLine({ cause, onSelect }: { readonly cause: Cause; onSelect(selected: Selected): void }) {
  const { resource, object, path, reason, message, since } = cause;
  const { attempt } = resource;
  const select = () =>
    onSelect({
      id: resource.id,
      object: object && { group: object.group, kind: object.kind, namespace: object.namespace, name: object.name },
    });
  return (
    <>
      <span className="why-mark">
        <HealthMark health={object?.health ?? resource.status.health} />
      </span>
      <p>
        <button type="button" className="link" onClick={select}>
          {[...path.slice(1).map(({ name }) => name), ...(object ? [`${object.kind} ${object.name}`] : [])].join(
            ' › ',
          ) || resource.name}
        </button>{' '}
        <b>{reason}</b>
        {message && <span className="why-message">: {message}</span>}
        <span className="soft">
          {since !== null && (
            <>
              {' '}
              for <Age at={since} />
            </>
          )}
          {attempt !== null && attempt.nextRetryAt !== null && (
            <>
              , tried again <Until at={attempt.nextRetryAt} />
            </>
          )}
        </span>
      </p>
    </>
  );
}

function keyOf({ resource, object }: Cause): string {
  return `${resource.id}/${object?.kind ?? ''}/${object?.namespace ?? ''}/${object?.name ?? ''}`;
}
