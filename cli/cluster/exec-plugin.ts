import type { KubeconfigExec } from '../../drivers/kubernetes/cluster-access.js';
import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';

/** A program of this machine that gives a credential for a cluster, as a kubeconfig describes it. */
export interface ExecPlugin {
  /** The user of the kubeconfig, for messages. */
  readonly userName: string;
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What to say when there is no such program; empty when nothing is said. */
  readonly installHint: string;
  readonly providesClusterInfo: boolean;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  /** For the program alone. */
  readonly clusterConfig: unknown;
}

/**
 * Reads the `exec` of a kubeconfig's user. Throws BadInputError that names the field and what it may be.
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins)
 */
export function readExecPlugin({ userName, settings, clusterConfig }: KubeconfigExec): ExecPlugin {
  const refuse = (field: string, why: string): never => {
    throw new BadInputError(`exec.${field} of user ${userName} of the kubeconfig ${why}.`, {
      next: 'Let the tool that wrote this kubeconfig write it again, in its newest version.',
    });
  };
  const { apiVersion, command, args, env, installHint, interactiveMode, provideClusterInfo } = settings;
  if (typeof command !== 'string' || command === '') return refuse('command', 'is missing: it names the program');
  if (typeof apiVersion !== 'string' || !apiVersions.includes(apiVersion))
    return refuse('apiVersion', `is ${shown(apiVersion)} and must be ${apiVersions.join(' or ')}`);
  return {
    userName,
    apiVersion,
    command,
    args: readArgs(args) ?? refuse('args', 'must be a list of texts'),
    env: readEnv(env) ?? refuse('env', 'must be a list of { name, value }'),
    installHint: typeof installHint === 'string' ? installHint.trim() : '',
    providesClusterInfo: provideClusterInfo === true,
    interactiveMode:
      readMode(interactiveMode, apiVersion) ??
      refuse('interactiveMode', `is ${shown(interactiveMode)} and must be Never, IfAvailable or Always`),
    clusterConfig,
  };
}

const apiVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

function readArgs(args: unknown): readonly string[] | null {
  if (args === undefined || args === null) return [];
  return Array.isArray(args) && args.every((arg) => typeof arg === 'string') ? args : null;
}

function readEnv(env: unknown): Readonly<Record<string, string>> | null {
  if (env === undefined || env === null) return {};
  if (!Array.isArray(env) || !env.every(isVariable)) return null;
  return Object.fromEntries(env.map(({ name, value }) => [name, value]));
}

function isVariable(item: unknown): item is JsonObject & { readonly name: string; readonly value: string } {
  return isJsonObject(item) && typeof item.name === 'string' && typeof item.value === 'string';
}

/** v1 wants it to be stated, v1beta1 does not. */
function readMode(mode: unknown, apiVersion: string): ExecPlugin['interactiveMode'] | null {
  if ((mode === undefined || mode === null || mode === '') && apiVersion.endsWith('/v1beta1')) return 'IfAvailable';
  return mode === 'Never' || mode === 'IfAvailable' || mode === 'Always' ? mode : null;
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
