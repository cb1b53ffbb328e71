import { useCallback, useMemo, useState } from 'react';
import {
  UiChartDocument,
  type UiChartSubscription,
  type UiChartSubscriptionVariables,
} from '../../sdk/generated/operations.js';
import { useServices } from '../app/services.js';
import { useKinds } from '../kinds/kinds.js';
import { useLive } from '../live/use-live.js';
import { PanelView } from '../panel/panel-view.js';
import { Link } from '../route/link.js';
import type { Selected } from '../route/route.js';
import { Why } from '../why/why.js';
import { buildChart } from './build-chart.js';
import { ChartHead } from './chart-head.js';
import { MOST_OBJECTS } from './chart-model.js';
import { ChartView } from './chart-view.js';

/** One resource with all that it depends on: the drawing, why it is not green, and a panel for what was clicked. */
export function ChartPage({ id, selected }: { readonly id: string; readonly selected: Selected | null }) {
  const { navigation } = useServices();
  const kinds = useKinds();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const { data, problem } = useLive<UiChartSubscription, UiChartSubscriptionVariables>(UiChartDocument, {
    id,
    objects: MOST_OBJECTS + 1,
  });
  const chart = data?.chart ?? null;
  const model = useMemo(
    () =>
      buildChart({
        rootId: id,
        resources: chart?.nodes ?? [],
        isControlled: (kind) => kinds.get(kind)?.isControlled ?? true,
        unfolded,
      }),
    [id, chart, kinds, unfolded],
  );
  const select = useCallback(
    (next: Selected | null) => navigation.go({ view: 'chart', id, selected: next }, { isSamePlace: true }),
    [navigation, id],
  );
  const fold = useCallback(
    (folded: string, isFolded: boolean) =>
      setUnfolded((known) =>
        isFolded ? new Set([...known].filter((one) => one !== folded)) : new Set([...known, folded]),
      ),
    [],
  );
  const root = chart?.nodes.find((node) => node.id === id);

  if (problem !== null)
    return (
      <Message title="This cannot be shown">
        <p className="problem">{problem}</p>
      </Message>
    );
  if (!data) return <p className="waiting">Loading…</p>;
  if (!chart || !root)
    return (
      <Message title="It is gone">
        <p>It was deleted, or was never here. What was made anew under its name has another address.</p>
      </Message>
    );
  return (
    <main className="chart-page">
      <ChartHead root={root} resources={chart.nodes} isComplete={chart.isComplete} />
      {!root.status.isSettled && <Why id={id} onSelect={select} />}
      <div className="chart-and-panel" data-open={selected !== null || undefined}>
        <section className="chart" aria-label={`Chart of ${root.name}`}>
          <ChartView model={model} selected={selected} onSelect={select} onFold={fold} />
        </section>
        {selected && <PanelView selected={selected} onSelect={select} onClose={() => select(null)} />}
      </div>
    </main>
  );
}

function Message({ title, children }: { readonly title: string; readonly children?: React.ReactNode }) {
  const { navigation } = useServices();
  return (
    <main className="empty">
      <h2>{title}</h2>
      {children}
      <p>
        <Link to={navigation.lastList()}>Back to the list</Link>
      </p>
    </main>
  );
}
