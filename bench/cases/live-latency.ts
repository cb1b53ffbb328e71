import { createSeededRandom } from '../../lib/random.js';
import type { BenchCase, BenchContext, Contender, Sample } from '../case.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { figureTimes } from '../harness/goals.js';
import { openBenchPlane } from '../harness/plane.js';
import { type Arrivals, openArrivals } from '../live/arrivals.js';
import { graphAt } from '../live/graph.js';
import { portIn, startPeer } from '../live/peers.js';
import { startRedis } from '../live/redis.js';

const FLOOR = 'commit, publish, send';

/** How soon somebody at one server sees what another one wrote, while nothing else goes on. */
export const liveLatency: BenchCase = {
  name: 'live.latency',
  what: 'a mutation at one replica until it has arrived at a subscriber of another one, one at a time',
  goals: [figureTimes('p50Ms', FLOOR, 1.5), figureTimes('p99Ms', FLOOR, 2)],
  open,
};

const QUERY = 'subscription { tier(name: "live") { id kind name version labels } }';

async function open(context: BenchContext) {
  const count = context.isSmoke ? 20 : 300;
  const random = createSeededRandom(context.seed);
  await using opened = new AsyncDisposableStack();
  const redis = await startRedis();
  opened.defer(() => redis.close());
  const plane = await openBenchPlane(context, { env: { REDIS_URL: redis.url } });
  opened.defer(() => plane.close());
  const token = plane.tokens.operator;
  const contenders: Contender[] = [];
  const grounds = [plane.postgresPid, redis.pid];
  const add = (name: string, role: Contender['role'], part: Part) => {
    opened.defer(async () => part.arrivals.close());
    const measure = () => saySome({ ...part, pids: [...part.pids, ...grounds] }, count);
    contenders.push({ name, role, warm: async () => void (await measure()), measure });
  };

  /** Writes at one server, listens at another. */
  const addOurs = async (name: string, role: Contender['role'], tier: string, env: Record<string, string>) => {
    const [writing, listening] = [await plane.startServer({ env }), await plane.startServer({ env })];
    opened.defer(() => writing.close());
    opened.defer(() => listening.close());
    const graph = graphAt(writing, token);
    await graph.ask(`mutation { createTier(input: { name: "${tier}", spec: { order: 1 } }) { id } }`);
    const query = QUERY.replace('live', tier);
    add(name, role, {
      pids: [writing.pid, listening.pid],
      arrivals: await openArrivals({ port: portIn(listening.firstLine), subscribe: { token, query }, random }),
      say: (number) =>
        graph.ask(`mutation { updateTier(input: { name: "${tier}", labels: { said: "${number}" } }) { version } }`),
    });
  };
  await addOurs('ours', 'ours', 'live', { REDIS_URL: redis.url });
  await addOurs('ours, no Redis', 'peer', 'live-by-notify', {});

  const config = { databaseUrl: plane.databaseUrl, redisUrl: redis.url };
  const { signal } = context;
  const writing = await startPeer('commit-publish-send', { config: { ...config, isWriter: true }, signal });
  opened.defer(() => writing.close());
  const listening = await startPeer('commit-publish-send', { config: { ...config, isWriter: false }, signal });
  opened.defer(() => listening.close());
  add(FLOOR, 'floor', {
    pids: [writing.pid, listening.pid],
    arrivals: await openArrivals({ port: listening.port, subscribe: null, random }),
    say: (number) => writing.tell('/change', { said: String(number) }),
  });
  const closing = opened.move();
  return { contenders, close: () => closing.disposeAsync() };
}

interface Part {
  readonly pids: readonly number[];
  readonly arrivals: Arrivals;
  say(number: number): Promise<unknown>;
}

async function saySome({ pids, arrivals, say }: Part, count: number): Promise<Sample> {
  const meter = createCpuMeter(() => pids);
  const wrongBefore = arrivals.wrong();
  const [cpuMs, startMs] = [meter.readMs(), performance.now()];
  const took = await arrivals.say(count, say);
  const [usedMs, wallMs] = [meter.readMs() - cpuMs, performance.now() - startMs];
  const arrived = took.filter((ms) => ms !== null).toSorted((a, b) => a - b);
  const at = (share: number) => arrived[Math.min(arrived.length - 1, Math.floor(arrived.length * share))] ?? 0;
  return {
    operations: arrived.length,
    wallMs,
    cpuMs: usedMs,
    errors: count - arrived.length + arrivals.wrong() - wrongBefore,
    figures: { p50Ms: at(0.5), p99Ms: at(0.99) },
  };
}
