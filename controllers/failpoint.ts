import type { Failpoint } from '../sdk/runtime/reconciler.js';
import type { FailpointSetting } from './config.js';

/**
 * Ends this process as `kill -9` would when a point is reached for the n-th time, nothing being cleaned up or told; or
 * stops it there, as a machine that is suspended does, until it is sent SIGCONT.
 */
export function createFailpoint({ name, count, signal }: FailpointSetting): Failpoint {
  let left = count;
  return (reached) => {
    if (reached !== name || --left !== 0) return;
    process.kill(process.pid, signal);
  };
}
