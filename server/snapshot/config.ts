/**
 * Whether this process could as well be started from a snapshot. Not with settings of Node's own (`node --inspect`,
 * NODE_OPTIONS), some of which look at what a program loads; nor where a parent talks to it through Node.
 */
export function mayBecomeSnapshot({ execve, execArgv, env: environment, send }: StartedProcess = process): boolean {
  return execve !== undefined && execArgv.length === 0 && !environment.NODE_OPTIONS && send === undefined;
}

/** Part of Node's `process`. `execve` is not there on Windows. */
type StartedProcess = Partial<Pick<NodeJS.Process, 'execve' | 'send'>> & Pick<NodeJS.Process, 'execArgv' | 'env'>;
