import anyTest, { type TestFn } from 'ava';
import type { Json } from '../../lib/canonical.js';
import { createScriptedProbes, unavailable } from '../helpers/scripted-probes.js';
import { type LogsRig, lacking, line, read, withLogsRig } from './logs-rig.js';

const test = anyTest as TestFn<LogsRig>;
withLogsRig(test);

const componentOf = ({ resourceId }: { readonly resourceId: string }, first: string) =>
  resourceId === first ? 'first' : 'second';

test('lines of all components come in the order of their time, down to nanoseconds', async (t) => {
  let number = 0;
  const probes = createScriptedProbes(() =>
    number++ % 2 === 0
      ? [{ lines: [line('a', 1, 'one'), line('a', 4, 'four')] }, { lines: [line('b', 3, 'three')] }]
      : [
          {
            lines: [
              line('c', '2026-01-01T00:00:02.1Z', 'two'),
              line('c', '2026-01-01T00:00:02.123456789Z', 'two and more'),
              line('c', '2026-01-01T01:00:02.2+01:00', 'two and most'),
            ],
          },
        ],
  );
  const { logs } = await read(t.context, probes, ', timestamps: true');
  t.deepEqual(
    logs.lines.map(({ text }) => text),
    ['one', 'two', 'two and more', 'two and most', 'three', 'four'],
  );
  t.is(logs.lines[1]?.at, '2026-01-01T00:00:02.100Z');
  t.deepEqual([...new Set(logs.lines.map(({ component }) => component))].sort(), ['cart', 'web']);
  t.deepEqual(logs.unavailable, []);
});

