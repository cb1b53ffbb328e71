import type { ChildProcess } from 'node:child_process';
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { spawnGuarded } from '../../scripts/children/guard.js';
import { createSdk, type Sdk } from '../../sdk/client.js';
import { createGraphClient } from '../../sdk/graph-client.js';
import { createTestDatabase } from '../helpers/database.js';
import { eventually } from '../helpers/eventually.js';
import { startTestServer } from '../helpers/server.js';
import { recordingLog } from '../server/recording-log.js';
import type { RigServer } from './rig.js';
import { startServerProcess } from './server-process.js';

/** A controller process that answers with what it makes up: real sockets, real leases, no cluster. */
interface FakeController {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly printed: () => string;
  kill(signal?: NodeJS.Signals): void;
}

function startController(t: ExecutionContext, server: RigServer, holder: string): FakeController {
  const child = spawnGuarded(process.execPath, ['dist/test/loop/probe-controller.js'], {
    env: {
      ...process.env,
      PORTOLAN_URL: server.url,
      PORTOLAN_TOKEN: server.controllerToken,
      PORTOLAN_HOLDER: holder,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8');
  });
  const kill = (signal: NodeJS.Signals = 'SIGKILL') => void child.kill(signal);
  t.teardown(() => kill());
  return { child, kill, printed: () => printed };
}

function connect(t: ExecutionContext, { url, operatorToken }: RigServer): Sdk {
  const client = createGraphClient({
    url,
    token: operatorToken,
    clock: systemClock,
    log: silentLog,
    reconnectCapMs: 300,
  });
  t.teardown(() => client.close());
  return createSdk(client);
}

/** The app `shop` with two components, on a runtime; each in an environment of its own. Returns the id of the instance. */
async function deploy(sdk: Sdk, runtime: string): Promise<string> {
  const create = (kind: string, name: string, spec: object) => ({ op: 'APPLY' as const, kind, name, spec });
  await sdk.Apply({
    input: {
      edits: [
        create('KubernetesRuntime', runtime, { provider: 'sandbox' }),
        create('Tier', 'test', { order: 1 }),
        create('Environment', runtime, { tier: 'test' }),
      ],
    },
  });
  const objects = [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hello' } }];
  const components = ['web', 'cart'].map((name) => ({ name, type: 'manifests', objects }));
  const { deploy: done } = await sdk.Deploy({
    input: { app: 'shop', environment: runtime, runtime, appSpec: { components } },
  });
  return done.instance.id;
}

const textsOf = (answer: { readonly lines: readonly { readonly text: string }[] }) =>
  answer.lines.map(({ text }) => text);

/** Asks until all components are answered: the controller has to come up and take the lease first. */
function untilAnswered(sdk: Sdk, id: string) {
  return eventually(
    async () => {
      const { logs } = await sdk.ReadLogs({ id });
      if (logs.unavailable.length > 0) throw new Error(logs.unavailable.join());
      return logs;
    },
    { timeoutMs: 20_000, everyMs: 100 },
  );
}

async function untilPrinted({ printed }: FakeController, text: string): Promise<void> {
  await eventually(
    () => {
      if (!printed().includes(text)) throw new Error(`It has printed: ${printed()}`);
    },
    { timeoutMs: 10_000 },
  );
}

test.serial(
  'a question reaches a controller process and its answer comes back, by HTTP and by WebSocket',
  async (t) => {
    const { log, lines } = recordingLog();
    const server = await startTestServer(t, { log });
    const sdk = connect(t, server);
    const id = await deploy(sdk, 'one');
    const alone = await sdk.ReadLogs({ id });
    t.deepEqual(alone.logs.lines, []);
    t.is(alone.logs.unavailable.length, 1);
    t.regex(alone.logs.unavailable[0] ?? '', /^Every component: No controller works on it at the moment/);

    const controller = startController(t, server, 'first');
    const logs = await untilAnswered(sdk, id);
    t.deepEqual(textsOf(logs).sort(), ['cart writes 0', 'web writes 0']);
    t.deepEqual((await sdk.PlanObjects({ id })).objectPlan.steps.map(({ component }) => component).sort(), [
      'cart',
      'namespace',
      'web',
    ]);

    const followed = sdk.FollowLogs({ id, component: 'web' })[Symbol.asyncIterator]();
    const texts: string[] = [];
    while (texts.length < 5) texts.push(...textsOf((await followed.next()).value.logs));
    t.deepEqual(
      texts,
      [0, 1, 2, 3, 4].map((number) => `web writes ${number}`),
    );
    t.false(controller.printed().endsWith('logs of web is returned\n'));
    await followed.return?.();
    await eventually(
      () => {
        if (!controller.printed().endsWith('logs of web is returned\n')) throw new Error(controller.printed());
      },
      { timeoutMs: 10_000 },
    );

    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    t.regex(metrics, /\nportolan_probes 0\n/);
    t.regex(metrics, /\nportolan_probe_holders 1\n/);
    t.regex(metrics, /\nportolan_probes_answered_total ([5-9]|\d{2,})\n/);
    // Nothing of it is kept: neither in the log, nor anywhere in the database.
    t.false(lines.join().includes('writes 0'));
    const connection = (await server.database.orm()).em.getConnection();
    const tables = await connection.execute<{ name: string }[]>(
      `select tablename as name from pg_tables where schemaname = current_schema()`,
    );
    for (const { name } of tables) {
      const [row] = await connection.execute<{ hits: number }[]>(
        `select count(*)::int as hits from "${name}" x where x::text like '%writes 0%'`,
      );
      t.is(row?.hits, 0, name);
    }
  },
);

test.serial('a query answers the rest within the bound although one runtime is dead', async (t) => {
  const server = await startTestServer(t, { limits: { probeFirstChunkMs: 4_000 } });
  const sdk = connect(t, server);
  const good = await deploy(sdk, 'good');
  const dead = await deploy(sdk, 'dead');
  const controller = startController(t, server, 'first');
  await untilAnswered(sdk, good);
  await eventually(
    async () => {
      const { logs } = await sdk.ReadLogs({ id: dead });
      if (!logs.unavailable.every((text) => text.includes('within 4 s'))) throw new Error(logs.unavailable.join());
    },
    { timeoutMs: 20_000 },
  );

  const begin = performance.now();
  const { data, errors } = await server.query<{ good: Plan; dead: Plan; resources: { nodes: readonly object[] } }>(
    `query ($good: ID!, $dead: ID!) {
      good: objectPlan(id: $good) { steps { component } unavailable }
      dead: objectPlan(id: $dead) { steps { component } unavailable }
      resources(filter: { kinds: ["AppInstance"] }) { nodes { name } }
    }`,
    { good, dead },
  );
  const tookMs = performance.now() - begin;
  t.is(errors, undefined);
  t.is(data?.good.steps.length, 3);
  t.deepEqual(data?.good.unavailable, []);
  t.is(data?.resources.nodes.length, 2);
  t.deepEqual(data?.dead, {
    steps: [],
    unavailable: ['Every component: The controller did not answer within 4 s.'],
  });
  t.true(tookMs >= 3_900 && tookMs < 25_000, `It took ${tookMs} ms.`);
  // The controller was told to stop, and did.
  await untilPrinted(controller, 'plan of web is returned');

  // The same when the whole controller stands still: its socket is open, and nobody is behind it.
  controller.kill('SIGSTOP');
  const frozenAt = performance.now();
  const { logs } = await sdk.ReadLogs({ id: good });
  t.true(performance.now() - frozenAt < 25_000);
  t.true(
    logs.unavailable.every((text) => /did not answer within 4 s|No controller works on it/.test(text)),
    logs.unavailable.join(),
  );
  t.regex(logs.unavailable.join(), /^Every component|cart.*web/);
});

interface Plan {
  readonly steps: readonly { readonly component: string }[];
  readonly unavailable: readonly string[];
}

test.serial('a request that is broken off ends the question for the controller', async (t) => {
  const server = await startTestServer(t);
  const sdk = connect(t, server);
  const id = await deploy(sdk, 'dead');
  const controller = startController(t, server, 'first');
  const leaving = new AbortController();
  await eventually(
    async () => {
      const asked = sdk.ReadLogs({ id }, { signal: leaving.signal }).catch(() => {});
      await Promise.race([asked, untilPrinted(controller, 'logs of web begins')]);
      if (!controller.printed().includes('logs of web begins')) throw new Error('Nobody was asked yet.');
    },
    { timeoutMs: 20_000, everyMs: 100 },
  );
  t.false(controller.printed().includes('logs of web is returned'));
  leaving.abort();
  await untilPrinted(controller, 'logs of web is returned');
  t.pass();
});

test.serial('who follows is told that the controller was killed, and goes on with the next one', async (t) => {
  const server = await startTestServer(t);
  const sdk = connect(t, server);
  const id = await deploy(sdk, 'one');
  const first = startController(t, server, 'first');
  await untilAnswered(sdk, id);
  const followed = sdk.FollowLogs({ id, component: 'web' })[Symbol.asyncIterator]();
  const pods = new Set<string>();
  const told: string[] = [];
  const read = async () => {
    const { logs } = (await followed.next()).value;
    for (const { pod } of logs.lines) pods.add(pod);
    told.push(...logs.unavailable);
  };
  while (pods.size === 0) await read();
  t.deepEqual([...pods], ['first']);
  startController(t, server, 'second');
  first.kill();
  while (!pods.has('second')) await read();
  t.is(told[0], 'web: The controller that was asked went away.');
  await followed.return?.();
});

test.serial('a followed log ends when its app is gone', async (t) => {
  const server = await startTestServer(t);
  const sdk = connect(t, server);
  const id = await deploy(sdk, 'one');
  await deploy(sdk, 'two');
  startController(t, server, 'first');
  await untilAnswered(sdk, id);
  // Past the SDK, whose subscriptions never end by themselves.
  const followed = server.subscribe<{ logs: { lines: readonly object[]; unavailable: readonly string[] } }>(
    'subscription ($id: ID!) { logs(id: $id) { lines { text } unavailable } }',
    { id },
  );
  t.is((await followed.next()).value?.data?.logs.lines.length, 1);
  await sdk.Apply({ input: { edits: [{ op: 'DELETE', kind: 'AppInstance', name: 'shop', environment: 'one' }] } });
  const told: string[] = [];
  for (let result = await followed.next(); !result.done; result = await followed.next()) {
    told.push(...(result.value.data?.logs.unavailable ?? []));
  }
  // Together, unless the one goes a moment after the other.
  t.regex(told.join(), /^(Every component|(cart|web): .*,(cart|web)): It does not exist any more\.$/);
});

test.serial('a server that is killed and started again is asked through as before', async (t) => {
  const database = await createTestDatabase();
  t.teardown(() => database.drop());
  const server = await startServerProcess(t, database.connection);
  const sdk = connect(t, server);
  const id = await deploy(sdk, 'one');
  const controller = startController(t, server, 'first');
  await untilAnswered(sdk, id);
  const followed = sdk.FollowLogs({ id, component: 'web' })[Symbol.asyncIterator]();
  t.is((await followed.next()).value.logs.lines[0]?.text, 'web writes 0');
  await server.kill();
  // Nobody takes its answer any more.
  await eventually(
    () => {
      if (!controller.printed().endsWith('logs of web is returned\n')) throw new Error(controller.printed());
    },
    { timeoutMs: 20_000 },
  );
  await server.start();
  t.deepEqual(textsOf(await untilAnswered(sdk, id)).sort(), ['cart writes 0', 'web writes 0']);
  // The subscription came back by itself, and the log is followed anew.
  let text: string | undefined;
  while (text !== 'web writes 0') text = (await followed.next()).value.logs.lines[0]?.text;
  await followed.return?.();
  t.pass();
});
