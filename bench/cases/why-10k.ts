import { statement } from '../../db/statement.js';
import type { BenchCase } from '../case.js';
import { fillApps } from '../harness/fill.js';
import { startFloor } from '../harness/floor.js';
import { figureAtMost } from '../harness/goals.js';
import { graphRequest } from '../harness/graph-request.js';
import { httpContender } from '../harness/http-contender.js';
import { startLoadGenerator } from '../harness/load-generator.js';
import { openBenchPlane } from '../harness/plane.js';

export const whyQuery: BenchCase = {
  name: 'why.10k',
  what: 'Why one app instance is not ready, of 50 faults among 10,000 resources, one question at a time.',
  goals: [figureAtMost('p99Ms', 'ms', 100)],
  async open(context) {
    const { isSmoke, signal } = context;
    await using opened = new AsyncDisposableStack();
    const plane = await openBenchPlane(context);
    opened.defer(() => plane.close());
    const { database, tokens, server, postgresPid } = plane;
    // Apps, an instance of each, three workloads of each: 10,000 in full.
    await fillApps(database, { apps: isSmoke ? 200 : 2_000, instances: 1, workloads: 3, events: 5 });
    await database.query(heal);
    const faults = await database.query(breakSome, [50]);
    const load = startLoadGenerator(signal);
    opened.defer(() => load.close());
    const floor = await startFloor('why', plane, signal);
    opened.defer(() => floor.close());
    const requests = faults.map(({ id }) => graphRequest(tokens.operator, document, { resourceId: id }));
    const causes = requests.map((request) => ({ ...request, contains: '"reason":"CrashLoop"' }));
    const usual = { load, connections: 1, warmCount: isSmoke ? 50 : 500, count: isSmoke ? 100 : 1_000 };
    const contenders = [
      httpContender({
        ...usual,
        name: 'ours',
        role: 'ours',
        url: plane.url,
        requests: causes,
        pids: [server.pid, postgresPid],
      }),
      httpContender({
        ...usual,
        name: 'floor',
        role: 'floor',
        url: floor.url,
        requests,
        pids: [floor.pid, postgresPid],
        hasOwnAnswer: true,
      }),
    ];
    const closing = opened.move();
    return { contenders, close: () => closing.disposeAsync() };
  },
};

const heal = statement(
  'bench.heal',
  `update resource_status s set health = 'Healthy', observed_generation = r.generation,
     conditions = '[{"type": "Ready", "status": "True", "reason": "Ready", "message": "", "since": "2026-01-01T00:00:00.000Z"}]'
   from resource r where r.id = s.resource_id`,
);

/** Workloads whose container ends again and again; the instances above them wait for them. */
const breakSome = statement<{ readonly id: string }>(
  'bench.break-some',
  `with broken as (
     select w.id, w.owner_id from resource w where w.kind = 'Workload' and w.name = 'workload-001' order by w.id limit $1
   ), workloads as (
     update resource_status s set health = 'Degraded', conditions = jsonb_build_array(jsonb_build_object('type', 'Ready',
       'status', 'False', 'reason', 'CrashLoop', 'message', 'The container app ends with 1.', 'since', '2026-01-01T00:00:00.000Z'))
     from broken b where s.resource_id = b.id
   ), instances as (
     update resource_status s set health = 'Degraded', conditions = jsonb_build_array(jsonb_build_object('type', 'Ready',
       'status', 'False', 'reason', 'NotReady', 'message', 'A workload is not ready.', 'since', '2026-01-01T00:00:00.000Z'))
     from broken b where s.resource_id = b.owner_id
   ) select owner_id as id from broken order by 1`,
);

const document = `query Why($resourceId: ID!) {
  why(resourceId: $resourceId) {
    health isSettled isTruncated
    causes { reason message health resource { kind name } path { resource { kind name } } blockedBy { kind name } fix }
  }
}`;
