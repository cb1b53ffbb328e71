import {
  UiObjectsDocument,
  type UiObjectsSubscription,
  type UiObjectsSubscriptionVariables,
} from '../../sdk/generated/operations.js';
import { useLive } from '../live/use-live.js';
import { kindWords } from '../look/kind-words.js';
import type { ObjectName, Selected } from '../route/route.js';
import { Drift } from './drift.js';
import { Events } from './events.js';
import { Fields } from './fields.js';
import { Links } from './links.js';
import { Section } from './section.js';
import { State } from './state.js';

/** An object in a cluster, as last observed. */
export function ObjectPanel({
  id,
  name,
  onSelect,
}: {
  readonly id: string;
  readonly name: ObjectName;
  onSelect(selected: Selected): void;
}) {
  const { data, problem } = useLive<UiObjectsSubscription, UiObjectsSubscriptionVariables>(UiObjectsDocument, {
    filter: { resourceId: id, kinds: [name.kind], names: [name.name] },
  });
  if (problem !== null) return <p className="problem">{problem}</p>;
  if (!data) return <p className="soft waiting">Loading…</p>;
  const object = data.objects.nodes.find(({ namespace }) => namespace === name.namespace);
  return (
    <>
      <header className="panel-head">
        <p className="card-kind">{kindWords(name.kind)}</p>
        <h2>{name.name}</h2>
      </header>
      {object ? (
        <>
          <State {...object} />
          <Drift differences={object.drift ?? []} />
          <Events events={object.events.nodes} />
          {object.resource && (
            <Links title="Belongs to" links={[{ note: '', target: object.resource }]} onSelect={onSelect} />
          )}
          <Section title="Facts">
            <Fields
              fields={[
                ['Namespace', object.namespace],
                ['Version', [object.group, object.version].filter(Boolean).join('/')],
                ['State', object.state],
                ['Origin', object.origin],
                ['Uid', object.uid],
              ]}
            />
          </Section>
        </>
      ) : (
        <p className="soft">It is gone.</p>
      )}
    </>
  );
}
