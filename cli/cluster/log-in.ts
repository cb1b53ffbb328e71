import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readKubeconfig } from '../../drivers/kubernetes/cluster-access.js';
import type { ClusterAccess } from '../../drivers/kubernetes/driver.js';
import { BadInputError } from '../../lib/errors.js';
import type { Session } from '../session.js';
import { readExecPlugin } from './exec-plugin.js';
import { type KubeconfigSource, mergeKubeconfigs } from './merge-kubeconfigs.js';
import { runPlugin } from './run-plugin.js';

export interface LogInOptions {
  /** A path; true or left out: the one that kubectl would use. */
  readonly kubeconfig?: string | true;
  readonly context?: string;
}

export interface ProgramOptions {
  /** Whether a credential that is good for minutes is of any use. Throws when not, before a program is asked for one. */
  checkProgram(program: string): void;
}

/** A credential of the person for one cluster. */
export interface Login {
  readonly access: ClusterAccess;
  readonly contextName: string;
}

/** Logs in to the cluster of a kubeconfig as the person would, its files and programs included. */
export async function logIn(session: Session, options: LogInOptions & ProgramOptions): Promise<Login> {
  const { clock, config, signal, terminal, workingFolder } = session;
  const sources = readSources(
    typeof options.kubeconfig === 'string' ? [options.kubeconfig] : config.kubeconfigs,
    workingFolder,
  );
  const folder = dirname(sources[0]?.path ?? workingFolder);
  const { contextName, exec, ...access } = readKubeconfig(mergeKubeconfigs(sources), {
    ...(options.context === undefined ? {} : { context: options.context }),
    readFile: (file) => readFileSync(resolve(folder, file), 'utf8'),
    allowExec: true,
  });
  // As kubectl does: what the kubeconfig has by itself comes first.
  if (!exec || access.token || access.clientKey) return { access, contextName };
  const plugin = readExecPlugin(exec);
  options.checkProgram(plugin.command);
  const credential = await runPlugin(plugin, {
    access,
    folder,
    environment: config.environment,
    isInteractive: session.isAttended,
    clock,
    signal,
    say: (text) => terminal.say(text),
  });
  return { access: { ...access, ...credential }, contextName };
}

/** Of several, those that are not there are passed over, as kubectl does. */
function readSources(paths: readonly string[], workingFolder: string): readonly KubeconfigSource[] {
  const failures: unknown[] = [];
  const found = paths.flatMap((given): readonly KubeconfigSource[] => {
    const path = resolve(workingFolder, given);
    try {
      return [{ path, text: readFileSync(path, 'utf8') }];
    } catch (error) {
      failures.push(error);
      return [];
    }
  });
  if (found.length > 0) return found;
  const next = 'Name one that exists with --kubeconfig PATH.';
  throw new BadInputError('The kubeconfig cannot be read.', { next }, { cause: failures[0] });
}
