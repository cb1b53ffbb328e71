import type { BenchCase, BenchContext, Contender, Sample } from '../case.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { cheaperThan } from '../harness/goals.js';
import { type BenchPlane, openBenchPlane } from '../harness/plane.js';
import { type Graph, graphAt } from '../live/graph.js';
import { startPeer } from '../live/peers.js';
import { openSubscribers, type Subscribers, wrongIn } from '../live/subscribers.js';

/** One object that everybody looks at: what one change of it costs. */
export const liveFanout: BenchCase = {
  name: 'live.fanout5k',
  what: 'one message to one of 5,000 sockets that have the same subscription, each with an id of its own',
  goals: [cheaperThan('raw ws', 0.85), cheaperThan('graphql-ws', 4)],
  open,
};

const FIELDS = '{ id kind name version generation labels document status { health } }';
const QUERY = `subscription { tier(name: "live") ${FIELDS} }`;

async function open(context: BenchContext) {
  const sockets = context.isSmoke ? 200 : 5_000;
  const updates = context.isSmoke ? 10 : 40;
  await using opened = new AsyncDisposableStack();
  const plane = await openBenchPlane(context);
  opened.defer(() => plane.close());
  const graph = graphAt(plane.server, plane.tokens.operator);
  await graph.ask(
    `mutation { createTier(input: { name: "live", labels: { said: "0" }, spec: { order: 1, description: "${'x'.repeat(100)}" } }) { id } }`,
  );
  const subscribe = async (port: number, token: string | null): Promise<Subscribers> => {
    context.tell(`opening ${sockets} sockets`);
    const shared = { query: QUERY, marker: '"version":', rule: 'every', atOnce: 200 } as const;
    const subscribers = await openSubscribers({ ...shared, ports: [port], count: sockets, token });
    opened.defer(() => subscribers.close());
    return subscribers;
  };
  const ours = await subscribe(graph.port, plane.tokens.operator);
  const { text } = await ours.counts();
  const message = (version: number) => text.replace(/"version":\d+/, `"version":${version}`);

  const contender = (name: string, role: Contender['role'], part: Part): Contender => ({
    name,
    role,
    warm: async () => void (await spread(part, { sockets, updates: context.isSmoke ? 10 : WARM_UPDATES })),
    measure: () => spread(part, { sockets, updates }),
  });
  const contenders = [contender('ours', 'ours', ofOurs(plane, graph, ours))];
  for (const [name, role, program] of [
    ['raw ws', 'floor', 'ws-broadcast'],
    ['graphql-ws', 'stock', 'graphql-ws-as-it-comes'],
  ] as const) {
    const peer = await startPeer(program, { signal: context.signal });
    opened.defer(() => peer.close());
    const say = (path: string, version: number) =>
      peer.tell(path, { message: message(version), data: JSON.parse(message(version)).payload.data });
    await say('/first', 1);
    let version = 1;
    contenders.push(
      contender(name, role, {
        pids: [peer.pid],
        subscribers: await subscribe(peer.port, role === 'floor' ? null : 'nobody asks'),
        async change() {
          version += 1;
          await say('/broadcast', version);
        },
        version: () => version,
        wrongAnswers: async () => 0,
      }),
    );
  }
  const closing = opened.move();
  return { contenders, close: () => closing.disposeAsync() };
}

const CHANGE = 'mutation ($input: UpdateTierInput!) { updateTier(input: $input) { version } }';

/** Enough for compilers to have done what they do with what sends, and with what changes, which runs once for 5,000 messages. */
const WARM_UPDATES = 100;

interface Part {
  readonly pids: readonly number[];
  readonly subscribers: Subscribers;
  change(): Promise<void>;
  /** After the last change. */
  version(): number;
  wrongAnswers(text: string): Promise<number>;
}

function ofOurs(plane: BenchPlane, graph: Graph, subscribers: Subscribers): Part {
  let version = 1;
  return {
    pids: [plane.server.pid, plane.postgresPid],
    subscribers,
    async change() {
      const input = { name: 'live', labels: { said: String(version) } };
      ({ version } = (await graph.ask<{ updateTier: { version: number } }>(CHANGE, { input })).updateTier);
    },
    version: () => version,
    async wrongAnswers(text) {
      const stored = await graph.ask(`{ tier(name: "live") ${FIELDS} }`);
      return JSON.stringify(JSON.parse(text).payload.data) === JSON.stringify(stored) ? 0 : 1;
    },
  };
}

/** Changes it, waits until everybody knows, and so on. */
async function spread(part: Part, size: { readonly sockets: number; readonly updates: number }): Promise<Sample> {
  const { subscribers } = part;
  const meter = createCpuMeter(() => part.pids);
  const own = createCpuMeter(() => part.pids.slice(0, 1));
  await subscribers.counts();
  const [cpuMs, ownMs, startMs] = [meter.readMs(), own.readMs(), performance.now()];
  const spreadMs: number[] = [];
  for (let update = 0; update < size.updates; update += 1) {
    const reached = subscribers.expect(part.version() + 1);
    await part.change();
    spreadMs.push(await reached);
  }
  const [wallMs, usedMs, usedOwnMs] = [performance.now() - startMs, meter.readMs() - cpuMs, own.readMs() - ownMs];
  const counts = await subscribers.counts();
  const expected = size.updates * size.sockets;
  return {
    operations: counts.messages,
    wallMs,
    cpuMs: usedMs,
    loadCpuMs: counts.cpuMs,
    errors: wrongIn(counts) + Math.abs(counts.messages - expected) + (await part.wrongAnswers(counts.text)),
    figures: {
      spreadMs: spreadMs.toSorted((a, b) => a - b)[Math.floor(spreadMs.length / 2)] ?? 0,
      bytesEach: counts.bytes / counts.messages,
      serverUs: (usedOwnMs * 1000) / counts.messages,
    },
  };
}
