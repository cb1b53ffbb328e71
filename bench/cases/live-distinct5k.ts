import type { Database } from '../../db/database.js';
import type { BenchCase, BenchContext, Contender, Goal, Round, Sample } from '../case.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { cheaperThan } from '../harness/goals.js';
import { openBenchPlane } from '../harness/plane.js';
import { beginBackends } from '../live/backend-meter.js';
import { type Graph, graphAt } from '../live/graph.js';
import { changeTiers, makeTiers, tierName } from '../live/make-tiers.js';
import { portIn, startPeer } from '../live/peers.js';
import { openSubscribers, type Subscribers, wrongIn } from '../live/subscribers.js';

/** Everybody looks at something else: what one change costs, and whether those who do not look at it cost anything. */
export const liveDistinct: BenchCase = {
  name: 'live.distinct5k',
  what: 'one message to the one of 5,000 sockets that looks at what has changed; writing is done, and paid, elsewhere',
  goals: [cheaperThan('map look-up', 0.6), independent()],
  open,
};

/** A tenth of the subscribers, and each gets ten times as much. */
const FEW = 'ours, tenth';

function independent(): Goal {
  const each = (round: Round, name: string) => {
    const sample = round.get(name);
    return sample ? sample.cpuMs / sample.operations : null;
  };
  return {
    name: 'CPU of ours / ours with a tenth of the subscribers',
    unit: 'times',
    atMost: 1.25,
    value(round) {
      const [all, few] = [each(round, 'ours'), each(round, FEW)];
      return all === null || few === null ? null : all / few;
    },
  };
}

const QUERY = `subscription ($id: ID!) { node(id: $id) { id
  ... on Tier { kind name version generation labels document } } }`;

async function open(context: BenchContext) {
  const sockets = context.isSmoke ? 200 : 5_000;
  await using opened = new AsyncDisposableStack();
  const plane = await openBenchPlane(context);
  opened.defer(() => plane.close());
  const { database, tokens } = plane;
  const graph = graphAt(plane.server, tokens.operator);
  const contenders: Contender[] = [];
  let made = 0;

  /** A process that reads as a role of its own, and sockets that look at objects of its own. */
  const add = async (name: string, kind: Contender['role'], count: number, start: StartReader) => {
    const role = `reader_${contenders.length}`;
    await database.query({ name: `bench.${role}`, text: `create role ${role} superuser login` });
    const ids = await makeTiers(graph, count, made);
    const names = ids.map((_, index) => tierName(made + index));
    made += count;
    const reader = await start(plane.databaseUrl.replace(/\/\/[^@]*@/, `//${role}@`));
    opened.defer(() => reader.close());
    context.tell(`opening ${count} sockets`);
    const asked = {
      token: tokens.operator,
      query: QUERY,
      ids,
      marker: '"version":',
      rule: 'every',
      atOnce: 200,
    } as const;
    const subscribers = await openSubscribers({ ...asked, ports: [portIn(reader.firstLine)], count });
    opened.defer(() => subscribers.close());
    const part: Part = { pid: reader.pid, role, names, subscribers, version: 1, database, graph };
    const size = { messages: context.isSmoke ? sockets : MESSAGES };
    contenders.push({
      name,
      role: kind,
      warm: async () => void (await change(part, { messages: context.isSmoke ? sockets : WARM_MESSAGES })),
      measure: () => change(part, size),
    });
  };
  const server: StartReader = async (databaseUrl) => plane.startServer({ env: { DATABASE_URL: databaseUrl } });
  await add('ours', 'ours', sockets, server);
  await add('map look-up', 'floor', sockets, (databaseUrl) =>
    startPeer('ws-look-up', { config: { databaseUrl }, signal: context.signal }),
  );
  await add(FEW, 'peer', sockets / 10, server);
  const closing = opened.move();
  return { contenders, close: () => closing.disposeAsync() };
}

type StartReader = (databaseUrl: string) => Promise<{
  readonly pid: number;
  readonly firstLine: string;
  close(): Promise<void>;
}>;

interface Part {
  readonly pid: number;
  readonly role: string;
  readonly names: readonly string[];
  readonly subscribers: Subscribers;
  /** Of every object: they change together. */
  version: number;
  readonly database: Database;
  readonly graph: Graph;
}

const WARM_MESSAGES = 10_000;
/** In each round: CPU of backends is counted in steps of 10 ms, and one pass takes some 300 ms of it. */
const MESSAGES = 20_000;
/** As many objects as change when a definition that some apps share does. */
const EDITS_EACH = 50;

/** Changes every object as often as it takes for that many messages, and waits until each has arrived. */
async function change(part: Part, { messages }: { readonly messages: number }): Promise<Sample> {
  const { names, subscribers, graph, pid } = part;
  const passes = Math.ceil(messages / names.length);
  const meter = createCpuMeter(() => [pid]);
  await subscribers.counts();
  const backends = await beginBackends(part.database, part.role);
  const [cpuMs, startMs] = [meter.readMs(), performance.now()];
  for (let pass = 0; pass < passes; pass += 1) {
    part.version += 1;
    const reached = subscribers.expect(part.version);
    for (let at = 0; at < names.length; at += EDITS_EACH) {
      await changeTiers(graph, names.slice(at, at + EDITS_EACH), part.version);
    }
    await reached;
  }
  const wallMs = performance.now() - startMs;
  const ownMs = meter.readMs() - cpuMs;
  const usedMs = ownMs + (await backends.sinceBegin());
  const counts = await subscribers.counts();
  return {
    operations: counts.messages,
    wallMs,
    cpuMs: usedMs,
    loadCpuMs: counts.cpuMs,
    errors: wrongIn(counts) + Math.abs(counts.messages - passes * names.length),
    figures: { bytesEach: counts.bytes / counts.messages, serverUs: (ownMs * 1000) / counts.messages },
  };
}
