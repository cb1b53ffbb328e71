import type { BenchCase } from '../case.js';
import { ask } from '../harness/ask.js';
import { startFloor } from '../harness/floor.js';
import { furnish } from '../harness/furnish.js';
import { figureAtMost } from '../harness/goals.js';
import { graphRequest } from '../harness/graph-request.js';
import { httpContender } from '../harness/http-contender.js';
import { startLoadGenerator } from '../harness/load-generator.js';
import { openBenchPlane } from '../harness/plane.js';

export const planQuery: BenchCase = {
  name: 'plan.1k',
  what: 'The plan of a changed definition that 1,000 instances have, and of a new instance of an app with 200 resources.',
  goals: [figureAtMost('p99Ms', 'ms', 10_000, 'ours, definition'), figureAtMost('p99Ms', 'ms', 2_000, 'ours, app')],
  async open(context) {
    const { isSmoke, signal, tell } = context;
    await using opened = new AsyncDisposableStack();
    const plane = await openBenchPlane(context);
    opened.defer(() => plane.close());
    const { tokens, server, postgresPid } = plane;
    await furnish(plane);
    tell('making a definition with 1,000 instances, and an app of 200 resources');
    await ask(plane, apply, { input: { edits: [definition('CREATE', 32), app] } });
    await ask(plane, apply, { input: { edits: instances } });
    const load = startLoadGenerator(signal);
    opened.defer(() => load.close());
    const floor = await startFloor('plan', plane, signal);
    opened.defer(() => floor.close());
    const changed = graphRequest(tokens.operator, document, { input: { edits: [definition('UPDATE', 48)] } });
    const added = graphRequest(tokens.operator, document, { input: { edits: [instance] } });
    const usual = { load, connections: 1, warmCount: 2, count: isSmoke ? 2 : 10 };
    const ours = { ...usual, role: 'ours', url: plane.url, pids: [server.pid, postgresPid] } as const;
    const raw = {
      ...usual,
      role: 'floor',
      url: floor.url,
      pids: [floor.pid, postgresPid],
      hasOwnAnswer: true,
    } as const;
    const contenders = [
      httpContender({
        ...ours,
        name: 'ours, definition',
        group: 'definition',
        requests: [{ ...changed, contains: '"update":1001' }],
      }),
      httpContender({ ...raw, name: 'floor, definition', group: 'definition', requests: [changed] }),
      httpContender({ ...ours, name: 'ours, app', group: 'app', requests: [{ ...added, contains: '"create":202' }] }),
      httpContender({ ...raw, name: 'floor, app', group: 'app', requests: [added] }),
    ];
    const closing = opened.move();
    return { contenders, close: () => closing.disposeAsync() };
  },
};

const definition = (op: string, length: number) => ({
  op,
  kind: 'SecretDefinition',
  name: 'token',
  spec: { defaults: { generate: [{ key: 'token', length }] } },
});

const instances = Array.from({ length: 1_000 }, (_, index) => ({
  op: 'CREATE',
  kind: 'Secret',
  environment: 'dev',
  name: `secret-${index}`,
  spec: { definition: 'token' },
}));

/** A hundred components and a hundred dependencies: as many as an app may have. */
const app = {
  op: 'CREATE',
  kind: 'App',
  name: 'large',
  spec: {
    dependencies: Array.from({ length: 100 }, (_, index) => ({
      name: `secret-${index}`,
      kind: 'Secret',
      spec: { generate: [{ key: 'token' }] },
    })),
    components: Array.from({ length: 100 }, (_, index) => ({
      name: `part-${index}`,
      type: 'manifests',
      objects: [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `part-${index}` }, data: { index: String(index) } },
      ],
    })),
  },
};

const instance = { op: 'CREATE', kind: 'AppInstance', environment: 'dev', name: 'large', spec: { app: 'large' } };

const apply = `mutation Fill($input: ApplyInput!) { apply(input: $input) { changesetId } }`;

const document = `query Plan($input: PlanInput!) {
  plan(input: $input) { counts { create update delete } refusals { message } steps { action kind name } }
}`;
