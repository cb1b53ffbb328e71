/** One line of /proc/PID/stat, as far as CPU accounting reads it (proc_pid_stat(5)). */
export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** User and system, of itself and of children that it waited for, in clock ticks. */
  readonly ticks: number;
}

/** null for what is no such line. */
export function parseProcessStat(text: string): ProcessTimes | null {
  // The name stands in parentheses and may hold anything, parentheses too.
  const opening = text.indexOf('(');
  const closing = text.lastIndexOf(')');
  if (opening < 0 || closing < opening) return null;
  const fields = text
    .slice(closing + 1)
    .trim()
    .split(/\s+/);
  const times = [UTIME, STIME, CUTIME, CSTIME].map((field) => Number(fields[field - FIRST]));
  const found = { pid: Number(text.slice(0, opening)), parent: Number(fields[PPID - FIRST]) };
  if (times.some(Number.isNaN) || Number.isNaN(found.pid) || Number.isNaN(found.parent)) return null;
  return { ...found, ticks: times.reduce((sum, ticks) => sum + ticks, 0) };
}

/** Numbers of fields as the manual counts them; the first one behind the name is 3. */
const FIRST = 3;
const PPID = 4;
const UTIME = 14;
const STIME = 15;
const CUTIME = 16;
const CSTIME = 17;

/** Of `roots` and all that descend from them. A process that ended and was waited for is in the time of its parent. */
export function sumOfTrees(processes: readonly ProcessTimes[], roots: readonly number[]): number {
  const children = Map.groupBy(processes, ({ parent }) => parent);
  const own = new Map(processes.map((process) => [process.pid, process]));
  const seen = new Set<number>();
  const visit = (pid: number): number => {
    if (seen.has(pid)) return 0;
    seen.add(pid);
    const below = (children.get(pid) ?? []).reduce((sum, child) => sum + visit(child.pid), 0);
    return (own.get(pid)?.ticks ?? 0) + below;
  };
  return roots.reduce((sum, pid) => sum + visit(pid), 0);
}
