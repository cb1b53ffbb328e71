import {
  UiResourceDocument,
  type UiResourceSubscription,
  type UiResourceSubscriptionVariables,
} from '../../sdk/generated/operations.js';
import { useKinds } from '../kinds/kinds.js';
import { Age } from '../live/age.js';
import { Until } from '../live/until.js';
import { useLive } from '../live/use-live.js';
import { kindWords } from '../look/kind-words.js';
import { Link } from '../route/link.js';
import type { Selected } from '../route/route.js';
import { Why } from '../why/why.js';
import { Conditions } from './conditions.js';
import { Events } from './events.js';
import { Fields } from './fields.js';
import { Links } from './links.js';
import { ObjectCounts } from './object-counts.js';
import { Outputs } from './outputs.js';
import { Section } from './section.js';
import { Spec } from './spec.js';
import { State } from './state.js';

/** A resource of any kind: what the envelope says of it. */
export function ResourcePanel({ id, onSelect }: { readonly id: string; onSelect(selected: Selected): void }) {
  const kinds = useKinds();
  const { data, problem } = useLive<UiResourceSubscription, UiResourceSubscriptionVariables>(UiResourceDocument, {
    id,
  });
  if (problem !== null) return <p className="problem">{problem}</p>;
  if (!data) return <p className="soft waiting">Loading…</p>;
  const { node } = data;
  if (!node || !('status' in node)) return <p className="soft">It is gone.</p>;
  const { status, attempt } = node;
  const kind = kinds.get(node.kind);
  const isControlled = kind?.isControlled ?? true;
  return (
    <>
      <header className="panel-head">
        <p className="card-kind" title={kind?.docs}>
          {kindWords(node.kind)}
        </p>
        <h2>{node.name}</h2>
      </header>
      {isControlled ? (
        <State {...status} isDeleting={node.deletionRequestedAt !== null} />
      ) : (
        <p className="soft">{kind?.docs}</p>
      )}
      {attempt !== null && attempt.count > 0 && (
        <div className="attempt">
          <p>
            <b>Attempt {attempt.count} failed</b>
            {attempt.nextRetryAt !== null && (
              <>
                , tried again <Until at={attempt.nextRetryAt} />
              </>
            )}
          </p>
          <p className="state-message">{attempt.lastError}</p>
        </div>
      )}
      {!status.isSettled && <Why id={id} isBesideState onSelect={onSelect} />}
      <Outputs outputs={status.outputs} />
      <ObjectCounts id={id} objects={node.objects} onSelect={onSelect} />
      <Links
        title="Depends on"
        links={node.references.map(({ path, target }) => ({ note: path, target }))}
        onSelect={onSelect}
      />
      <Links
        title="Brings"
        count={node.children.totalCount}
        links={node.children.nodes.map((target) => ({ note: '', target }))}
        onSelect={onSelect}
      />
      <Links
        title="Used by"
        count={node.referrers.totalCount}
        links={node.referrers.nodes.map((target) => ({ note: '', target }))}
        onSelect={onSelect}
      />
      <Events events={node.events.nodes} />
      {isControlled && <Conditions conditions={status.conditions} />}
      <Spec document={node.document} />
      <Section title="Facts">
        <Fields
          fields={[
            ['Owner', node.owner && `${kindWords(node.owner.kind)} ${node.owner.name}`],
            ['Project', node.project?.name],
            ['Environment', node.environment?.name],
            ['Labels', labelsText(node.labels)],
            [
              'Generation',
              isControlled ? `${node.generation}, observed ${status.observedGeneration}` : node.generation,
            ],
            ['Made', <Age key="made" at={node.createdAt} />],
            ['Id', node.id],
          ]}
        />
        <p>
          <Link to={{ view: 'chart', id, selected: null }}>Chart of this alone</Link>
        </p>
      </Section>
    </>
  );
}

function labelsText(labels: unknown): string {
  return Object.entries(labels ?? {})
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(', ');
}
