import type { ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { signalGroup, spawnGuarded } from '../../scripts/children/guard.js';
import type { Part } from './part.js';

export interface ProcessPartOptions {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Whether it may end by itself now, because what it needs to start is away. */
  readonly mayEnd: () => boolean;
}

/** A process with somebody who starts it again when it ends by itself, as a service manager does. */
export function createProcessPart({ script, env, logFile, mayEnd }: ProcessPartOptions): Part {
  let running: { readonly child: ChildProcess; readonly ended: Promise<void> } | null = null;
  let surprises: string[] = [];

  let startedMs = 0;
  let failpoint = '';

  const launch = () => {
    startedMs = performance.now();
    const armed = failpoint;
    // The next life of it has none.
    failpoint = '';
    const log = openSync(logFile, 'a');
    const child = spawnGuarded(process.execPath, [script], {
      // Nothing of what this process was started with reaches it.
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', PORTOLAN_FAILPOINT: armed, ...env },
      stdio: ['ignore', 'ignore', log],
    });
    const ended = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve();
        const isPlanned = armed !== '' && signal === 'SIGKILL';
        if (running?.child === child) void revive(code ?? signal, isPlanned);
      });
    });
    running = { child, ended };
  };
  const revive = async (how: number | string | null, isPlanned: boolean) => {
    const ended = running;
    if (!isPlanned && !mayEnd()) surprises.push(`${script} ended by itself with ${how}; see ${logFile}.`);
    await delay(REVIVE_AFTER_MS);
    if (running === ended) launch();
  };

  const kill = async () => {
    const killed = running;
    running = null;
    if (killed) signalGroup(killed.child, 'SIGKILL');
    await killed?.ended;
  };
  return {
    async start(point = '') {
      failpoint = point;
      if (!running) launch();
    },
    startedMs: () => startedMs,
    kill,
    takeSurprises() {
      const taken = surprises;
      surprises = [];
      return taken;
    },
    close: kill,
  };
}

const REVIVE_AFTER_MS = 100;
