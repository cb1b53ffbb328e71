import {
  type ResourceFilter,
  UiCountsDocument,
  type UiCountsSubscription,
  type UiCountsSubscriptionVariables,
} from '../../sdk/generated/operations.js';
import { useServices } from '../app/services.js';
import { useKinds } from '../kinds/kinds.js';
import { useLive } from '../live/use-live.js';
import { kindWords } from '../look/kind-words.js';
import { useTitle } from '../look/use-title.js';
import type { ListRoute } from '../route/route.js';
import { EmptyList } from './empty-list.js';
import { Filters } from './filters.js';
import { HealthFilter } from './health-filter.js';
import { Rows } from './rows.js';

/** All resources of a kind with their health, narrowed by what the address says. */
export function ListPage({ route }: { readonly route: ListRoute }) {
  const { navigation } = useServices();
  const kinds = useKinds();
  const title = kindWords(kinds.get(route.kind)?.plural ?? route.kind);
  useTitle(title);
  const everyHealth = filterOf(route);
  const { data, problem } = useLive<UiCountsSubscription, UiCountsSubscriptionVariables>(UiCountsDocument, {
    filter: everyHealth,
  });
  const filter = route.health ? { ...everyHealth, health: [route.health] } : everyHealth;
  const counts = data?.resources.countsByHealth ?? [];
  const shown = route.health
    ? (counts.find(({ health }) => health === route.health)?.count ?? 0)
    : (data?.resources.totalCount ?? 0);
  const change = (part: Partial<ListRoute>) =>
    navigation.go({ ...route, ...part }, { isSamePlace: part.text !== undefined });

  return (
    <main className="list-page">
      <div className="list-head">
        <h1>
          {title} <span className="soft">{data?.resources.totalCount.toLocaleString()}</span>
        </h1>
        <HealthFilter counts={counts} chosen={route.health} onChoose={(health) => change({ health })} />
        <Filters route={route} onChange={change} />
      </div>
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {data && shown === 0 ? (
        <EmptyList route={route} />
      ) : (
        <Rows key={JSON.stringify(filter)} filter={filter} kind={route.kind} total={shown} />
      )}
    </main>
  );
}

function filterOf({ kind, project, environment, text }: ListRoute): ResourceFilter {
  return {
    kinds: [kind],
    ...(project ? { project } : {}),
    ...(environment ? { environment } : {}),
    // Names are lower case.
    ...(text.trim() ? { nameContains: text.trim().toLowerCase() } : {}),
  };
}
