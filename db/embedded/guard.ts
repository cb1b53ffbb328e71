import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep, systemClock } from '../../lib/clock.js';
import { ownerFile } from './owner.js';
import type { Placement } from './placement.js';

/*
 * Ends a server whose Portolan died without stopping it, and which no other takes over. A SIGKILL runs no handler, so a
 * shell of a megabyte stands beside, which reads from a pipe of ours. A word means that all is well and it may go; the
 * end of the pipe, which the kernel sees to, means that we are gone. Then it waits a while, for the next start adopts the
 * server, and ends it if there was none.
 *
 * Whoever starts notes itself as the owner first and looks for ENDING then; the guard makes ENDING first and looks for
 * the owner then. So of a guard and a start at the same moment at least one sees the other.
 */

export interface Guard {
  /** The server was stopped in order, or is somebody else's. */
  dismiss(): void;
}

export interface GuardOptions {
  readonly placement: Pick<Placement, 'folder' | 'dataFolder'>;
  /** How long the server waits for the next start, in whole seconds. */
  readonly graceS: number;
}

/** To be called before there is a server: this process may end between that and anything else that it does. */
export function startGuard({ placement, graceS }: GuardOptions): Guard {
  const { folder, dataFolder } = placement;
  const values = [String(graceS), join(folder, ownerFile), join(folder, ENDING), dataFolder];
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'portolan-guard', ...values, String(process.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    // A session of its own: what ends us by Ctrl-C or by our group must not end it.
    detached: true,
  });
  shell.unref();
  // Without a guard we still work; only a server whose Portolan is killed would then go on for ever.
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  if ('unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref();
  return { dismiss: () => void shell.stdin.end('stopped\n') };
}

/** To be called by who has noted itself as the owner: returns once no guard is about to end the server. */
export async function waitForGuard(folder: string): Promise<void> {
  const until = systemClock.monotonicMs() + LONGEST_END_MS;
  while (systemClock.monotonicMs() < until) {
    const found = await stat(join(folder, ENDING)).catch(() => null);
    // One that is old is of a guard that died on the way.
    if (!found || found.mtimeMs < systemClock.now() - LONGEST_END_MS) return;
    await sleep(systemClock, POLL_MS);
  }
}

const ENDING = 'ending';
const LONGEST_END_MS = 30_000;
const POLL_MS = 20;

/** A fast shutdown, then an immediate one. A pid may be given out anew, so it is looked at what it is. */
const SCRIPT = `
grace=$1 owner=$2 ending=$3 data=$4 portolan=$5
server_of() { head -n 1 "$data/postmaster.pid" 2>/dev/null | tr -d -; }
command_of() {
  if [ -d /proc/self ]; then tr '\\0' ' ' <"/proc/$1/cmdline" 2>/dev/null; else ps -ww -o args= -p "$1" 2>/dev/null; fi
}
read -r word && exit 0
sleep "$grace"
rmdir "$ending" 2>/dev/null
mkdir -p "$ending" 2>/dev/null
now=$(cat "$owner" 2>/dev/null)
server=$(server_of)
case "$server:$(command_of "$server")" in
  [0-9]*:*"$data"*) ;;
  *) server= ;;
esac
if [ -n "$server" ] && { [ -z "$now" ] || [ "$now" = "$portolan" ] || ! kill -0 "$now" 2>/dev/null; }; then
  for signal in INT QUIT; do
    for second in 1 2 3 4 5 6 7 8 9 10; do
      [ "$(server_of)" = "$server" ] || break 2
      [ "$second" = 1 ] && kill -s "$signal" "$server"
      sleep 1
    done
  done
fi
rmdir "$ending" 2>/dev/null
`;
