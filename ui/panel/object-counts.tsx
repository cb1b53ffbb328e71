import { useState } from 'react';
import type { Health } from '../../lib/health.js';
import {
  UiObjectsDocument,
  type UiObjectsSubscription,
  type UiObjectsSubscriptionVariables,
} from '../../sdk/generated/operations.js';
import { useLive } from '../live/use-live.js';
import { HealthBar, type HealthCount } from '../look/health-bar.js';
import { HealthMark } from '../look/health-mark.js';
import type { Selected } from '../route/route.js';
import { Section } from './section.js';

/** How many objects are how, and those of one health by name: the chart does not draw many. */
export function ObjectCounts({
  id,
  objects: { totalCount, countsByHealth },
  onSelect,
}: {
  readonly id: string;
  readonly objects: { readonly totalCount: number; readonly countsByHealth: readonly HealthCount[] };
  onSelect(selected: Selected): void;
}) {
  const [opened, setOpened] = useState<Health | null>(null);
  if (totalCount === 0) return null;
  return (
    <Section title="Objects" count={totalCount}>
      <HealthBar counts={countsByHealth} of="objects" />
      <ul className="links">
        {countsByHealth.map(({ health, count }) => (
          <li key={health}>
            <button
              type="button"
              aria-expanded={opened === health}
              onClick={() => setOpened(opened === health ? null : health)}
            >
              <HealthMark health={health} hasWord={false} />
              <span className="link-name">{health}</span>
              <span className="soft">{count}</span>
            </button>
            {opened === health && <ObjectNames id={id} health={health} onSelect={onSelect} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ObjectNames({
  id,
  health,
  onSelect,
}: {
  readonly id: string;
  readonly health: Health;
  onSelect(selected: Selected): void;
}) {
  const { data } = useLive<UiObjectsSubscription, UiObjectsSubscriptionVariables>(UiObjectsDocument, {
    filter: { resourceId: id, health: [health] },
    first: MOST,
  });
  const rest = (data?.objects.totalCount ?? 0) - MOST;
  return (
    <>
      <ul className="links inner">
        {data?.objects.nodes.map(({ group, kind, namespace, name }) => (
          <li key={`${group}/${kind}/${namespace}/${name}`}>
            <button type="button" onClick={() => onSelect({ id, object: { kind, namespace, name } })}>
              <span />
              <span className="link-name">
                <span className="soft">{kind}</span> {name}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {rest > 0 && <p className="soft">and {rest} more</p>}
    </>
  );
}

const MOST = 200;
