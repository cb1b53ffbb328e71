import { parse } from 'yaml';
import { BadInputError } from '../../lib/errors.js';
import type { ClusterAccess } from './driver.js';
import { list, record, text } from './object-fields.js';

export interface KubeconfigOptions {
  /** The context to use; the file's current one when left out. */
  readonly context?: string;
  /** Reads a file that the kubeconfig names, as text; relative paths count from the kubeconfig. Without it such files are refused. */
  readonly readFile?: (path: string) => string;
}

/**
 * What a kubeconfig says about reaching one cluster, with static credentials alone: inline, or from files of this machine.
 * Throws BadInputError that says what is missing or cannot be used, and what to do instead.
 * (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/)
 */
export function readKubeconfig(
  content: string,
  options: KubeconfigOptions = {},
): ClusterAccess & { readonly contextName: string } {
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
  refusePlugins(user, text(context.user));

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
  if (!token && !(clientCertificate && clientKey)) {
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

function refusePlugins(user: Readonly<Record<string, unknown>>, name: string): void {
  const program = text(record(user.exec).command);
  const provider = text(record(user['auth-provider']).name);
  if (user.exec !== undefined || user['auth-provider'] !== undefined) {
    const what = user.exec === undefined ? `the auth provider ${provider}` : `the program ${program}`;
    throw new BadInputError(
      `User ${name} of the kubeconfig logs in through ${what}, which exists on this machine only. Portolan needs a credential that it can keep.`,
      { next: useToken },
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
