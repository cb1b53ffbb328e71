import { type ChildProcess, execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { spawnGuarded } from '../../scripts/children/guard.js';
import { findFreePorts } from '../helpers/control-plane/free-ports.js';
import { eventually } from '../helpers/eventually.js';

/** The controllers as a process of their own. */
export interface ControllersProcess {
  readonly child: ChildProcess;
  /** With the signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
  /** Waits until it stands still at its failpoint. */
  isStopped(): Promise<void>;
  /** A number that it tells of itself. Only with `metrics`. */
  metric(name: string): Promise<number>;
}

export interface SpawnOptions {
  /** The same for all that do not say otherwise, so that no test waits for a lease to expire. */
  readonly holder?: string;
  readonly leaseTtlMs?: number;
  readonly metrics?: boolean;
}

export interface SpawnSettings extends SpawnOptions {
  readonly url: string;
  readonly token: string;
  /** Data folder, where it keeps what it compiled. */
  readonly home: string;
  readonly sandboxSocketPath: string | null;
  /** `beforeApply:3`, or `beforeApply:3:stop`. */
  readonly failpoint: string | null;
}

const run = promisify(execFile);

/** Whoever starts it ends it; it also ends with this process. */
export async function spawnControllers(settings: SpawnSettings): Promise<ControllersProcess> {
  const { leaseTtlMs, sandboxSocketPath, failpoint } = settings;
  const [port = 0] = settings.metrics ? await findFreePorts(1) : [];
  const child = spawnGuarded(process.execPath, ['dist/controllers/main.js'], {
    env: {
      ...process.env,
      PORTOLAN_HOME: settings.home,
      PORTOLAN_URL: settings.url,
      PORTOLAN_TOKEN: settings.token,
      PORTOLAN_HOLDER: settings.holder ?? 'loop-test',
      PORTOLAN_LOG_LEVEL: 'error',
      ...(sandboxSocketPath && { PORTOLAN_SANDBOX_SOCKET: sandboxSocketPath }),
      ...(failpoint && { PORTOLAN_FAILPOINT: failpoint }),
      ...(leaseTtlMs && { PORTOLAN_LEASE_TTL_MS: String(leaseTtlMs) }),
      ...(port > 0 && { PORTOLAN_METRICS_PORT: String(port) }),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('exit', (_code, signal) => resolve(signal));
  });
  return {
    child,
    ended,
    isStopped: () =>
      eventually(
        async () => {
          const { stdout } = await run('ps', ['-o', 'stat=', '-p', String(child.pid)]);
          if (!stdout.startsWith('T')) throw new Error(`The process is in state ${stdout.trim()} and not stopped.`);
        },
        { timeoutMs: 60_000, everyMs: 50 },
      ),
    async metric(name) {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return Number(new RegExp(`^${name} ([0-9]+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
    },
  };
}
