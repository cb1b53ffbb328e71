import { statement } from '../../db/statement.js';
import type { BenchCase } from '../case.js';
import { fillApps } from '../harness/fill.js';
import { startFloor } from '../harness/floor.js';
import { cheaperThan, cheaperThanAnyOf } from '../harness/goals.js';
import { graphRequest } from '../harness/graph-request.js';
import { httpContender } from '../harness/http-contender.js';
import { startLoadGenerator } from '../harness/load-generator.js';
import { startPeerServer } from '../harness/peer.js';
import { openBenchPlane } from '../harness/plane.js';

export const deepQuery: BenchCase = {
  name: 'q.deep',
  what: 'Five apps, five instances of each, ten workloads of each, the last three events of each: 750 leaves in one document.',
  goals: [
    cheaperThanAnyOf(['json_agg', 'batched'], 0.9),
    cheaperThan('PostGraphile', 1.8),
    cheaperThan('type-graphql + ORM', 8),
  ],
  async open(context) {
    const { isSmoke, signal } = context;
    await using opened = new AsyncDisposableStack();
    const plane = await openBenchPlane(context);
    opened.defer(() => plane.close());
    await fillApps(plane.database, { apps: 50, instances: 5, workloads: 10, events: 4 });
    await plane.database.query(tellPostgraphile);
    const load = startLoadGenerator(signal);
    opened.defer(() => load.close());
    const [json, batched, apollo, mercurius, postgraphile, stock] = await Promise.all([
      ...['deep-json', 'deep-batched'].map((name) => startFloor(name, plane, signal)),
      ...['apollo', 'mercurius', 'postgraphile', 'stock'].map((name) => startPeerServer(name, plane, signal)),
    ]);
    if (!(json && batched && apollo && mercurius && postgraphile && stock))
      throw new Error('A contender did not start.');
    for (const child of [json, batched, apollo, mercurius, postgraphile, stock]) opened.defer(() => child.close());

    const request = (document: string) => [graphRequest(plane.tokens.operator, document, {})];
    const usual = {
      requests: request(deepDocument),
      load,
      connections: 16,
      warmCount: isSmoke ? 16 : 1_000,
      count: isSmoke ? 24 : 500,
    };
    const pids = (pid: number) => [pid, plane.postgresPid];
    const of = ({ url, pid }: { readonly url: string; readonly pid: number }) => ({ ...usual, url, pids: pids(pid) });
    const contenders = [
      httpContender({ ...usual, name: 'ours', role: 'ours', url: plane.url, pids: pids(plane.server.pid) }),
      httpContender({ ...of(json), name: 'json_agg', role: 'floor' }),
      httpContender({ ...of(batched), name: 'batched', role: 'floor' }),
      httpContender({ ...of(mercurius), name: 'Mercurius', role: 'peer' }),
      httpContender({
        ...of(postgraphile),
        name: 'PostGraphile',
        role: 'peer',
        requests: request(postgraphileDocument),
        normalize: asFloor,
      }),
      httpContender({ ...of(apollo), name: 'Apollo', role: 'peer' }),
      httpContender({
        ...of(stock),
        name: 'type-graphql + ORM',
        role: 'stock',
        count: isSmoke ? 4 : 60,
        warmCount: isSmoke ? 2 : 60,
      }),
    ];
    const closing = opened.move();
    return { contenders, close: () => closing.disposeAsync() };
  },
};

/** Events outlive what they tell of, so no foreign key says it. */
const tellPostgraphile = statement(
  'bench.tell-postgraphile',
  `comment on table event is E'@foreignKey (resource_id) references resource (id)'`,
);

const deepDocument = `query Deep {
  apps(first: 5) { nodes {
    id name
    referrers(first: 5) { nodes {
      id name
      children(first: 10) { nodes {
        id name
        events(first: 3) { nodes { type reason message } }
      } }
    } }
  } }
}`;

const postgraphileDocument = `query Deep {
  allResources(condition: { kind: "App" }, orderBy: [NAME_ASC, ROW_ID_ASC], first: 5) { nodes {
    rowId name
    referencesByToId(first: 5) { nodes { resourceByFromId {
      rowId name
      resourcesByOwnerId(orderBy: [NAME_ASC, ROW_ID_ASC], first: 10) { nodes {
        rowId name
        eventsByResourceId(orderBy: [LAST_AT_DESC, ROW_ID_DESC], first: 3) { nodes { type reason message } }
      } }
    } } }
  } }
}`;

interface Nodes<Node> {
  readonly nodes: readonly Node[];
}
interface Row {
  readonly rowId: string;
  readonly name: string;
}
type Workload = Row & { readonly eventsByResourceId: Nodes<object> };
type Instance = Row & { readonly resourcesByOwnerId: Nodes<Workload> };
type App = Row & { readonly referencesByToId: Nodes<{ readonly resourceByFromId: Instance }> };

/** It cannot sort references by the name of who refers, so that is done here. */
function asFloor(answer: unknown): unknown {
  const { data } = answer as { readonly data: { readonly allResources: Nodes<App> } };
  const workload = ({ rowId, name, eventsByResourceId }: Workload) => ({ id: rowId, name, events: eventsByResourceId });
  const instance = ({ rowId, name, resourcesByOwnerId }: Instance) => ({
    id: rowId,
    name,
    children: { nodes: resourcesByOwnerId.nodes.map(workload) },
  });
  const app = ({ rowId, name, referencesByToId }: App) => ({
    id: rowId,
    name,
    referrers: {
      nodes: referencesByToId.nodes
        .map(({ resourceByFromId }) => instance(resourceByFromId))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    },
  });
  return { data: { apps: { nodes: data.allResources.nodes.map(app) } } };
}
