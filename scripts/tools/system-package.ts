import { childEnvironment } from './config.js';
import type { Progress } from './progress.js';
import { runCommand } from './run-command.js';

const updateTimeoutMs = 3 * 60_000;
const installTimeoutMs = 10 * 60_000;

/** Package lists are fetched once a run, whatever comes of it. */
let update: Promise<void> | null = null;

/** Installs a package of Debian or its kin. @throws Error when this user may not, or there is no such package. */
export async function installSystemPackage(subject: string, name: string, progress: Progress): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error(`only root can install the package ${name}`);
  const apt = (args: readonly string[], timeoutMs: number) =>
    runCommand('apt-get', args, { cwd: '/', env: childEnvironment({ DEBIAN_FRONTEND: 'noninteractive' }), timeoutMs });

  progress.step(subject, `installing the package ${name}`);
  update ??= apt(['update', '-qq'], updateTimeoutMs);
  // Old lists may still serve.
  await update.catch(() => undefined);
  await apt(['install', '-y', '-qq', '--no-install-recommends', name], installTimeoutMs);
}
