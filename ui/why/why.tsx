import { useState } from 'react';
import {
  LiveWhyDocument,
  type LiveWhySubscription,
  type LiveWhySubscriptionVariables,
} from '../../sdk/generated/operations.js';
import { useLive } from '../live/use-live.js';
import type { Selected } from '../route/route.js';
import { CauseLine } from './cause-line.js';

/** What keeps a resource from being green, in words; nothing while it is, or while nobody knows. */
export function Why({ id, onSelect }: { readonly id: string; onSelect(selected: Selected): void }) {
  const [isWhole, setWhole] = useState(false);
  const { data } = useLive<LiveWhySubscription, LiveWhySubscriptionVariables>(LiveWhyDocument, { resourceId: id });
  const causes = data?.why.causes ?? [];
  if (causes.length === 0) return null;
  const shown = isWhole ? causes : causes.slice(0, FEW);
  const rest = causes.length - shown.length;
  return (
    <section className="why" aria-label="Why?">
      <h2>Why?</h2>
      <ul>
        {shown.map((cause) => (
          <li key={keyOf(cause)}>
            <CauseLine cause={cause} onSelect={onSelect} />
          </li>
        ))}
        {rest > 0 && (
          <li>
            <button type="button" className="link" onClick={() => setWhole(true)}>
              {rest} more
            </button>
          </li>
        )}
        {isWhole && data?.why.isTruncated && <li className="soft">There may be more.</li>}
      </ul>
    </section>
  );
}

const FEW = 3;

function keyOf({ resource, object, reason, message }: LiveWhySubscription['why']['causes'][number]): string {
  return [resource.id, object?.kind, object?.namespace, object?.name, reason, message].join(' ');
}
