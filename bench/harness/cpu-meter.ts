import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { type ProcessTimes, parseProcessStat, sumOfTrees } from './process-times.js';

/** Adds up the CPU of process trees: a server's, Postgres with its backends, Redis. */
export interface CpuMeter {
  /** User and system since these processes began, in milliseconds. The difference of two readings is what was used. */
  readMs(): number;
}

/** `roots` are asked for at each reading, for a server may have been restarted. Throws an Error where there is no /proc. */
export function createCpuMeter(roots: () => readonly number[]): CpuMeter {
  const msPerTick = 1000 / ticksPerSecond();
  return { readMs: () => sumOfTrees(readProcesses(), roots()) * msPerTick };
}

function readProcesses(): readonly ProcessTimes[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const times = parseProcessStat(readStat(name));
    return times ? [times] : [];
  });
}

/** Empty when it has ended meanwhile. */
function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

function ticksPerSecond(): number {
  if (process.platform !== 'linux') {
    throw new Error('CPU is counted by /proc, which this system has not. Run the benchmarks on Linux.');
  }
  const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticks > 0 ? ticks : 100;
}
