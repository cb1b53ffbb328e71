import { statement } from '../../db/statement.js';
import type { BenchCase } from '../case.js';
import { fillApps } from '../harness/fill.js';
import { startFloor } from '../harness/floor.js';
import { cheaperThan, figureAtMost } from '../harness/goals.js';
import { pageWalker } from '../harness/page-walker.js';
import { openBenchPlane } from '../harness/plane.js';

export const pageQuery: BenchCase = {
  name: 'q.page',
  what: 'A page: of 1,000,000 events from the newest to the oldest by cursor, 500 each; and of 10,000 app instances, 500 each, with counts by health.',
  goals: [
    cheaperThan('floor', 0.75),
    cheaperThan('floor, apps', 0.75, 'ours, apps'),
    figureAtMost('deepestOverFirst', 'times', 1.2),
    figureAtMost('pageKb', 'KB', 100, 'ours, apps'),
  ],
  async open(context) {
    const { isSmoke, signal, tell } = context;
    await using opened = new AsyncDisposableStack();
    const plane = await openBenchPlane(context);
    opened.defer(() => plane.close());
    const { database, tokens, server, postgresPid } = plane;
    tell('filling');
    await fillApps(database, { apps: isSmoke ? 100 : 1_000, instances: 10, workloads: 1 });
    // Events come one after the other, so their rows lie in the order of time.
    const hours = isSmoke ? 20 : 100;
    // All at once would take longer than a statement may on a busy machine.
    for (let hour = 1; hour <= hours; hour += 10) await database.query(makeEvents, [hour, hour + 9]);
    await database.query(statement('bench.vacuum-event', 'vacuum analyze event'));
    const floor = await startFloor('page', plane, signal);
    opened.defer(() => floor.close());

    const ours = { role: 'ours', url: plane.url, token: tokens.operator, pids: [server.pid, postgresPid] } as const;
    const raw = { role: 'floor', url: floor.url, token: tokens.operator, pids: [floor.pid, postgresPid] } as const;
    const events = {
      query: eventPage,
      variables: { first: 500, what: 'events' },
      field: 'events',
      group: 'events',
      warmPages: 300,
    };
    const apps = {
      query: appPage,
      variables: { first: 500, what: 'apps' },
      field: 'appInstances',
      group: 'apps',
      warmPages: 100,
    };
    const contenders = [
      pageWalker({ ...ours, ...events, name: 'ours' }),
      pageWalker({ ...raw, ...events, name: 'floor' }),
      pageWalker({ ...ours, ...apps, name: 'ours, apps', walks: isSmoke ? 4 : 20 }),
      pageWalker({ ...raw, ...apps, name: 'floor, apps', walks: isSmoke ? 4 : 20 }),
    ];
    const closing = opened.move();
    return { contenders, close: () => closing.disposeAsync() };
  },
};

const makeEvents = statement(
  'bench.make-many-events',
  `insert into event (resource_id, project_id, environment_id, type, reason, message, source, first_at, last_at)
   select w.id, w.project_id, w.environment_id, 'Normal', 'Applied', 'Applied render ' || n || ' of ' || w.name, 'workload',
     t.at, t.at
   from generate_series($1::int, $2::int) n,
     (select row_number() over (order by id) as number, * from resource where kind = 'Workload') w,
     lateral (select '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 hour' + w.number * interval '100 ms' as at) t
   order by n, w.number`,
);

const eventPage = `query Events($first: Int!, $after: String) {
  events(first: $first, after: $after) { nodes { id reason message lastAt } pageInfo { hasNextPage endCursor } }
}`;

const appPage = `query Instances($first: Int!, $after: String) {
  appInstances(first: $first, after: $after) {
    nodes { id name status { health } }
    pageInfo { hasNextPage endCursor }
    countsByHealth { health count }
  }
}`;
