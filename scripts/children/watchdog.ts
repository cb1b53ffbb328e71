import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** How long children may take to end by themselves: some of their programs have files to close. */
const graceMs = 3_000;
const pollMs = 50;

/** The other side of guard.ts: notes what its parent says, and cleans up when the parent is gone. */
const children = new Set<number>();
const folders = new Set<string>();

for await (const line of createInterface({ input: process.stdin })) {
  const [word = '', rest = ''] = line.split(/ (.*)/, 2);
  if (word === 'child') children.add(Number(rest));
  if (word === 'gone') children.delete(Number(rest));
  if (word === 'folder') folders.add(rest);
  if (word === 'kept') folders.delete(rest);
}

signalAll('SIGTERM');
for (let waitedMs = 0; waitedMs < graceMs && countAlive() > 0; waitedMs += pollMs) await delay(pollMs);
signalAll('SIGKILL');
for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });

function signalAll(signal: NodeJS.Signals): void {
  for (const pid of children) kill(pid, signal);
}

function countAlive(): number {
  return [...children].filter((pid) => kill(pid, 0)).length;
}

/** Every child leads a process group, which is what is meant. */
function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
