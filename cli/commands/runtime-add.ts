import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { readKubeconfig } from '../../drivers/kubernetes/cluster-access.js';
import type { ClusterAccess } from '../../drivers/kubernetes/driver.js';
import { CredentialRefusedError, DeniedError, KubernetesError } from '../../drivers/kubernetes/errors.js';
import { createKubernetesDriver } from '../../drivers/kubernetes/kubernetes-driver.js';
import { BadInputError } from '../../lib/errors.js';
import { silentLog } from '../../lib/log.js';
import { NotHealthyError, UnreachableError } from '../errors.js';
import type { Session } from '../session.js';
import { applyEdits } from './apply.js';
import { defaultManager } from './options.js';

interface AddOptions {
  readonly kubeconfig?: string | true;
  readonly context?: string;
  readonly sandbox?: boolean;
  readonly default?: boolean;
  readonly project?: string;
  readonly check: boolean;
}

/** `portolan runtime add NAME`. */
export function addRuntimeAdd(runtime: Command, session: Session): void {
  runtime
    .command('add')
    .argument('<name>')
    .description(
      'registers a cluster; its address and credential are read here, checked, and kept encrypted by the plane',
    )
    .option('--kubeconfig [path]', 'a cluster that is there already; without a path: what kubectl would use')
    .option('--context <name>', 'of the kubeconfig; left out: its current one')
    .option('--sandbox', 'a simulated cluster')
    .option('--default', 'for what names no runtime')
    .option('-p, --project <name>', 'left out: default')
    .option('--no-check', 'does not ask the cluster first, for one that only the plane can reach')
    .action((name: string, options: AddOptions) => addOne(session, name, options));
}

async function addOne(session: Session, name: string, options: AddOptions): Promise<void> {
  if ((options.kubeconfig === undefined) === !options.sandbox) {
    throw new BadInputError('Say which cluster it is: either --kubeconfig PATH, or --sandbox.');
  }
  const spec = options.sandbox
    ? { provider: 'sandbox' }
    : { provider: 'kubeconfig', cluster: await clusterOf(session, options) };
  const withDefault = { ...spec, ...(options.default ? { default: true } : {}) };
  const edit = {
    op: 'CREATE' as const,
    kind: 'KubernetesRuntime',
    name,
    project: options.project ?? null,
    spec: withDefault,
  };
  await applyEdits(session, [edit], { manager: defaultManager });
}

async function clusterOf(session: Session, options: AddOptions): Promise<ClusterAccess> {
  const path = resolve(
    session.workingFolder,
    typeof options.kubeconfig === 'string' ? options.kubeconfig : session.config.kubeconfig,
  );
  const { contextName, ...access } = readKubeconfig(readText(path), {
    ...(options.context === undefined ? {} : { context: options.context }),
    readFile: (file) => readFileSync(resolve(dirname(path), file), 'utf8'),
  });
  if (!options.check) return access;
  const version = await askVersion(session, access, contextName);
  session.terminal.say(`${access.server} answers: Kubernetes ${version} (context ${contextName}).`);
  return access;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new BadInputError(
      'The kubeconfig cannot be read.',
      { next: 'Name one that exists with --kubeconfig PATH.' },
      { cause },
    );
  }
}

/** A request that needs the credential: a wrong or expired one is refused here, and not an hour later. */
async function askVersion(session: Session, access: ClusterAccess, contextName: string): Promise<string> {
  const driver = createKubernetesDriver(access, {
    log: silentLog,
    clock: session.clock,
    requestTimeoutMs: ANSWER_WITHIN_MS,
  });
  try {
    return await driver.version(session.signal);
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    const stored = 'Nothing was stored.';
    if (error.status === 0) {
      const next = `Check the server of context ${contextName}; with --no-check it is registered all the same.`;
      throw new UnreachableError(`The cluster cannot be reached. ${stored}`, { cause: error, next });
    }
    if (error instanceof CredentialRefusedError || error instanceof DeniedError) {
      const next = `Renew the credential of context ${contextName}, for instance with: kubectl create token SERVICE_ACCOUNT`;
      throw new NotHealthyError(`The cluster refuses the credential: it is wrong or expired. ${stored}`, {
        cause: error,
        next,
      });
    }
    throw new NotHealthyError(`The cluster did not say its version. ${stored}`, { cause: error });
  } finally {
    await driver.close();
  }
}

/** A person waits; a cluster that needs longer to say its version is not well. */
const ANSWER_WITHIN_MS = 10_000;
