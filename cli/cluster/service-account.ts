import type { KubernetesDriver, KubernetesObject, OwnerReference } from '../../drivers/kubernetes/driver.js';
import { DeniedError } from '../../drivers/kubernetes/errors.js';
import { registrationMark } from '../../drivers/kubernetes/registration-mark.js';
import { tokenLifetimeSeconds } from '../../drivers/kubernetes/token-lifetime.js';
import { hashText } from '../../lib/node/hash.js';
import { NotHealthyError } from '../errors.js';
import { ownRules, type PolicyRule } from './rights.js';

/** Who registers which runtime. Two planes on one cluster, and two runtimes of one plane, do not share anything. */
export interface Registration {
  /** Of the plane. */
  readonly incarnation: string;
  readonly project: string;
  readonly runtime: string;
}

export interface MadeServiceAccount {
  /** Of the namespace and of all that is in it or belongs to it. */
  readonly name: string;
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** What there is now, as `Kind`, in the order in which it was made. */
  readonly made: readonly string[];
}

/**
 * Makes, in a namespace of their own, a service account with these rights, and asks for a token of it. What is there
 * already is mended. The role and its binding belong to the namespace: whoever deletes that removes everything.
 * Throws NotHealthyError when the person may not, before anything is made.
 */
export async function makeServiceAccount(
  driver: KubernetesDriver,
  registration: Registration,
  rules: readonly PolicyRule[],
  signal: AbortSignal,
): Promise<MadeServiceAccount> {
  const name = registrationName(registration);
  const labels = { 'app.kubernetes.io/managed-by': 'portolan', 'app.kubernetes.io/part-of': 'portolan' };
  const annotations = {
    [registrationMark]: name,
    'portolan.dev/runtime': `${registration.project}/${registration.runtime}`,
  };
  const owned = (owners: readonly OwnerReference[]) => objects(name, { labels, annotations }, rules, owners);
  await checkMayMake(driver, signal);
  await tryRole(driver, owned([]).role, signal);

  const apply = (object: KubernetesObject) => driver.apply(object, { force: true, signal });
  const namespace = await apply(owned([]).namespace);
  if (namespace.metadata.deletionTimestamp !== undefined) {
    throw new NotHealthyError(`The namespace ${name} of an earlier registration is still being removed.`, {
      next: 'Run the same command again in some seconds.',
    });
  }
  const { uid = '' } = namespace.metadata;
  const { account, ownRole, ownBinding, role, binding } = owned([{ apiVersion: 'v1', kind: 'Namespace', name, uid }]);
  for (const object of [account, ownRole, ownBinding, role, binding]) await apply(object);
  const token = await driver.requestToken({
    namespace: name,
    serviceAccount: name,
    expiresInSeconds: tokenLifetimeSeconds,
    signal,
  });
  return { name, ...token, made: [namespace, account, ownRole, ownBinding, role, binding].map(({ kind }) => kind) };
}

/** The same for the same registration, at most 63 characters, and its reader sees whose it is. */
export function registrationName({ incarnation, project, runtime }: Registration): string {
  const short = runtime.slice(0, 40).replace(/-+$/, '');
  return `portolan-${short}-${hashText(`${incarnation}\0${project}\0${runtime}`).slice(0, 10)}`;
}

function objects(
  name: string,
  marks: Pick<KubernetesObject['metadata'], 'labels' | 'annotations'>,
  rules: readonly PolicyRule[],
  ownerReferences: readonly OwnerReference[],
) {
  const metadata = { name, ...marks };
  const inside = { ...metadata, namespace: name };
  const subjects = [{ kind: 'ServiceAccount', name, namespace: name }];
  const bindingTo = (kind: string) => ({ roleRef: { apiGroup: rbac, kind, name }, subjects });
  return {
    namespace: { apiVersion: 'v1', kind: 'Namespace', metadata },
    account: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inside },
    ownRole: { apiVersion: `${rbac}/v1`, kind: 'Role', metadata: inside, rules: ownRules },
    ownBinding: { apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata: inside, ...bindingTo('Role') },
    role: { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { ...metadata, ownerReferences }, rules },
    binding: {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { ...metadata, ownerReferences },
      ...bindingTo('ClusterRole'),
    },
  };
}

async function checkMayMake(driver: KubernetesDriver, signal: AbortSignal): Promise<void> {
  const made = [
    { group: '', resource: 'namespaces' },
    { group: '', resource: 'serviceaccounts' },
    ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].map((resource) => ({ group: rbac, resource })),
  ];
  const missing = await driver.missingRights(
    [
      ...made.flatMap((what) => ['create', 'patch'].map((verb) => ({ verb, ...what }))),
      { verb: 'create', group: '', resource: 'serviceaccounts', subresource: 'token' },
    ],
    signal,
  );
  if (missing.length === 0) return;
  const names = missing.map(
    ({ verb, resource, subresource }) => `${verb} ${[resource, subresource].filter(Boolean).join('/')}`,
  );
  throw new NotHealthyError(`You may not make a service account in this cluster. Missing: ${names.join(', ')}.`, {
    next: mayNot,
  });
}

/** Kubernetes lets nobody hand out rights that they have not; it says so before anything is stored. */
async function tryRole(driver: KubernetesDriver, role: KubernetesObject, signal: AbortSignal): Promise<void> {
  try {
    await driver.apply(role, { force: true, dryRun: true, signal });
  } catch (cause) {
    if (!(cause instanceof DeniedError)) throw cause;
    throw new NotHealthyError(
      'You may not give a service account these rights, for you have not all of them yourself.',
      {
        cause,
        next: `Give fewer with --rights FILE or --no-rbac. ${mayNot}`,
      },
    );
  }
}

const rbac = 'rbac.authorization.k8s.io';

const mayNot =
  'Ask somebody who administers the cluster to run this command, or register a token that you have with --no-service-account.';