test('the controllers of all components but the namespace are asked, with what was given', async (t) => {
  const probes = createScriptedProbes(() => []);
  await read(t.context, probes, ', pod: "web-1", container: "main", previous: true, tailLines: 7, sinceSeconds: 60');
  // The graph of tests runs each document in both ways.
  t.is(probes.asked.length, 4);
  for (const { kind, question, input, leaseKey } of probes.asked) {
    t.is(`${kind} ${question}`, 'Workload logs');
    t.regex(leaseKey ?? '', /^KubernetesRuntime\//);
    t.deepEqual(input, {
      pod: 'web-1',
      container: 'main',
      allContainers: false,
      previous: true,
      tailLines: 7,
      sinceSeconds: 60,
      timestamps: true,
      follow: false,
    });
  }
  const plain = createScriptedProbes(() => []);
  await read(t.context, plain);
  t.like(plain.asked[0]?.input, { tailLines: 100, allContainers: true, container: null, previous: false });
});

test('a component without an answer is named with the reason, and the rest is there', async (t) => {
  const { graph, plane } = t.context;
  const rows = await plane.rows<{ id: string }>(`select id from resource where kind = 'Workload' and name = 'cart'`);
  const probes = createScriptedProbes((question) =>
    componentOf(question, rows[0]?.id ?? '') === 'first'
      ? unavailable('The controller did not answer within 10 s.')
      : [{ lines: [line('a', 1, 'hello')] }],
  );
  const { logs } = await read({ graph, id: t.context.id }, probes);
  t.deepEqual(logs, {
    lines: [{ component: 'web', pod: 'a', at: null, text: 'hello' }],
    unavailable: ['cart: The controller did not answer within 10 s.'],
  });
});

test('what every component says is said once', async (t) => {
  const down = createScriptedProbes(() => unavailable('The cluster sandbox does not answer.'));
  t.deepEqual((await read(t.context, down)).logs.unavailable, [
    'Every component: The cluster sandbox does not answer.',
  ]);
  const empty = createScriptedProbes(() => [{ lines: [], unavailable: ['It has no pods.'] }]);
  t.deepEqual((await read(t.context, empty)).logs.unavailable, ['Every component: It has no pods.']);
  t.deepEqual((await read(t.context, empty, ', component: "web"')).logs.unavailable, ['web: It has no pods.']);
});

test('a pod or a container that no component has is not found, in one sentence with those that there are', async (t) => {
  const { graph, id } = t.context;
  const ask = async (args: string, chunks: readonly [Json, Json]) => {
    let number = 0;
    const probes = createScriptedProbes(() => [chunks[number++ % 2 === 0 ? 0 : 1]]);
    const { errors } = await graph.run(`{ logs(id: "${id}", ${args}) { unavailable } }`, { probes });
    return { code: Object(errors[0]?.original).code, message: errors[0]?.message };
  };
  t.deepEqual(await ask('pod: "c"', [lacking('pod', 'c', 'b'), lacking('pod', 'c', 'a')]), {
    code: 'NOT_FOUND',
    message: 'There is no pod c. There is a, b.',
  });
  t.deepEqual(
    await ask('pod: "a", container: "x"', [lacking('pod', 'a', 'b'), lacking('container', 'x', 'main', 'log')]),
    { code: 'NOT_FOUND', message: 'No pod has a container x. There is log, main.' },
  );
  t.deepEqual(await ask('container: "x"', [lacking('container', 'x'), lacking('container', 'x')]), {
    code: 'NOT_FOUND',
    message: 'No pod has a container x. There is no container at all.',
  });
});

test('a pod that one component has is not missed by the others', async (t) => {
  let number = 0;
  const probes = createScriptedProbes(() =>
    number++ % 2 === 0 ? [lacking('pod', 'a', 'b')] : [{ lines: [line('a', 1, 'hello')] }],
  );
  const { logs } = await read(t.context, probes, ', pod: "a"');
  t.deepEqual(logs.unavailable, []);
  t.is(logs.lines.length, 1);
});

test('a pod that nobody has who could be asked is named beside those who could not', async (t) => {
  let number = 0;
  const probes = createScriptedProbes(() =>
    number++ % 2 === 0 ? [lacking('pod', 'a', 'b')] : unavailable('It does not answer.'),
  );
  const { logs } = await read(t.context, probes, ', pod: "a"');
  t.regex(logs.unavailable.join('\n'), /^(web|cart): It does not answer\.\nThere is no pod a\. There is b\.$/);
});

test('one component, and a workload by its own id, are asked alone', async (t) => {
  const { graph, plane, id } = t.context;
  const probes = createScriptedProbes(() => [{ lines: [line('a', 1, 'hello')] }]);
  const { logs } = await read({ graph, id }, probes, ', component: "web"');
  t.deepEqual(
    logs.lines.map(({ component }) => component),
    ['web'],
  );
  const rows = await plane.rows<{ id: string }>(`select id from resource where kind = 'Workload' and name = 'cart'`);
  const own = await read({ graph, id: rows[0]?.id ?? '' }, probes);
  t.deepEqual(
    own.logs.lines.map(({ component }) => component),
    ['cart'],
  );
});

for (const { title, args, code, message } of [
  {
    title: 'a component that is not there',
    args: ', component: "wbe"',
    code: 'NOT_FOUND',
    message: /Did you mean "web"/,
  },
  { title: 'more than 5,000 lines', args: ', tailLines: 5001', code: 'LIMIT_EXCEEDED', message: /at most 5000/ },
  { title: 'less than no lines', args: ', tailLines: -1', code: 'BAD_USER_INPUT', message: /tailLines/ },
  { title: 'the last 0 seconds', args: ', sinceSeconds: 0', code: 'BAD_USER_INPUT', message: /sinceSeconds/ },
]) {
  test(`${title} is refused in words`, async (t) => {
    const { graph, id } = t.context;
    const { errors } = await graph.run(`{ logs(id: "${id}"${args}) { unavailable } }`);
    t.is(Object(errors[0]?.original).code, code);
    t.regex(errors[0]?.message ?? '', message);
  });
}

test('an app has no logs, and says what has', async (t) => {
  const { graph, appId } = t.context;
  const { errors } = await graph.run(`{ logs(id: "${appId}") { unavailable } }`);
  t.is(Object(errors[0]?.original).code, 'BAD_USER_INPUT');
  t.regex(errors[0]?.message ?? '', /App shop has no objects in a cluster to ask about/);
});

test('an answer is bounded: the oldest lines are left out, and that is said', async (t) => {
  const { graph, id } = t.context;
  const probes = createScriptedProbes(async function* () {
    for (let minute = 0; minute < 60; minute++) {
      const lines = Array.from({ length: 1_000 }, (_, number) => ({
        pod: 'a',
        container: 'main',
        at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00.${String(number).padStart(3, '0')}Z`,
        text: `${minute}/${number}`,
      }));
      yield { lines };
    }
  });
  const { logs } = await read({ graph, id }, probes, ', component: "web"');
  t.is(logs.lines.length, 20_000);
  t.is(logs.lines.at(-1)?.text, '59/999');
  t.is(logs.lines[0]?.text, '40/0');
  t.regex(logs.unavailable[0] ?? '', /Older lines are left out/);
});

test('an answer that is none is said to be so', async (t) => {
  const probes = createScriptedProbes((): readonly Json[] => [{ lines: [{ pod: 1 }] }]);
  const { logs } = await read(t.context, probes, ', component: "web"');
  t.regex(logs.unavailable[0] ?? '', /web: The controller gave an answer that this server does not understand/);
});
