import { setTimeout as delay } from 'node:timers/promises';
import type { Sample } from '../case.js';
import type { Child } from '../harness/child.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import type { BenchPlane } from '../harness/plane.js';
import { checkLog } from './check-log.js';
import { faultsOf } from './faults.js';
import type { Graph } from './graph.js';
import { followLog, type LogReader } from './log-reader.js';
import { portIn } from './peers.js';
import type { Redis } from './redis.js';
import type { Writers } from './writers.js';

export interface FaultedRun {
  readonly plane: BenchPlane;
  readonly redis: Redis;
  readonly writers: Writers;
  readonly graph: Graph;
  readonly perSecond: number;
  readonly forMs: number;
  readonly pauseMs: number;
  /** The server that the readers are at, for it to be killed. */
  tail(): Child;
  /** Starts another one in its place. */
  revive(port: number): Promise<void>;
  tell(text: string): void;
}

const READERS = 5;
const CATCH_UP_MS = 30_000;

/** Writes steadily while one fault after the other happens, and holds what readers got to the table. */
export async function runFaulted(run: FaultedRun): Promise<Sample> {
  const { plane, redis, writers, tell } = run;
  await using opened = new AsyncDisposableStack();
  const cursor = async () => (await run.graph.ask<{ plane: { cursor: string } }>('{ plane { cursor } }')).plane.cursor;
  const begin = await cursor();
  const ports = [portIn(run.tail().firstLine), portIn(plane.server.firstLine)];
  const readers = Array.from({ length: READERS }, () =>
    followLog({ ports, token: plane.tokens.operator, after: begin }),
  );
  opened.defer(async () => {
    for (const reader of readers) reader.close();
  });
  let killed = 0;
  const faults = faultsOf({
    redis,
    pauseMs: run.pauseMs,
    connection: plane.connection,
    async killTail() {
      killed = portIn(run.tail().firstLine);
      run.tail().process.kill('SIGKILL');
    },
    defer: (close) => opened.defer(close),
  });
  const meter = createCpuMeter(() => [plane.server.pid, plane.postgresPid, redis.pid]);
  const [cpuMs, startMs] = [meter.readMs(), performance.now()];
  const writing = writers.openLoop(run.forMs, run.perSecond);
  const caughtUpMs: number[] = [];
  for (const fault of faults) {
    await delay(run.forMs / (faults.length + 2));
    await fault.happen();
    const ms = await catchUp(plane, readers);
    tell(`${fault.name}: caught up in ${Math.round(ms)} ms`);
    caughtUpMs.push(ms);
  }
  const written = await writing;
  caughtUpMs.push(await catchUp(plane, readers));
  const [wallMs, usedMs] = [performance.now() - startMs, meter.readMs() - cpuMs];
  const range = { after: seqOf(begin), upTo: await headOf(plane) };
  const found = await Promise.all(
    readers.map(async ({ failures, entries }) => [...failures, ...(await checkLog(plane.database, entries, range))]),
  );
  const [counted] = await plane.database.query<{ changes: number }>(countChanges, [range.after, range.upTo]);
  const wrong = [...found.flat(), ...written.failures];
  if (counted?.changes !== written.changes) {
    wrong.push(`${written.changes} changes were acknowledged, and the log has ${counted?.changes}.`);
  }
  for (const text of wrong.slice(0, 5)) tell(`wrong: ${text}`);
  await run.revive(killed);
  return {
    operations: readers.reduce((sum, { entries }) => sum + entries.length, 0),
    wallMs,
    cpuMs: usedMs,
    errors: wrong.length,
    figures: { caughtUpMs: Math.max(...caughtUpMs), changesPerSecond: (written.changes * 1000) / written.wallMs },
  };
}

/** How long it takes until every reader has what is in the log now. */
async function catchUp(plane: BenchPlane, readers: readonly LogReader[]): Promise<number> {
  const startMs = performance.now();
  const head = await headOf(plane);
  while (readers.some(({ cursor }) => seqOf(cursor()) < head)) {
    const tookMs = performance.now() - startMs;
    if (tookMs > CATCH_UP_MS) return tookMs;
    await delay(5);
  }
  return performance.now() - startMs;
}

async function headOf(plane: BenchPlane): Promise<bigint> {
  for (;;) {
    try {
      const [row] = await plane.database.query<{ head: bigint }>(readHead);
      return row?.head ?? 0n;
    } catch {
      // Our own connections were ended with the others.
      await delay(5);
    }
  }
}

const seqOf = (cursor: string) => BigInt(cursor.split(':')[1] ?? '0');

const readHead = { name: 'bench.head', text: 'select max(seq) as head from revision' };
const countChanges = {
  name: 'bench.count-changes',
  text: `select count(*)::int as changes from revision where seq > $1 and seq <= $2 and op = 'updated'`,
};
