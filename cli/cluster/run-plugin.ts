import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { ClusterAccess } from '../../drivers/kubernetes/driver.js';
import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import type { Clock } from '../../lib/clock.js';
import { NotHealthyError, TimedOutError } from '../errors.js';
import type { ExecPlugin } from './exec-plugin.js';

export interface RunPluginOptions {
  readonly access: ClusterAccess;
  /** Where the kubeconfig is: a command with a slash counts from there. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether a person sits in front: then the program may ask, on this process's standard input. */
  readonly isInteractive: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What the program says while it asks a person. */
  say(text: string): void;
  /** Default: 60 seconds; 5 minutes where a person is asked. */
  readonly timeoutMs?: number;
}

export type PluginCredential = Pick<ClusterAccess, 'token' | 'clientCertificate' | 'clientKey'>;

/**
 * Runs the program and returns the credential that it prints. Throws NotHealthyError with the program's own words and
 * the kubeconfig's hint when it is missing, fails or prints none; TimedOutError when it does not end. No error holds what it printed.
 * (https://kubernetes.io/docs/reference/config-api/client-authentication.v1/)
 */
export async function runPlugin(plugin: ExecPlugin, options: RunPluginOptions): Promise<PluginCredential> {
  const mayAsk = plugin.interactiveMode !== 'Never' && options.isInteractive;
  if (plugin.interactiveMode === 'Always' && !mayAsk) {
    throw new NotHealthyError(`The program ${plugin.command} wants to ask a person, and there is no terminal here.`, {
      next: 'Run the same command in a terminal.',
    });
  }
  const environment = {
    ...options.environment,
    ...plugin.env,
    KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(plugin, options.access, mayAsk)),
  };
  const command = /[/\\]/.test(plugin.command) ? resolve(options.folder, plugin.command) : plugin.command;
  const child = spawn(command, plugin.args, {
    env: environment,
    stdio: [mayAsk ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it starts can be ended with it; but only the terminal's own group may ask there.
    detached: !mayAsk,
  });
  return credentialOf(plugin, await endOf(child, plugin, { ...options, mayAsk }));
}

function execInfo(plugin: ExecPlugin, access: ClusterAccess, interactive: boolean): JsonObject {
  const { server, certificateAuthority, insecureSkipTlsVerify, tlsServerName } = access;
  const cluster = {
    server,
    ...(tlsServerName ? { 'tls-server-name': tlsServerName } : {}),
    ...(insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(certificateAuthority
      ? { 'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64') }
      : {}),
    ...(isJsonObject(plugin.clusterConfig) ? { config: plugin.clusterConfig } : {}),
  };
  const spec = { ...(plugin.providesClusterInfo ? { cluster } : {}), interactive };
  return { apiVersion: plugin.apiVersion, kind: 'ExecCredential', spec };
}

interface EndOptions extends RunPluginOptions {
  readonly mayAsk: boolean;
}

/** What the program printed, once it ended well. */
function endOf(child: ChildProcess, plugin: ExecPlugin, options: EndOptions): Promise<string> {
  const { mayAsk, clock, signal, timeoutMs = mayAsk ? ASKING_TIMEOUT_MS : TIMEOUT_MS } = options;
  const title = `The program ${plugin.command}, which user ${plugin.userName} of the kubeconfig logs in through,`;
  let out = '';
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    if (out.length < LONGEST_OUTPUT) out += chunk.toString('utf8');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString('utf8')}`.slice(-LONGEST_WORDS);
    if (mayAsk) options.say(chunk.toString('utf8').trimEnd());
  });
  return new Promise((resolveEnd, reject) => {
    const settle = (tell: () => void) => {
      cancelLimit();
      signal.removeEventListener('abort', abort);
      // What it may have started holds the pipes open, and would keep this process.
      child.stdout?.destroy();
      child.stderr?.destroy();
      tell();
    };
    const stop = (error: unknown) => {
      end(child, mayAsk);
      settle(() => reject(error));
    };
    const abort = () => stop(signal.reason);
    const cancelLimit = clock.after(timeoutMs, () =>
      stop(
        new TimedOutError(`${title} did not end within ${Math.round(timeoutMs / 1000)} s${inItsWords(said)}.`, {
          next: `Run ${[plugin.command, ...plugin.args].join(' ')} yourself and see what it waits for.`,
        }),
      ),
    );
    signal.addEventListener('abort', abort, { once: true });
    child.once('error', (cause: NodeJS.ErrnoException) => settle(() => reject(notStarted(title, plugin, cause))));
    child.once('close', (code, killedBy) => {
      if (code === 0) return settle(() => resolveEnd(out));
      const how = code === null ? `was ended by ${killedBy}` : `ended with exit code ${code}`;
      settle(() =>
        reject(new NotHealthyError(`${title} ${how}${inItsWords(said)}.`, { next: plugin.installHint || LOG_IN_ANEW })),
      );
    });
    if (signal.aborted) abort();
  });
}

function end(child: ChildProcess, isAlone: boolean): void {
  if (child.pid === undefined) return;
  try {
    process.kill(isAlone ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // It ended by itself just now.
  }
}

function notStarted(title: string, plugin: ExecPlugin, cause: NodeJS.ErrnoException): NotHealthyError {
  // Of a bare name EACCES may also mean that a folder of the PATH cannot be read.
  const isUnknown = cause.code === 'EACCES' && !plugin.command.includes('/');
  const why =
    cause.code === 'ENOENT'
      ? 'is not on this machine'
      : isUnknown
        ? 'is not on this machine, or you may not run it'
        : `cannot be started (${cause.code})`;
  return new NotHealthyError(`${title} ${why}.`, {
    next: plugin.installHint || `Install ${plugin.command}, or put it on the PATH.`,
  });
}

function credentialOf(plugin: ExecPlugin, out: string): PluginCredential {
  const refuse = (why: string): never => {
    // Without what it printed: that may be half a credential.
    throw new NotHealthyError(`The program ${plugin.command} ended well, but ${why}.`, { next: LOG_IN_ANEW });
  };
  const answer = parsed(out);
  if (!isJsonObject(answer) || answer.kind !== 'ExecCredential') return refuse('printed no ExecCredential');
  if (answer.apiVersion !== plugin.apiVersion) {
    return refuse(`printed one of ${String(answer.apiVersion)}, and the kubeconfig says ${plugin.apiVersion}`);
  }
  const status = isJsonObject(answer.status) ? answer.status : {};
  const { token, clientCertificateData: clientCertificate, clientKeyData: clientKey } = status;
  const isPair = typeof clientCertificate === 'string' && typeof clientKey === 'string';
  if (typeof token !== 'string' && !isPair) return refuse('printed neither a token nor a certificate with its key');
  return {
    ...(typeof token === 'string' ? { token } : {}),
    ...(isPair ? { clientCertificate, clientKey } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function inItsWords(said: string): string {
  const words = said.trim().replace(/\.$/, '');
  return words === '' ? '' : `: ${words}`;
}

const LOG_IN_ANEW = 'Log in with it anew, and run the same command again.';
/** Such a program asks a service of its cloud, which takes seconds. */
const TIMEOUT_MS = 60_000;
/** A person may have to open a browser and find a second factor. */
const ASKING_TIMEOUT_MS = 300_000;
/** A credential is some kilobytes. */
const LONGEST_OUTPUT = 1_000_000;
/** The end of what it says tells why. */
const LONGEST_WORDS = 2_000;
