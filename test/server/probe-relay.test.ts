import ava, { type ExecutionContext } from 'ava';
import type { Json } from '../../lib/canonical.js';
import { createTestDatabase } from '../helpers/database.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { needs } from '../helpers/needs.js';
import { startTestRedis } from '../helpers/redis.js';
import { startTestServer, type TestServer } from '../helpers/server.js';

const transports = [
  { name: 'NOTIFY', test: ava, startRedis: async () => null },
  { name: 'Redis', test: needs('redis'), startRedis: startTestRedis },
] as const;

for (const { name, test, startRedis } of transports) {
  test(`a question finds its controller at another server by ${name}, and its answer comes back, given at a third one`, async (t) => {
    const world = await openWorld(t, startRedis);
    const controller = await attach(world);
    const answered = ask(world);
    const asked = await controller.hear();
    t.like(asked, { type: 'ASK', kind: 'Workload', resourceId: world.workloadId, question: 'logs' });
    t.is(await controller.answer(asked, [linesOf('first')]), 'TAKEN');
    t.is(await controller.answer(asked, [linesOf('x'.repeat(10_000), 20)]), 'TAKEN');
    t.is(await controller.answer(asked, [linesOf('last')], true), 'TAKEN');
    const { lines, unavailable } = await answered;
    t.deepEqual(unavailable, []);
    t.deepEqual(
      lines.map(({ text }) => text.length),
      [5, ...Array.from({ length: 20 }, () => 10_000), 4],
    );
    t.is(await controller.answer(asked, []), 'UNWANTED', 'what is over is known at the third one too');
  });

  test(`a controller at another server hears by ${name} that the asker has left, and the asker that the controller has`, async (t) => {
    const world = await openWorld(t, startRedis);
    const controller = await attach(world);
    const followed = world.asked.subscribe('subscription ($id: ID!) { logs(id: $id) { lines { text } } }', {
      id: world.workloadId,
    });
    const first = followed.next();
    const asked = await controller.hear();
    await controller.answer(asked, [linesOf('one')]);
    await first;
    await followed.return?.();
    t.like(await controller.hear(), { type: 'CANCEL', id: asked.id });

    const answered = ask(world);
    await controller.hear();
    await controller.leave();
    t.regex((await answered).unavailable.join(), /The controller that was asked went away/);
    t.regex((await ask(world)).unavailable.join(), /not attached to any server/);
  });
}

ava('what is too large for NOTIFY is said to the asker and to the controller', async (t) => {
  const world = await openWorld(t, async () => null);
  const controller = await attach(world);
  const answered = ask(world);
  const asked = await controller.hear();
  await t.throwsAsync(controller.answer(asked, [linesOf('x'.repeat(10_000), 200)], true), { message: /REDIS_URL/ });
  t.regex((await answered).unavailable.join(), /too large to be brought from one server to another.*REDIS_URL/);
});

needs('redis')(
  'what is too large for NOTIFY comes by Redis, also of a controller that comes back to another server',
  async (t) => {
    const world = await openWorld(t, startTestRedis);
    const old = await attach(world);
    const moved = await attach({ ...world, attached: world.asked });
    t.true(await old.ended(), 'who attaches elsewhere is taken from where it was');
    const again = await attach(world);
    t.true(await moved.ended());
    const answered = ask(world);
    const asked = await again.hear();
    t.is(await again.answer(asked, [linesOf('x'.repeat(10_000), 200)], true), 'TAKEN');
    t.is((await answered).lines.length, 200);
  },
);

interface World {
  /** Where people ask. */
  readonly asked: TestServer;
  /** Where the controller is attached. */
  readonly attached: TestServer;
  /** Where its answers arrive: a load balancer chooses. */
  readonly third: TestServer;
  readonly workloadId: string;
}

const holder = 'test-controller';

async function openWorld(
  t: Pick<ExecutionContext, 'teardown'>,
  startRedis: () => Promise<Awaited<ReturnType<typeof startTestRedis>> | null>,
): Promise<World> {
  const redis = await startRedis();
  const { connection, drop } = await createTestDatabase();
  const start = () => startTestServer(null, { connection, ...(redis && { redisUrl: redis.url }) });
  const [asked, attached, third] = [await start(), await start(), await start()];
  t.teardown(async () => {
    for (const server of [asked, attached, third]) await server.close();
    await drop();
    await redis?.close();
  });
  const { edits } = await asked.store.commit(
    makeChangeset([
      makeEdit.runtime('local', { spec: { provider: 'sandbox', default: true } }),
      makeEdit.environment('dev'),
      makeEdit.app('shop'),
      makeEdit.instance('shop', 'dev'),
    ]),
    { principalId: crypto.randomUUID(), name: 'operator', role: 'operator' },
  );
  const runtimeId = edits.find(({ kind }) => kind === 'KubernetesRuntime')?.resourceId;
  const registration = { holder, kinds: ['Workload'], version: '1' };
  await mutate(third, 'registerController', 'RegisterControllerInput', '{ holder }', registration);
  const lease = { holder, keys: [`KubernetesRuntime/${runtimeId}`], ttlMs: 60_000 };
  await mutate(third, 'acquireLeases', 'AcquireLeasesInput', '{ leases { epoch } }', lease);
  const { data } = await asked.query<{ resources: { nodes: { id: string }[] } }>(
    '{ resources(filter: { kinds: ["Workload"], names: ["web"] }) { nodes { id } } }',
  );
  return { asked, attached, third, workloadId: data?.resources.nodes[0]?.id ?? '' };
}

/** As the controller. */
async function mutate(server: TestServer, verb: string, type: string, selection: string, input: object) {
  const document = `mutation ($input: ${type}!) { ${verb}(input: $input) ${selection} }`;
  const { data, errors } = await server.query<Record<string, { state?: string }>>(
    document,
    { input },
    server.controllerToken,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data?.[verb];
}

interface Heard {
  readonly type: string;
  readonly id: string | null;
}

/** A controller that hears at one server and answers at another. */
async function attach({ attached, third }: World) {
  const messages = attached.subscribe<{ probes: Heard }>(
    'subscription ($holder: ID!) { probes(holder: $holder) { type id kind resourceId question input } }',
    { holder },
    attached.controllerToken,
  );
  const hear = async () => {
    const { value } = await messages.next();
    const heard = (value as { data?: { probes: Heard } } | undefined)?.data?.probes;
    if (!heard) throw new Error(`Heard ${JSON.stringify(value)}`);
    return heard;
  };
  const serials = new Map<string | null, number>();
  await hear();
  return {
    hear,
    async answer({ id }: Heard, chunks: readonly Json[], isLast = false) {
      const serial = serials.get(id) ?? 0;
      serials.set(id, serial + 1);
      const input = { id, holder, serial, chunks, isLast };
      return (await mutate(third, 'answerProbe', 'AnswerProbeInput', '{ state }', input))?.state;
    },
    leave: () => messages.return?.(),
    ended: async () => (await messages.next()).done === true,
  };
}

async function ask({ asked, workloadId }: World) {
  interface Logs {
    readonly lines: readonly { readonly text: string }[];
    readonly unavailable: readonly string[];
  }
  const { data, errors } = await asked.query<{ logs: Logs }>(
    'query ($id: ID!) { logs(id: $id) { lines { text } unavailable } }',
    { id: workloadId },
  );
  if (!data) throw new Error(JSON.stringify(errors));
  return data.logs;
}

const linesOf = (text: string, count = 1): Json => ({
  lines: Array.from({ length: count }, () => ({ pod: 'web-1', container: 'main', at: null, text })),
});
