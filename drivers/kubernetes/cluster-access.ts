import { parse } from 'yaml';
import { BadInputError } from '../../lib/errors.js';
import type { ClusterAccess } from './driver.js';
import { list, record, text } from './object-fields.js';

export interface KubeconfigOptions {
  /** The context to use; the file's current one when left out. */
  readonly context?: string;
  /** Reads a file that the kubeconfig names, as text; relative paths count from the kubeconfig. Without it such files are refused. */
  readonly readFile?: (path: string) => string;
  /** Takes a user that logs in through a program, and answers with it in the place of a credential. Without it such users are refused. */
  readonly allowExec?: boolean;
}

/** How to reach one cluster, as a kubeconfig has it. */
export interface KubeconfigAccess extends ClusterAccess {
  readonly contextName: string;
  /** Only with `allowExec`: the program that gives the credential, as the kubeconfig describes it. */
  readonly exec?: KubeconfigExec;
}

export interface KubeconfigExec {
  readonly userName: string;
  /** The user's `exec`, unchecked. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the cluster keeps for such programs: its extension `client.authentication.k8s.io/exec`; null when it has none. */
  readonly clusterConfig: unknown;
}

/**
 * What a kubeconfig says about reaching one cluster: credentials inline, from files of this machine, or by a program.
 * Throws BadInputError that says what is missing or cannot be used, and what to do instead.
 * (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/)
 */
export function readKubeconfig(content: string, options: KubeconfigOptions = {}): KubeconfigAccess {
  const config = parseConfig(content);
  const contextName = options.context ?? text(config['current-context']);
  if (!contextName) {
    throw new BadInputError(`The kubeconfig has no current context. ${choices(config.contexts, 'contexts')}`, {
      next: 'Name one with --context.',
    });
  }
  const context = record(named(config.contexts, 'context', contextName, '').context);
  const because = ` of context ${contextName}`;
  const cluster = record(named(config.clusters, 'cluster', text(context.cluster), because).cluster);
  const user = record(named(config.users, 'user', text(context.user), because).user);
  const exec = execOf(user, cluster, text(context.user), options);
  refuseOldLogins(user, text(context.user));

  const server = text(cluster.server);
  if (!/^https?:\/\//.test(server) || !URL.canParse(server)) {
    throw new BadInputError(
      `Cluster ${text(context.cluster)} of the kubeconfig has no usable server: ${JSON.stringify(server)}.`,
      {
        next: 'Set its server to the URL of the API server, such as https://203.0.113.7:6443.',
      },
    );
  }
  const certificateAuthority = dataOrFile(cluster, 'certificate-authority', options);
  const clientCertificate = dataOrFile(user, 'client-certificate', options);
  const clientKey = dataOrFile(user, 'client-key', options);
  const token = text(user.token) || readNamed(user, 'tokenFile', options)?.trim();
  const tlsServerName = text(cluster['tls-server-name']);
  if (!exec && !token && !(clientCertificate && clientKey)) {
    throw new BadInputError(
      `User ${text(context.user)} of the kubeconfig has neither a token nor a client certificate with its key.`,
      {
        next: useToken,
      },
    );
  }
  return {
    contextName,
    server,
    ...(certificateAuthority ? { certificateAuthority } : {}),
    ...(cluster['insecure-skip-tls-verify'] === true ? { insecureSkipTlsVerify: true } : {}),
    ...(tlsServerName ? { tlsServerName } : {}),
    ...(token ? { token } : {}),
    ...(clientCertificate && clientKey ? { clientCertificate, clientKey } : {}),
    ...(exec ? { exec } : {}),
  };
}

const useToken =
  'Make a token with `kubectl create token SERVICE_ACCOUNT --duration=8760h` and put it into a kubeconfig of its own.';

function parseConfig(content: string): Readonly<Record<string, unknown>> {
  let config: unknown;
  try {
    config = parse(content);
  } catch {
    // The parser's own sentence shows the line, which may hold a token.
    throw new BadInputError('The kubeconfig is not valid YAML.', { next: 'Check it with `kubectl config view`.' });
  }
  if (record(config).kind !== 'Config') {
    throw new BadInputError('This is not a kubeconfig: it has no `kind: Config`.', {
      next: 'Give the file that `kubectl config view --raw` prints.',
    });
  }
  return record(config);
}

function named(items: unknown, what: string, name: string, because: string): Readonly<Record<string, unknown>> {
  const found = list(items)
    .map(record)
    .find((item) => item.name === name);
  if (found) return found;
  const missing = name ? `no ${what} called ${name}` : `no ${what}`;
  throw new BadInputError(`The kubeconfig has ${missing}${because}. ${choices(items, `${what}s`)}`);
}

function choices(items: unknown, what: string): string {
  const names = list(items)
    .map((item) => text(record(item).name))
    .filter(Boolean);
  return names.length > 0 ? `Its ${what}: ${names.join(', ')}.` : `It has no ${what} at all.`;
}

function execOf(
  user: Readonly<Record<string, unknown>>,
  cluster: Readonly<Record<string, unknown>>,
  userName: string,
  { allowExec }: KubeconfigOptions,
): KubeconfigExec | null {
  if (user.exec === undefined || user.exec === null) return null;
  const settings = record(user.exec);
  if (!allowExec) {
    throw new BadInputError(
      `User ${userName} of the kubeconfig logs in through the program ${text(settings.command)}, which exists on this machine only. Portolan needs a credential that it can keep.`,
      { next: useToken },
    );
  }
  const extension = list(cluster.extensions)
    .map(record)
    .find(({ name }) => name === EXEC_EXTENSION);
  return { userName, settings, clusterConfig: extension?.extension ?? null };
}

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#client-authentication-k8s-io-v1-Cluster */
const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';

function refuseOldLogins(user: Readonly<Record<string, unknown>>, name: string): void {
  if (user['auth-provider'] !== undefined) {
    throw new BadInputError(
      `User ${name} of the kubeconfig logs in through the auth provider ${text(record(user['auth-provider']).name)}, which Kubernetes has given up.`,
      { next: `Let the cluster's own tool write a new kubeconfig. ${useToken}` },
    );
  }
  if (user.username !== undefined || user.password !== undefined) {
    throw new BadInputError(
      `User ${name} of the kubeconfig logs in with a password, which Kubernetes no longer takes.`,
      { next: useToken },
    );
  }
}

/** `X-data` holds the PEM in base64, `X` a path; the data wins, as in kubectl. */
function dataOrFile(
  from: Readonly<Record<string, unknown>>,
  field: string,
  options: KubeconfigOptions,
): string | undefined {
  const data = text(from[`${field}-data`]);
  if (!data) return readNamed(from, field, options);
  const pem = Buffer.from(data, 'base64').toString('utf8');
  if (pem.includes('-----BEGIN ')) return pem;
  throw new BadInputError(`${field}-data of the kubeconfig is not a PEM text in base64.`, {
    next: 'Give the file that `kubectl config view --raw` prints; without --raw it leaves such data out.',
  });
}

function readNamed(
  from: Readonly<Record<string, unknown>>,
  field: string,
  options: KubeconfigOptions,
): string | undefined {
  const path = text(from[field]);
  if (!path) return undefined;
  if (!options.readFile) {
    throw new BadInputError(`${field} of the kubeconfig names the file ${path}, which cannot be read from here.`, {
      next: 'Make the kubeconfig self-contained with `kubectl config view --raw --flatten`.',
    });
  }
  try {
    return options.readFile(path);
  } catch (cause) {
    throw new BadInputError(`${field} of the kubeconfig names the file ${path}, which cannot be read.`, {}, { cause });
  }
}
