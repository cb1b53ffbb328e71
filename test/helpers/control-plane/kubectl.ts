import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

const timeoutMs = 60_000;

/**
 * Runs kubectl as the plane's administrator and answers its standard output. `input` is what it reads for `-f -`.
 * @throws Error with its standard error when it fails.
 */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

export function createKubectl(path: string, kubeconfigPath: string): Kubectl {
  return async (args, input) => {
    // --kubeconfig rather than the variable: nothing of the person's own configuration can get in.
    const child = spawn(path, ['--kubeconfig', kubeconfigPath, ...args], { timeout: timeoutMs });
    child.stdin.on('error', () => undefined).end(input ?? '');
    const failure = new Promise<string | null>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) => resolve(code === 0 ? null : `ended with ${signal ?? `code ${code}`}`));
    });
    const [output, complaint, ended] = await Promise.all([text(child.stdout), text(child.stderr), failure]);
    if (ended !== null) throw new Error(`kubectl ${args.join(' ')} ${ended}: ${complaint.trim()}`);
    return output;
  };
}
