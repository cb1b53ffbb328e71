import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Child, compiled, startChild } from '../harness/child.js';

/** A floor that says `ready`, does its work by itself, and says what came of it in one line of JSON. */
export async function runFloor<Result>(name: string, config: unknown, signal: AbortSignal): Promise<Result> {
  const child = await startFloorChild(name, config, signal);
  const line = await nextLine(child.process);
  await child.close();
  return JSON.parse(line) as Result;
}

export function startFloorChild(
  name: string,
  config: unknown,
  signal: AbortSignal,
  nodeArgs: readonly string[] = [],
): Promise<Child> {
  return startChild({ program: compiled('bench', 'floors', `${name}.js`), config, signal, nodeArgs });
}

/** Throws when it ends without one. */
export function nextLine(child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (!stdout) throw new Error('Its standard output goes elsewhere.');
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stdout });
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => reject(new Error('It ended without a result.')));
  });
}
