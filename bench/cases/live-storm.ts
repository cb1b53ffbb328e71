import { setTimeout as delay } from 'node:timers/promises';
import type { BenchCase, BenchContext, Contender, Goal, Sample } from '../case.js';
import type { Child } from '../harness/child.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { figureTimes } from '../harness/goals.js';
import { openBenchPlane } from '../harness/plane.js';
import { checkLog } from '../live/check-log.js';
import { graphAt } from '../live/graph.js';
import { followLog } from '../live/log-reader.js';
import { changeTiers, makeTiers, tierName } from '../live/make-tiers.js';
import { portIn, startPeer } from '../live/peers.js';
import { startRedis } from '../live/redis.js';
import { openSubscribers, type Subscribers, wrongIn } from '../live/subscribers.js';

/** A server dies, and all that it had come to another one at once, while objects go on to change. */
export const liveStorm: BenchCase = {
  name: 'live.storm',
  what: 'one of 5,000 subscribers of a replica that was killed has its answer from another one',
  goals: [cpuTimes('raw ws', 2), figureTimes('allBackMs', 'raw ws', 2)],
  open,
};

function cpuTimes(base: string, atMost: number): Goal {
  return {
    name: `CPU of ours / ${base}`,
    unit: 'times',
    atMost,
    value(round) {
      const [ours, floor] = [round.get('ours'), round.get(base)];
      return ours && floor ? ours.cpuMs / ours.operations / (floor.cpuMs / floor.operations) : null;
    },
  };
}

const QUERY = `subscription ($id: ID!) { node(id: $id) { id
  ... on Tier { kind name version generation labels document } } }`;
const MARKER = '"version":';
const READERS = 5;
const AT_ONCE = 100;

async function open(context: BenchContext) {
  const sockets = context.isSmoke ? 200 : 5_000;
  await using opened = new AsyncDisposableStack();
  const redis = await startRedis();
  opened.defer(() => redis.close());
  const plane = await openBenchPlane(context, { env: { REDIS_URL: redis.url } });
  opened.defer(() => plane.close());
  const token = plane.tokens.operator;
  const graph = graphAt(plane.server, token);
  const ids = await makeTiers(graph, sockets);
  const versions = ids.map(() => 1);
  const replica = (port: number) =>
    plane.startServer({ env: { REDIS_URL: redis.url, ...(port > 0 && { PORTOLAN_PORT: String(port) }) } });
  const message = `{"id":"${'0'.repeat(36)}","type":"next","payload":{"data":{"node":{"id":"${ids[0]}","version":1,"said":"${'x'.repeat(150)}"}}}}`;
  const peer = (port: number) => startPeer('ws-bare', { config: { message, port }, signal: context.signal });

  const ours = await openPair(replica, { query: QUERY, ids, token, count: sockets });
  opened.defer(ours.close);
  const floor = await openPair(peer, { query: '', ids: [], token: null, count: sockets });
  opened.defer(floor.close);

  const measureOurs = async (): Promise<Sample> => {
    const { plane: before } = await graph.ask<{ plane: { cursor: string } }>('{ plane { cursor } }');
    const ports = ours.ports();
    const readers = Array.from({ length: READERS }, () => followLog({ ports, token, after: before.cursor }));
    const change = async () => {
      const index = Math.floor(Math.random() * sockets);
      versions[index] = (versions[index] ?? 0) + 1;
      await changeTiers(graph, [tierName(index)], versions[index] ?? 0);
    };
    for (let made = 0; made < CHANGES; made += 1) await change();
    const changing = (async () => {
      for (let made = 0; made < CHANGES; made += 1) {
        await change();
        await delay(CHANGE_EVERY_MS);
      }
    })();
    const sample = await ours.storm([plane.postgresPid, redis.pid]);
    await changing;
    await ours.subscribers.expect(versions);
    const { plane: after } = await graph.ask<{ plane: { cursor: string } }>('{ plane { cursor } }');
    const range = { after: seqOf(before.cursor), upTo: seqOf(after.cursor) };
    const deadlineMs = performance.now() + CATCH_UP_MS;
    while (readers.some(({ cursor }) => seqOf(cursor()) < range.upTo) && performance.now() < deadlineMs)
      await delay(10);
    const wrong = await Promise.all(
      readers.map(async (reader) => {
        reader.close();
        return [...reader.failures, ...(await checkLog(plane.database, reader.entries, range))];
      }),
    );
    for (const text of wrong.flat().slice(0, 3)) context.tell(`wrong: ${text}`);
    const counts = await ours.subscribers.counts();
    const differing = counts.numbers.filter((number, index) => number !== versions[index]).length;
    await ours.revive();
    return { ...sample, errors: sample.errors + wrong.flat().length + wrongIn(counts) + differing };
  };
  const measureFloor = async (): Promise<Sample> => {
    const sample = await floor.storm([]);
    await floor.revive();
    return sample;
  };
  const contender = (name: string, role: Contender['role'], measure: () => Promise<Sample>): Contender => ({
    name,
    role,
    warm: async () => void (await measure()),
    measure,
  });
  const closing = opened.move();
  return {
    contenders: [contender('ours', 'ours', measureOurs), contender('raw ws', 'floor', measureFloor)],
    close: () => closing.disposeAsync(),
  };
}

/** Before the kill, and again while everybody comes back. */
const CHANGES = 10;
const CHANGE_EVERY_MS = 50;
const CATCH_UP_MS = 10_000;

const seqOf = (cursor: string) => BigInt(cursor.split(':')[1] ?? '0');

interface Pair {
  readonly subscribers: Subscribers;
  /** The one that has the subscribers, then the one that will have them. */
  ports(): readonly number[];
  /** Kills the one that has them; `others` are counted with the one that takes them. */
  storm(others: readonly number[]): Promise<Sample>;
  /** Starts what was killed, for the next storm. */
  revive(): Promise<void>;
  close(): Promise<void>;
}

/** Two replicas, one of which has all subscribers. */
async function openPair(
  start: (port: number) => Promise<Child>,
  who: { query: string; ids: readonly string[]; token: string | null; count: number },
): Promise<Pair> {
  let [first, second] = [await start(0), await start(0)];
  const shared = { ...who, marker: MARKER, rule: 'rising', atOnce: AT_ONCE } as const;
  const subscribers = await openSubscribers({ ...shared, ports: [portIn(first.firstLine)] });
  const ports = () => [portIn(first.firstLine), portIn(second.firstLine)];
  return {
    subscribers,
    ports,
    async storm(others) {
      await subscribers.counts();
      const meter = createCpuMeter(() => [second.pid, ...others]);
      const back = subscribers.comeBack(ports());
      const [cpuMs, startMs] = [meter.readMs(), performance.now()];
      first.process.kill('SIGKILL');
      const allBackMs = await back;
      const [usedMs, wallMs] = [meter.readMs() - cpuMs, performance.now() - startMs];
      const counts = await subscribers.counts();
      return {
        operations: counts.firsts,
        wallMs,
        cpuMs: usedMs,
        loadCpuMs: counts.cpuMs,
        errors: wrongIn(counts) + Math.abs(counts.firsts - who.count),
        figures: { allBackMs },
      };
    },
    async revive() {
      const port = portIn(first.firstLine);
      await first.close();
      [first, second] = [second, await start(port)];
    },
    async close() {
      subscribers.close();
      await Promise.all([first.close(), second.close()]);
    },
  };
}
