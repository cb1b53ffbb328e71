import type { Failpoint } from '../sdk/runtime/reconciler.js';
import type { FailpointSetting } from './config.js';

/** Ends this process as `kill -9` would when a point is reached for the n-th time: nothing is cleaned up or told. */
export function createKillingFailpoint({ name, count }: FailpointSetting): Failpoint {
  let left = count;
  return (reached) => {
    if (reached !== name || --left > 0) return;
    process.kill(process.pid, 'SIGKILL');
  };
}
