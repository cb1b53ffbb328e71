import type { BenchCase } from '../case.js';
import { startFloor } from '../harness/floor.js';
import { furnish } from '../harness/furnish.js';
import { cheaperThan } from '../harness/goals.js';
import { graphRequest } from '../harness/graph-request.js';
import { startLoadGenerator } from '../harness/load-generator.js';
import { openBenchPlane } from '../harness/plane.js';
import { writeContender } from '../harness/write-contender.js';

export const applyMutation: BenchCase = {
  name: 'm.apply',
  what: 'One changeset of 1,000 new resources in one transaction, one after the other.',
  goals: [cheaperThan('floor', 0.5)],
  async open(context) {
    const { isSmoke, signal } = context;
    await using opened = new AsyncDisposableStack();
    const plane = await openBenchPlane(context);
    opened.defer(() => plane.close());
    await furnish(plane);
    const load = startLoadGenerator(signal);
    opened.defer(() => load.close());
    const floor = await startFloor('apply', plane, signal);
    opened.defer(() => floor.close());
    const { server, postgresPid, database, tokens } = plane;
    const usual = { load, database, connections: 1, warmTurns: isSmoke ? 2 : 16, turns: isSmoke ? 2 : 8 };
    const contender = (name: 'ours' | 'floor', url: string, pid: number) =>
      writeContender({
        ...usual,
        name,
        role: name,
        url,
        prefix: `${name}-`,
        pids: [pid, postgresPid],
        requests: [
          { ...graphRequest(tokens.operator, document, { input: { edits: edits(name) } }), contains: last(name) },
        ],
      });
    const contenders = [contender('ours', plane.url, server.pid), contender('floor', floor.url, floor.pid)];
    const closing = opened.move();
    return { contenders, close: () => closing.disposeAsync() };
  },
};

const EDITS = 1_000;

const last = (prefix: string) => `"name":"${prefix}-`;

function edits(prefix: string) {
  return Array.from({ length: EDITS }, (_, index) => ({
    op: 'CREATE',
    kind: 'Secret',
    environment: 'dev',
    name: `${prefix}-{{t}}-${index}`,
    spec: { generate: [{ key: 'token', length: 32 }] },
  }));
}

const document = `mutation Apply($input: ApplyInput!) { apply(input: $input) { changesetId edits { resourceId name } } }`;
