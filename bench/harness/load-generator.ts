import { fork } from 'node:child_process';
import { compiled } from './child.js';
import type { LoadPlan, LoadResult } from './load-plan.js';

/** Asks a server over keep-alive connections from a process of its own, so that its CPU is not the server's. */
export interface LoadGenerator {
  /** One plan at a time. Rejects when the generator ends. */
  run(plan: LoadPlan): Promise<LoadResult>;
  close(): void;
}

export function startLoadGenerator(signal: AbortSignal): LoadGenerator {
  signal.throwIfAborted();
  const child = fork(compiled('bench', 'harness', 'load-child.js'), { serialization: 'advanced', stdio: 'inherit' });
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  return {
    run: (plan) =>
      new Promise((resolve, reject) => {
        const ended = () => reject(new Error('The load generator ended.'));
        child.once('exit', ended);
        child.once('message', (answer: { readonly result: LoadResult } | { readonly failure: string }) => {
          child.off('exit', ended);
          if ('result' in answer) resolve(answer.result);
          else reject(new Error(`The load generator failed: ${answer.failure}`));
        });
        child.send(plan);
      }),
    close() {
      signal.removeEventListener('abort', kill);
      child.disconnect();
    },
  };
}
