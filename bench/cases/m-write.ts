import type { BenchCase } from '../case.js';
import { startFloor } from '../harness/floor.js';
import { furnish } from '../harness/furnish.js';
import { cheaperThan } from '../harness/goals.js';
import { graphRequest } from '../harness/graph-request.js';
import { startLoadGenerator } from '../harness/load-generator.js';
import { openBenchPlane } from '../harness/plane.js';
import { writeContender } from '../harness/write-contender.js';

export const writeMutation: BenchCase = {
  name: 'm.write',
  what: 'Creates and updates in turn of 16 writers: validation, version check, the row, the changeset, the log, durably.',
  goals: [cheaperThan('floor', 0.7)],
  async open(context) {
    const { isSmoke, signal } = context;
    await using opened = new AsyncDisposableStack();
    const plane = await openBenchPlane(context);
    opened.defer(() => plane.close());
    await furnish(plane);
    const load = startLoadGenerator(signal);
    opened.defer(() => load.close());
    const floor = await startFloor('write', plane, signal);
    opened.defer(() => floor.close());
    const { server, postgresPid, database, tokens } = plane;
    const usual = { load, database, connections: 16, warmTurns: isSmoke ? 8 : 160, turns: isSmoke ? 10 : 120 };
    const contender = (name: 'ours' | 'floor', url: string, pid: number) =>
      writeContender({
        ...usual,
        name,
        role: name,
        url,
        prefix: `${name}-`,
        pids: [pid, postgresPid],
        requests: requestsOf(tokens.operator, name),
      });
    const contenders = [contender('ours', plane.url, server.pid), contender('floor', floor.url, floor.pid)];
    const closing = opened.move();
    return { contenders, close: () => closing.disposeAsync() };
  },
};

/** Each turn makes a new one, and changes it. */
function requestsOf(token: string, prefix: string) {
  const name = `${prefix}-{{c}}-{{t}}`;
  const create = graphRequest(token, createDocument, { input: { environment: 'dev', name, spec: spec(32) } });
  const update = graphRequest(token, updateDocument, {
    input: { environment: 'dev', name, spec: spec(40), expectedVersion: 1 },
  });
  return [
    { ...create, contains: '"version":1' },
    { ...update, contains: '"version":2' },
  ];
}

const spec = (length: number) => ({ generate: [{ key: 'token', length }] });

const createDocument = `mutation Create($input: CreateSecretInput!) { createSecret(input: $input) { id name generation version } }`;
const updateDocument = `mutation Update($input: UpdateSecretInput!) { updateSecret(input: $input) { id name generation version } }`;
