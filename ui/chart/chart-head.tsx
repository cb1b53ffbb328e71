import { useServices } from '../app/services.js';
import { useKinds } from '../kinds/kinds.js';
import { Age } from '../live/age.js';
import { HealthBar } from '../look/health-bar.js';
import { HealthMark } from '../look/health-mark.js';
import { kindWords } from '../look/kind-words.js';
import { useTitle } from '../look/use-title.js';
import { Link } from '../route/link.js';
import type { ChartResource } from './chart-model.js';
import { progressOf } from './progress.js';

/** What is charted, how it is, and how far it has come. */
export function ChartHead({
  root,
  resources,
  isComplete,
}: {
  readonly root: ChartResource;
  readonly resources: readonly ChartResource[];
  readonly isComplete: boolean;
}) {
  const { navigation } = useServices();
  const kinds = useKinds();
  const list = navigation.lastList();
  const place = [root.project?.name, root.environment?.name].filter(Boolean).join(' / ');
  const { status } = root;
  useTitle(status.isSettled ? root.name : `${status.health}: ${root.name}`);
  return (
    <div className="chart-head" data-health={status.health}>
      <Link to={list} className="crumb">
        {kindWords(kinds.get(list.kind)?.plural ?? list.kind)}
      </Link>
      <h1 title={root.name}>{root.name}</h1>
      <span className="soft place" title={place}>
        {list.kind === root.kind ? place : `${kindWords(root.kind)} ${place}`}
      </span>
      <HealthMark health={status.health} isDeleting={root.deletionRequestedAt !== null} />
      {status.since !== null && (
        <span className="soft">
          {/* Since is when it was ready last; it may have turned from progressing to degraded just now. */}
          {status.health === 'Healthy' ? 'for' : 'not ready for'} <Age at={status.since} />
        </span>
      )}
      <HealthBar counts={progressOf(root.id, resources)} of="objects and parts" />
      {!isComplete && <span className="soft">The nearest 500 of all that it depends on are shown.</span>}
    </div>
  );
}
