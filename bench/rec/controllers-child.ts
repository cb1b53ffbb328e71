import { spawn } from 'node:child_process';
import { findFreePorts } from '../../test/helpers/control-plane/free-ports.js';
import { inheritedEnvironment } from '../config.js';
import { compiled } from '../harness/child.js';
import type { BenchPlane } from '../harness/plane.js';
import { residentBytes } from './resident.js';

/** The controllers, as a process of their own. */
export interface ControllersChild {
  readonly pid: number;
  residentBytes(): number;
  /** What it tells at /metrics, by what stands before the value. */
  metrics(): Promise<ReadonlyMap<string, number>>;
  /** As a supervisor stops it; returns when it is gone. */
  stop(): Promise<void>;
  /** kill -9; returns when it is gone. */
  kill(): Promise<void>;
}

export interface ControllersOptions {
  readonly signal: AbortSignal;
  readonly sandboxSocketPath?: string;
  /** Who holds the leases. The same after a restart unless it is said, as where a supervisor restarts it. */
  readonly holder?: string;
  readonly nodeArgs?: readonly string[];
  readonly leaseTtlMs?: number;
}

/** Returns as soon as it runs: it says nothing when it is ready. It ends with us. */
export async function startControllersChild(
  { url, home, tokens }: Pick<BenchPlane, 'url' | 'home' | 'tokens'>,
  { signal, sandboxSocketPath, holder = 'bench', nodeArgs = [], leaseTtlMs }: ControllersOptions,
): Promise<ControllersChild> {
  const [port = 0] = await findFreePorts(1);
  const child = spawn(process.execPath, [...nodeArgs, compiled('controllers', 'main.js')], {
    env: {
      ...inheritedEnvironment(),
      NODE_ENV: 'production',
      PORTOLAN_HOME: home,
      PORTOLAN_URL: url,
      PORTOLAN_TOKEN: tokens.controller,
      PORTOLAN_HOLDER: holder,
      PORTOLAN_LOG_LEVEL: 'error',
      PORTOLAN_METRICS_PORT: String(port),
      ...(leaseTtlMs !== undefined && { PORTOLAN_LEASE_TTL_MS: String(leaseTtlMs) }),
      ...(sandboxSocketPath !== undefined && { PORTOLAN_SANDBOX_SOCKET: sandboxSocketPath }),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  process.once('exit', kill);
  signal.addEventListener('abort', kill, { once: true });
  void ended.then(() => {
    process.off('exit', kill);
    signal.removeEventListener('abort', kill);
  });
  const pid = child.pid ?? 0;
  return {
    pid,
    residentBytes: () => residentBytes(pid),
    async metrics() {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
    },
    async stop() {
      const timer = setTimeout(kill, STOP_MS);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
    async kill() {
      kill();
      await ended;
    },
  };
}

/** More than it gives its passes to end. */
const STOP_MS = 20_000;
