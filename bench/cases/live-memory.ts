import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchCase, BenchContext, Contender, Sample } from '../case.js';
import type { Child } from '../harness/child.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { figureTimes } from '../harness/goals.js';
import { openBenchPlane } from '../harness/plane.js';
import { graphAt } from '../live/graph.js';
import { makeTiers } from '../live/make-tiers.js';
import { portIn, startPeer } from '../live/peers.js';
import { openSubscribers, wrongIn } from '../live/subscribers.js';

const DISTINCT = 'ours, all different';

/** What somebody who only waits takes of the server's memory. */
export const liveMemory: BenchCase = {
  name: 'live.memory',
  what: 'one idle subscriber in a server that was just started: resident memory after it and 4,999 others came, less that before',
  goals: [figureTimes('bytesEach', 'bare ws', 1.6), figureTimes('bytesEach', 'bare ws', 1.6, DISTINCT)],
  open,
};

const SAME = 'subscription { tier(name: "tier-000000") { id kind name version labels document } }';
const DIFFERENT = 'subscription ($id: ID!) { node(id: $id) { id ... on Tier { kind name version labels document } } }';

async function open(context: BenchContext) {
  const sockets = context.isSmoke ? 500 : 5_000;
  await using opened = new AsyncDisposableStack();
  const plane = await openBenchPlane(context);
  opened.defer(() => plane.close());
  const token = plane.tokens.operator;
  const ids = await makeTiers(graphAt(plane.server, token), sockets + WARM_SOCKETS);
  const message = `{"id":"${'0'.repeat(36)}","type":"next","payload":{"data":{"tier":{"version":1}}}}`;
  const { signal } = context;
  const startOurs = () => plane.startServer({ nodeArgs: COLLECTING });
  const startBare = () => startPeer('ws-bare', { config: { message }, nodeArgs: COLLECTING, signal });
  const contender = (name: string, role: Contender['role'], part: Omit<Part, 'sockets'>): Contender => ({
    name,
    role,
    measure: () => weigh({ ...part, sockets }),
  });
  const closing = opened.move();
  return {
    contenders: [
      contender('ours', 'ours', { start: startOurs, token, query: SAME, ids: [''] }),
      contender(DISTINCT, 'peer', { start: startOurs, token, query: DIFFERENT, ids }),
      contender('bare ws', 'floor', { start: startBare, token: null, query: '', ids: [''] }),
    ],
    close: () => closing.disposeAsync(),
  };
}

/** They are there before it is weighed, so that what is loaded and compiled once is not counted. */
const WARM_SOCKETS = 500;

/**
 * Gives back what is free when it is told to, as when memory is short: what a heap keeps for later depends on what it
 * did before, and would hide what subscribers take.
 */
const COLLECT = "globalThis.gc({type:'major',execution:'sync',flavor:'last-resort'})";
const COLLECTING = ['--expose-gc', `--import=data:text/javascript,process.on("SIGUSR2",()=>{${COLLECT};${COLLECT}})`];
const SETTLE_MS = 1_500;

interface Part {
  readonly sockets: number;
  start(): Promise<Child>;
  readonly token: string | null;
  readonly query: string;
  readonly ids: readonly string[];
}

async function weigh({ start, token, query, ids, sockets }: Part): Promise<Sample> {
  await using opened = new AsyncDisposableStack();
  const child = await start();
  opened.defer(() => child.close());
  const join = async (count: number, from: number) => {
    const shared = {
      ports: [portIn(child.firstLine)],
      token,
      query,
      marker: '"version":',
      rule: 'rising',
      atOnce: 100,
    } as const;
    const own = ids.length > 1 ? ids.slice(from, from + count) : ids;
    const subscribers = await openSubscribers({ ...shared, ids: own, count });
    opened.defer(async () => subscribers.close());
    return subscribers;
  };
  const meter = createCpuMeter(() => [child.pid]);
  await join(WARM_SOCKETS, 0);
  const before = await residentBytes(child);
  const [cpuMs, startMs] = [meter.readMs(), performance.now()];
  const subscribers = await join(sockets, WARM_SOCKETS);
  const [usedMs, wallMs] = [meter.readMs() - cpuMs, performance.now() - startMs];
  const after = await residentBytes(child);
  const counts = await subscribers.counts();
  return {
    operations: counts.firsts,
    wallMs,
    cpuMs: usedMs,
    loadCpuMs: counts.cpuMs,
    errors: wrongIn(counts) + Math.abs(counts.firsts - sockets),
    figures: { bytesEach: (after - before) / sockets, baseMb: before / 2 ** 20 },
  };
}

async function residentBytes(child: Child): Promise<number> {
  child.process.kill('SIGUSR2');
  await delay(SETTLE_MS);
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
