import { useState } from 'react';
import {
  type CauseFullFragment,
  LiveWhyDocument,
  type LiveWhySubscription,
  type LiveWhySubscriptionVariables,
} from '../../sdk/generated/operations.js';
import { useLive } from '../live/use-live.js';
import type { Selected } from '../route/route.js';
import { CauseLine } from './cause-line.js';

/**
 * What keeps a resource from being green, in words; nothing while it is, or while nobody knows. `isBesideState`: how the
 * resource itself is stands next to it, so of that only what helps is said.
 */
export function Why({
  id,
  isBesideState = false,
  onSelect,
}: {
  readonly id: string;
  readonly isBesideState?: boolean;
  onSelect(selected: Selected): void;
}) {
  const [isWhole, setWhole] = useState(false);
  const { data } = useLive<LiveWhySubscription, LiveWhySubscriptionVariables>(LiveWhyDocument, { resourceId: id });
  const isKnown = ({ resource, object }: CauseFullFragment) => isBesideState && resource.id === id && object === null;
  const causes = data?.why.causes.filter((cause) => !isKnown(cause) || hasHelp(cause)) ?? [];
  if (causes.length === 0) return null;
  const shown = isWhole ? causes : causes.slice(0, FEW);
  const rest = causes.length - shown.length;
  return (
    <section className="why" aria-label="Why?">
      <h2>Why?</h2>
      <ul>
        {shown.map((cause) => (
          <li key={keyOf(cause)}>
            <CauseLine cause={cause} isHelpAlone={isKnown(cause)} onSelect={onSelect} />
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

const hasHelp = ({ fix, blockedBy }: CauseFullFragment) => fix !== null || blockedBy.length > 0;

function keyOf({ resource, object, reason, message }: CauseFullFragment): string {
  return [resource.id, object?.kind, object?.namespace, object?.name, reason, message].join(' ');
}
