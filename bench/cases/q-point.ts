import type { BenchCase } from '../case.js';
import { fillApps, instanceIds } from '../harness/fill.js';
import { startFloor } from '../harness/floor.js';
import { cheaperThan } from '../harness/goals.js';
import { graphRequest } from '../harness/graph-request.js';
import { httpContender } from '../harness/http-contender.js';
import { startLoadGenerator } from '../harness/load-generator.js';
import { startPeerServer } from '../harness/peer.js';
import { openBenchPlane } from '../harness/plane.js';

export const pointQuery: BenchCase = {
  name: 'q.point',
  what: 'One app instance by id, authenticated, over 16 connections.',
  goals: [
    cheaperThan('floor', 0.8),
    cheaperThan('Apollo', 2.5),
    cheaperThan('PostGraphile', 2),
    cheaperThan('type-graphql + ORM', 8),
  ],
  async open(context) {
    const { isSmoke, signal } = context;
    await using opened = new AsyncDisposableStack();
    const plane = await openBenchPlane(context);
    opened.defer(() => plane.close());
    await fillApps(plane.database, { apps: 100, instances: 10 });
    const ids = await instanceIds(plane.database, 50);
    const load = startLoadGenerator(signal);
    opened.defer(() => load.close());
    const [floor, apollo, mercurius, postgraphile, stock] = await Promise.all([
      startFloor('point', plane, signal),
      ...['apollo', 'mercurius', 'postgraphile', 'stock'].map((name) => startPeerServer(name, plane, signal)),
    ]);
    if (!(floor && apollo && mercurius && postgraphile && stock)) throw new Error('A contender did not start.');
    for (const child of [floor, apollo, mercurius, postgraphile, stock]) opened.defer(() => child.close());

    const asking = (document: string) => ids.map((id) => graphRequest(plane.tokens.operator, document, { id }));
    const requests = asking(pointDocument);
    const usual = {
      requests,
      load,
      connections: 16,
      warmCount: isSmoke ? 200 : 6_000,
      count: isSmoke ? 320 : 10_000,
      latencyAt: 0.3,
    };
    const pids = (pid: number) => [pid, plane.postgresPid];
    const of = ({ url, pid }: { readonly url: string; readonly pid: number }) => ({ ...usual, url, pids: pids(pid) });
    const contenders = [
      httpContender({ ...usual, name: 'ours', role: 'ours', url: plane.url, pids: pids(plane.server.pid) }),
      httpContender({ ...of(floor), name: 'floor', role: 'floor' }),
      httpContender({ ...of(mercurius), name: 'Mercurius', role: 'peer' }),
      httpContender({
        ...of(postgraphile),
        name: 'PostGraphile',
        role: 'peer',
        requests: asking(postgraphileDocument),
        normalize: asFloor,
      }),
      httpContender({ ...of(apollo), name: 'Apollo', role: 'peer' }),
      httpContender({
        ...of(stock),
        name: 'type-graphql + ORM',
        role: 'stock',
        // Slow as it is, a smaller count is as long a time.
        count: usual.count / 4,
        warmCount: usual.warmCount / 2,
      }),
    ];
    const closing = opened.move();
    return { contenders, close: () => closing.disposeAsync() };
  },
};

export const pointDocument = `query Instance($id: ID!) {
  node(id: $id) {
    ... on AppInstance {
      id name generation version labels createdAt
      spec { app release parameters }
      status { health observedGeneration }
    }
  }
}`;

const postgraphileDocument = `query Instance($id: UUID!) {
  resourceByRowId(rowId: $id) {
    rowId name generation version labels createdAt spec
    resourceStatusByResourceId { health observedGeneration }
  }
}`;

function asFloor(answer: unknown): unknown {
  const { data } = answer as { readonly data: { readonly resourceByRowId: Readonly<Record<string, unknown>> } };
  const { rowId, resourceStatusByResourceId, createdAt, ...node } = data.resourceByRowId;
  const time = new Date(String(createdAt)).toISOString();
  return { data: { node: { ...node, id: rowId, createdAt: time, status: resourceStatusByResourceId } } };
}
