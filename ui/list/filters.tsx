import {
  UiEnvironmentsDocument,
  type UiEnvironmentsSubscription,
  type UiEnvironmentsSubscriptionVariables,
  UiProjectsDocument,
  type UiProjectsSubscription,
} from '../../sdk/generated/operations.js';
import { useKinds } from '../kinds/kinds.js';
import { useLive } from '../live/use-live.js';
import { kindWords } from '../look/kind-words.js';
import type { ListRoute } from '../route/route.js';
import { Choice } from './choice.js';

/** What the list is narrowed by, beside health. */
export function Filters({ route, onChange }: { readonly route: ListRoute; onChange(part: Partial<ListRoute>): void }) {
  const kinds = useKinds();
  const projects = useLive<UiProjectsSubscription, object>(UiProjectsDocument, {});
  const environments = useLive<UiEnvironmentsSubscription, UiEnvironmentsSubscriptionVariables>(
    UiEnvironmentsDocument,
    { filter: route.project ? { project: route.project } : {} },
  );
  const listed = [...kinds.values()].filter(({ isControlled, scope }) => isControlled && scope !== 'owner');
  return (
    <search className="filters">
      <input
        type="search"
        value={route.text}
        placeholder="Part of a name"
        aria-label="Part of a name"
        spellCheck={false}
        onChange={(event) => onChange({ text: event.target.value })}
      />
      <Choice
        label="Project"
        none="All projects"
        value={route.project}
        options={namesOf(projects.data?.projects.nodes)}
        onChange={(project) => onChange({ project, environment: null })}
      />
      <Choice
        label="Environment"
        none="All environments"
        value={route.environment}
        options={namesOf(environments.data?.environments.nodes)}
        onChange={(environment) => onChange({ environment })}
      />
      <Choice
        label="Kind"
        none={null}
        value={route.kind}
        options={listed.map(({ name }) => name)}
        wordsOf={(kind) => kindWords(kinds.get(kind)?.plural ?? kind)}
        onChange={(kind) => kind && onChange({ kind, health: null })}
      />
    </search>
  );
}

/** Environments of several projects may have one name. */
function namesOf(nodes: readonly { readonly name: string }[] | undefined): readonly string[] {
  return [...new Set(nodes?.map(({ name }) => name))];
}
