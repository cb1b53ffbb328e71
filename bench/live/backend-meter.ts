import { readFileSync } from 'node:fs';
import type { Database } from '../../db/database.js';
import { parseProcessStat } from '../harness/process-times.js';

/** The CPU of those backends of Postgres that serve one role, so that who writes is told from who reads. */
export interface BackendMeter {
  /** User and system since `begin`, in milliseconds. */
  sinceBegin(): Promise<number>;
}

export async function beginBackends(database: Database, role: string): Promise<BackendMeter> {
  const ticksOf = async () => {
    const rows = await database.query<{ pid: number }>(backends, [role]);
    return new Map(rows.map(({ pid }) => [pid, readTicks(pid)]));
  };
  const before = await ticksOf();
  return {
    async sinceBegin() {
      let ticks = 0;
      // One that ended meanwhile was idle for long: pools end no others.
      for (const [pid, after] of await ticksOf()) ticks += after - (before.get(pid) ?? 0);
      return ticks * MS_PER_TICK;
    },
  };
}

/** USER_HZ of Linux is 100 on all machines that Node runs on. */
const MS_PER_TICK = 10;

const backends = {
  name: 'bench.backends',
  text: 'select pid from pg_stat_activity where usename = $1',
};

function readTicks(pid: number): number {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.ticks ?? 0;
  } catch {
    return 0;
  }
}
