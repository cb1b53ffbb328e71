import test, { type ExecutionContext } from 'ava';
import { type DocumentNode, print } from 'graphql';
import type { Actor } from '../../db/contract.js';
import type { Json } from '../../lib/canonical.js';
import { createChannel } from '../../lib/channel.js';
import { createManualClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { createSeededRandom } from '../../lib/random.js';
import type { ProbeAnswerPart, ProbeQuestion } from '../../resolvers/probes.js';
import { createSdk } from '../../sdk/client.js';
import type { GraphClient } from '../../sdk/graph-client.js';
import { ServerUnreachableError } from '../../sdk/graph-error.js';
import type { ResourceView } from '../../sdk/resource.js';
import { createResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import { createManager } from '../../sdk/runtime/manager.js';
import type { ProbeContext, ProbeRequest } from '../../sdk/runtime/reconciler.js';
import { defaultLimits } from '../../server/limits.js';
import { createProbeBroker, type ProbeBroker } from '../../server/probe-broker.js';
import { FakePlane, flush } from './fake-plane.js';
import { FakeWorld, type ThingSpec } from './fake-world.js';

const controller: Actor = { principalId: 'p1', name: 'controller', role: 'controller' };

type Probe = (resource: ResourceView<ThingSpec>, request: ProbeRequest, context: ProbeContext) => AsyncIterable<Json>;

/** A manager whose kind Thing answers by `probe`, and the broker of a server, over a plane in memory. */
async function make(t: ExecutionContext, probe: Probe | null, options: { readonly limits?: object } = {}) {
  const clock = createManualClock();
  const plane = new FakePlane(clock);
  const world = new FakeWorld();
  const createBroker = () =>
    createProbeBroker({
      async findHolder(key) {
        const lease = plane.leases.get(key);
        return lease && lease.expiresMs > clock.now() ? { ...lease, principalId: 'p1' } : null;
      },
      limits: { ...defaultLimits, ...options.limits },
      clock,
      random: createSeededRandom(1),
    });
  const server: Server = { broker: createBroker(), repliesToLose: 0 };
  const client = withProbes(plane.client(), server);
  const things = createResourceClient<ThingSpec>(createSdk(client), 'Thing');
  const provider = { ...world.provider, ...(probe && { probe }) };
  const manager = createManager({
    client,
    clock,
    log: silentLog,
    random: createSeededRandom(1),
    holder: 'one',
    reconcilers: [{ kind: 'Thing', reconciler: createReconciler(provider, { client: things }), concurrency: 1 }],
  });
  const step = async (byMs: number, inStepsOfMs = 500) => {
    await flush();
    for (let left = byMs; left > 0; left -= inStepsOfMs) {
      clock.step(Math.min(left, inStepsOfMs));
      await flush();
    }
  };
  t.teardown(async () => {
    const closing = manager.close();
    await step(20_000);
    await closing;
  });
  plane.put({ id: 'a', document: { value: 'hello' } });
  manager.start();
  await step(5_000);
  const ask = (more: Partial<ProbeQuestion> = {}) =>
    server.broker.ask({ resourceId: 'a', kind: 'Thing', leaseKey: 'shard/1', question: 'logs', input: {}, ...more });
  const restart = () => {
    server.broker.close();
    server.broker = createBroker();
  };
  return { clock, plane, world, manager, server, step, ask, restart };
}

interface Server {
  broker: ProbeBroker;
  /** Of answers: taken, but the controller does not hear of it. */
  repliesToLose: number;
}

function withProbes(client: GraphClient, server: Server): GraphClient {
  return {
    ...client,
    async execute<Result, Variables extends object>(document: DocumentNode | string, variables: Variables) {
      if (!textOf(document).includes('answerProbe')) return client.execute<Result, Variables>(document, variables);
      const { input } = variables as unknown as { readonly input: ProbeAnswerPart };
      const state = await server.broker.answer(input, controller);
      if (server.repliesToLose-- > 0) throw new ServerUnreachableError('http://plane', new Error('socket hang up'));
      return { answerProbe: { state } } as Result;
    },
    subscribe<Result, Variables extends object>(...[document, variables, call]: Parameters<GraphClient['subscribe']>) {
      if (!textOf(document).includes('probes(')) {
        return client.subscribe<Result, Variables>(document, variables as Variables, call);
      }
      const channel = createChannel<Result>({ limit: 1_000 });
      let messages = server.broker.listen('one', controller);
      const leave = () => {
        channel.end();
        void messages.return?.();
      };
      call?.signal?.addEventListener('abort', leave, { once: true });
      // As the graph client does: for ever, over any number of servers.
      const attach = async (): Promise<void> => {
        for await (const probes of messages) channel.push({ probes } as Result);
        await new Promise(setImmediate);
        if (call?.signal?.aborted) return;
        messages = server.broker.listen('one', controller);
        await attach();
      };
      void attach();
      return channel;
    },
  };
}

const textOf = (document: DocumentNode | string) => (typeof document === 'string' ? document : print(document));

/** Chunks that are given by hand; what waits for the next never ends by itself. */
function createSource() {
  const channel = createChannel<Json>({ limit: 1_000, onClose: () => source.close() });
  const source = {
    channel,
    isReturned: false,
    signal: null as AbortSignal | null,
    close() {
      source.isReturned = true;
    },
  };
  const probe: Probe = (_resource, _request, { signal }) => {
    source.signal = signal;
    return channel;
  };
  return { source, probe };
}

async function all(
  answers: AsyncIterable<Json>,
): Promise<{ readonly chunks: readonly Json[]; readonly error: string | null }> {
  const chunks: Json[] = [];
  try {
    for await (const chunk of answers) chunks.push(chunk);
  } catch (error) {
    return { chunks, error: (error as Error).message };
  }
  return { chunks, error: null };
}

test('a question comes to the provider with its resource, and the answer goes back in order', async (t) => {
  const { ask, step, manager } = await make(t, async function* (resource, { question, input }) {
    yield { id: resource.id, spec: { ...resource.spec }, question, input };
    for (let number = 0; number < 50; number++) yield number;
  });
  const answer = all(ask({ input: { tailLines: 5 } }));
  await step(1_000);
  const { chunks, error } = await answer;
  t.is(error, null);
  t.deepEqual(chunks, [
    { id: 'a', spec: { value: 'hello' }, question: 'logs', input: { tailLines: 5 } },
    ...Array.from({ length: 50 }, (_, number) => number),
  ]);
  t.is(manager.stats().probes, 1);
  t.is(manager.stats().answering, 0);
});

test('an answer needs no turn in the queue of work', async (t) => {
  const { ask, step, world, plane, manager } = await make(t, async function* () {
    yield 'at once';
  });
  world.onApply = () => new Promise(() => {});
  plane.edit('a', { value: 'other' });
  await step(1_000);
  t.is(manager.stats().inFlight, 1);
  const answer = all(ask());
  await step(500);
  t.deepEqual(await answer, { chunks: ['at once'], error: null });
  t.is(manager.stats().inFlight, 1);
});

test('when the asker leaves, the signal aborts and the source is returned although it waits', async (t) => {
  const { source, probe } = createSource();
  const { ask, step, manager } = await make(t, probe);
  const answers = ask({ isFollowing: true });
  const first = answers.next();
  source.channel.push('a');
  await step(500);
  t.is((await first).value, 'a');
  t.is(manager.stats().answering, 1);
  t.false(source.isReturned);
  await answers.return?.();
  await step(500);
  t.true(source.signal?.aborted);
  t.true(source.isReturned);
  t.is(manager.stats().answering, 0);
});

test('an answer ends with the lease, and the asker is told', async (t) => {
  const { source, probe } = createSource();
  const { ask, step, plane, manager } = await make(t, probe);
  const answer = all(ask({ isFollowing: true }));
  source.channel.push('a');
  await step(1_000);
  plane.leases.set('shard/1', { holder: 'two', epoch: 9, expiresMs: Number.MAX_SAFE_INTEGER });
  await step(10_000);
  t.true(source.isReturned);
  const { chunks, error } = await answer;
  t.deepEqual(chunks, ['a']);
  t.regex(error ?? '', /lost its lease/);
  t.is(manager.stats().answering, 0);
});

test('an answer ends when the resource is gone, and the asker is told', async (t) => {
  const { source, probe } = createSource();
  const { ask, step, plane, manager } = await make(t, probe);
  plane.put({ id: 'b' });
  await step(1_000);
  const answer = all(ask({ isFollowing: true }));
  source.channel.push('a');
  await step(1_000);
  plane.requestDeletion('a');
  await step(20_000);
  t.false(plane.resources.has('a'));
  t.true(source.isReturned);
  t.deepEqual(await answer, { chunks: ['a'], error: 'It does not exist any more.' });
  t.is(manager.stats().leases, 1);
});

test('what a provider throws is the sentence that the asker gets, after what it gave', async (t) => {
  const { ask, step } = await make(t, async function* () {
    yield 'a';
    throw new Error('The pod is gone.');
  });
  const answer = all(ask());
  await step(500);
  t.deepEqual(await answer, { chunks: ['a'], error: 'The pod is gone.' });
});

test('a question about a resource that is gone, or that is not under its lease, is answered so', async (t) => {
  const { ask, step, plane } = await make(t, async function* () {
    yield 'never';
  });
  const unknown = all(ask({ resourceId: 'b' }));
  await step(500);
  t.regex((await unknown).error ?? '', /does not work on it at the moment/);
  plane.dropsWakes = true;
  plane.resources.delete('a');
  const gone = all(ask());
  await step(500);
  t.is((await gone).error, 'It does not exist any more.');
});

test('a process whose kinds answer nothing does not attach', async (t) => {
  const { ask, server } = await make(t, null);
  t.is(server.broker.stats().holders, 0);
  t.regex((await all(ask())).error ?? '', /not attached/);
});

test('a server that restarts is asked through again, and what was open before is dropped', async (t) => {
  const { source, probe } = createSource();
  const { ask, step, restart, manager } = await make(t, probe);
  const before = all(ask({ isFollowing: true }));
  source.channel.push('a');
  await step(1_000);
  restart();
  await step(1_000);
  t.regex((await before).error ?? '', /The server is stopping/);
  t.true(source.isReturned);
  t.is(manager.stats().answering, 0);
  const again = ask();
  const answer = all(again);
  await step(500);
  // The source of this test was returned, so it has nothing to say any more.
  t.deepEqual(await answer, { chunks: [], error: null });
});

test('a followed log that is silent says that it was opened', async (t) => {
  const { source, probe } = createSource();
  const { ask, step } = await make(t, probe);
  const first = ask({ isFollowing: true }).next();
  await step(60_000);
  source.channel.push('at last');
  await step(500);
  t.is((await first).value, 'at last');
});

test('a part whose reply was lost is sent again, and taken once', async (t) => {
  const { source, probe } = createSource();
  const { ask, step, server } = await make(t, probe);
  const answer = all(ask());
  server.repliesToLose = 2;
  source.channel.push('a');
  source.channel.push('b');
  source.channel.end();
  await step(5_000);
  t.deepEqual(await answer, { chunks: ['a', 'b'], error: null });
});

test('a slow asker slows the source down: what is read ahead is bounded', async (t) => {
  let read = 0;
  const chunk = 'x'.repeat(10_000);
  const { ask, step } = await make(
    t,
    async function* () {
      for (; read < 1_000; read++) yield chunk;
    },
    { limits: { probeWaitingBytes: 100_000 } },
  );
  const answers = ask({ isFollowing: true });
  await (async () => {
    const first = answers.next();
    await step(500);
    await first;
  })();
  await step(60_000);
  const before = read;
  // One part on the server's side, one under way, one that gathers: 256 KiB each at most, and the bound of the queue.
  t.true(before < 100, `${before} chunks were read`);
  const rest = all(answers);
  await step(60_000);
  t.is((await rest).chunks.length, 999);
});

test('a controller that stops lets its askers know', async (t) => {
  const { source, probe } = createSource();
  const { ask, step, manager } = await make(t, probe);
  const answer = all(ask({ isFollowing: true }));
  source.channel.push('a');
  await step(500);
  const closing = manager.close();
  await step(20_000);
  await closing;
  t.true(source.isReturned);
  t.deepEqual(await answer, { chunks: ['a'], error: 'The controller that was asked went away.' });
});
