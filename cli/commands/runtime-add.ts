import type { Command } from 'commander';
import { isJsonObject } from '../../lib/canonical.js';
import { BadInputError, ConflictError } from '../../lib/errors.js';
import { namePattern } from '../../lib/names.js';
import { type CredentialOptions, type ObtainedCredential, obtainCredential } from '../cluster/obtain-credential.js';
import { matchKind } from '../kinds/match-kind.js';
import { findResource, lookFor } from '../resources/find-resource.js';
import type { Session } from '../session.js';
import { applyEdits } from './apply.js';
import { defaultManager } from './options.js';

interface AddOptions extends CredentialOptions {
  readonly sandbox?: boolean;
  readonly default?: boolean;
  readonly project?: string;
  readonly renew?: boolean;
  readonly moved?: boolean;
}

/** `portolan runtime add NAME`. */
export function addRuntimeAdd(runtime: Command, session: Session): void {
  runtime
    .command('add')
    .argument('<name>')
    .description(
      'registers a cluster: logs in to it as you do, makes a service account there, and lets the plane keep its token',
    )
    .option('--kubeconfig [path]', 'a cluster that is there already; without a path: what kubectl would use')
    .option('--context <name>', 'of the kubeconfig; left out: its current one')
    .option('--sandbox', 'a simulated cluster')
    .option('--default', 'for what names no runtime')
    .option('-p, --project <name>', 'left out: default')
    .option('--rights <file>', 'a ClusterRole in a file, whose rules the service account gets; left out: every kind')
    .option('--no-rbac', 'apps may not hand out rights that the service account has not')
    .option('--no-service-account', 'makes nothing in the cluster: the token or certificate of the kubeconfig is kept')
    .option('--no-check', 'does not ask the cluster first, for one that only the plane can reach; makes nothing there')
    .option('--renew', 'a new credential for a runtime that is registered already')
    .option('--moved', 'with --renew: the same cluster answers at another address now')
    .action((name: string, options: AddOptions) => addOne(session, name, options));
}

async function addOne(session: Session, name: string, options: AddOptions): Promise<void> {
  if (options.renew) return renew(session, name, options);
  if ((options.kubeconfig === undefined) === !options.sandbox) {
    throw new BadInputError('Say which cluster it is: either --kubeconfig PATH, or --sandbox.');
  }
  const project = options.project ?? 'default';
  const create = async (spec: object) => {
    const withDefault = { ...spec, ...(options.default ? { default: true } : {}) };
    const edit = { op: 'CREATE' as const, kind: 'KubernetesRuntime', name, project, spec: withDefault };
    await applyEdits(session, [edit], { manager: defaultManager });
  };
  if (options.sandbox) return create({ provider: 'sandbox' });
  // The cluster would refuse it too, after the login, and in words about objects that nobody knows.
  if (!new RegExp(namePattern).test(name)) {
    throw new BadInputError(
      `"${name}" cannot be the name of a runtime: at most 63 characters of a-z, 0-9 and "-", and a letter or digit at both ends.`,
    );
  }

  const plane = await session.plane();
  const kind = matchKind('KubernetesRuntime', await plane.kinds());
  const [known] = await lookFor(session, kind, name, { project });
  if (known) {
    throw new ConflictError(`There is a KubernetesRuntime ${name} already (${known.id}).`, {
      next: `Choose another name, or give it a new credential: portolan runtime add ${name} --renew --kubeconfig PATH`,
    });
  }
  const incarnation = await incarnationOf(session);
  const obtained = await obtainCredential(session, { incarnation, project, runtime: name }, options, () => {});
  await keepingWords(session, obtained, () => create({ provider: 'kubeconfig', cluster: obtained.cluster }));
}

async function renew(session: Session, name: string, options: AddOptions): Promise<void> {
  const kind = matchKind('KubernetesRuntime', await (await session.plane()).kinds());
  const row = await findResource(session, kind, name, { project: options.project });
  const spec = isJsonObject(row.document) ? row.document : {};
  const cluster = isJsonObject(spec.cluster) ? spec.cluster : {};
  if (spec.provider !== 'kubeconfig') {
    throw new BadInputError(`The runtime ${name} is a simulated cluster, which needs no credential.`);
  }
  const project = row.project?.name ?? 'default';
  const incarnation = await incarnationOf(session);
  const obtained = await obtainCredential(session, { incarnation, project, runtime: name }, options, (server) => {
    if (server === cluster.server || options.moved) return;
    // Of another cluster, it would be filled with all that runs on the registered one.
    throw new BadInputError(
      `The runtime ${name} is at ${String(cluster.server)}, and this kubeconfig names ${server}.`,
      {
        next: 'Choose the right one with --context. If the same cluster answers there now, say so with --moved.',
      },
    );
  });
  const edit = {
    op: 'UPDATE' as const,
    kind: row.kind,
    name,
    project,
    expectedVersion: row.version,
    spec: { ...spec, cluster: obtained.cluster },
  };
  await keepingWords(session, obtained, () => applyEdits(session, [edit], { manager: defaultManager }));
}

async function incarnationOf(session: Session): Promise<string> {
  const { sdk } = await session.plane();
  return (await sdk.GetPlane({}, { signal: session.signal })).plane.incarnation;
}

/** When the plane does not take it, what was made in the cluster is still there. */
async function keepingWords(
  session: Session,
  { undo }: ObtainedCredential,
  store: () => Promise<unknown>,
): Promise<void> {
  try {
    await store();
  } catch (error) {
    if (undo !== null) {
      session.terminal.say('What was made in the cluster stays there; the same command goes on from it.');
      session.terminal.say(`To take it away: ${undo}`);
    }
    throw error;
  }
}
