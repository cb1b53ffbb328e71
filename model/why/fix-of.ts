import type { Finding } from './finding.js';
import type { WhyResource } from './why-graph.js';

/**
 * What a person can do about a cause, in one sentence, with the command where there is one; null where only time helps.
 * Who told of it may have said so already: then it is taken out of the message.
 */
export function fixOf(
  finding: Finding,
  path: readonly WhyResource[],
): { readonly message: string; readonly fix: string | null } {
  const { message } = finding;
  const said = message.search(COMMAND_SENTENCE);
  if (said > 0) return { message: message.slice(0, said).trim(), fix: message.slice(said).trim() };
  return { message, fix: usualFix(finding, path) };
}

/** The sentence that ends with a command, and what comes after it. */
const COMMAND_SENTENCE = /(?<=\. )[^.]*: (portolan|kubectl) [a-z]/;

function usualFix(finding: Finding, path: readonly WhyResource[]): string | null {
  const resource = path.at(-1);
  if (!resource) return null;
  const instance = path.findLast(({ kind }) => kind === 'AppInstance');
  const app = titled(instance ?? resource, path);
  const ofKind = inCloud.has(resource.kind) ? { ...fixes, ...cloudFixes } : fixes;
  const about = { name: resource.name, kind: resource.kind, it: titled(resource, path), app };
  return ofKind[finding.reason]?.(finding, about) ?? null;
}

/** As commands take them. */
interface About {
  readonly kind: string;
  readonly name: string;
  /** The resource: `kubernetesruntime prod`. */
  readonly it: string;
  /** The app instance that is asked about, or the resource where there is none: `shop --env dev`. */
  readonly app: string;
}

type Fix = (finding: Finding, about: About) => string;

const fixes: Readonly<Record<string, Fix>> = {
  NoController: (_, { kind }) =>
    `Start the controllers that serve ${kind}: portolan up, or node dist/controllers/main.js next to the server.`,
  NotObserved: (_, { it }) =>
    `Wait a moment; if it stays so, look at the log of the controllers, and at: portolan events ${it}.`,
  Cycle: () => 'Take one of these references away, so that one of them can come first.',
  Invalid: (_, { it }) => `Correct what it says and apply it again; what is desired now: portolan describe ${it}.`,
  ReconcileFailed: (_, { it }) =>
    `Mend what the sentence names; it is tried again by itself. More: portolan events ${it}.`,
  ImagePullFailed: () =>
    'Name an image that exists and that the cluster may pull (imagePullSecrets), and deploy again; a registry that is back is seen by itself.',
  CrashLoop: (_, { app }) =>
    `Read why it ends and mend the image, its arguments or its settings: portolan logs ${app} --previous.`,
  Unschedulable: ({ object }) =>
    `Add a node that fits, or ask for less (requests, nodeSelector, affinity, tolerations): kubectl get pods${inNamespace(object)}, kubectl describe nodes.`,
  NotBound: ({ object }) =>
    `Give the claim a storage class that the cluster has, or make a volume for it: kubectl get storageclass, kubectl describe pvc${inNamespace(object)}.`,
  KindNotServed: () =>
    'Add the definition (CRD) of the kind to the app, or install in the cluster what brings it: kubectl get crds.',
  QuotaExceeded: ({ object }) =>
    `Raise the quota or free some of it; it goes on by itself: kubectl describe resourcequota${inNamespace(object)}.`,
  WebhookFailed: () =>
    'Mend the webhook, or what it objects to; it goes on by itself: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations.',
  MissingRights: (_, { kind, name }) =>
    `Give the credential the right: portolan runtime add ${kind === 'KubernetesRuntime' ? name : 'RUNTIME'} --renew --kubeconfig PATH.`,
  Throttled: () => 'Nothing, if it passes: less is asked by and by. Else raise the limit of whoever answers so.',
  CredentialRefused: (_, { name }) =>
    `Give it a new credential: portolan runtime add ${name} --renew --kubeconfig PATH.`,
  RuntimeUnreachable: (_, { name }) =>
    `Bring its API server or the way to it back; if the cluster is gone for good: portolan runtime remove ${name} --force.`,
  Immutable: (_, { app }) =>
    `Change the field back, rename the object, or list its kind in policy.replace: portolan diff ${app}.`,
  Drifted: (_, { app }) =>
    `Name the field in policy.ignore or the manager in policy.yieldTo, or stop who changes it: portolan drift ${app}.`,
  ObjectMissing: () => 'Nothing: it is made again by itself. If it goes again and again, find out who deletes it.',
  ObjectFailed: ({ object }, { it, app }) =>
    object
      ? `Mend what the sentence names; more: portolan events ${app}.`
      : `Mend what the sentence names; more: portolan describe ${it}.`,
  OwnedElsewhere: () => 'Rename the object in one of them, or delete the other.',
  ApplyFailed: (_, { app }) => `Mend what the sentence names; what differs: portolan diff ${app}.`,
  NoEndpoints: (_, { app }) => `See why none of its pods is ready: portolan logs ${app}.`,
  Suspended: () => 'Nothing, if that is meant; else set suspend to false in the object, and deploy again.',
  DeleteBlocked: (_, { it }) => `Delete what uses it first; what there is: portolan tree ${it}.`,
  Unhealthy: (_, { app }) => `Mend the probe, or what keeps the container from answering it: portolan logs ${app}.`,
  OutputMissing: (_, { it }) => `Let what it takes outputs of give that one, or bind another: portolan describe ${it}.`,
  OutputVanished: (_, { it }) =>
    `Bring the output back, or bind those that use it to another one: portolan describe ${it}.`,
};

/** Kinds whose reasons speak of a cloud, and not of a Kubernetes cluster. */
const inCloud: ReadonlySet<string> = new Set([
  'CloudAccount',
  'Network',
  'CloudCluster',
  'NodeGroup',
  'Database',
  'Bucket',
  'ManagedService',
  'TerraformStack',
  'DomainName',
  'DnsRecord',
]);

const cloudFixes: Readonly<Record<string, Fix>> = {
  QuotaExceeded: () => 'Raise that limit of the account, or delete what is not used; it goes on by itself.',
  MissingRights: () => 'Grant the actions to the credentials of the account; it goes on by itself.',
  CredentialRefused: (_, { it }) =>
    `Give the account credentials that are good, in spec.credentials: portolan describe ${it}.`,
  CloudUnreachable: () => 'Bring the way to the cloud back, or wait for it; nothing is made or deleted meanwhile.',
  Throttled: () =>
    'Nothing: it is asked again when the cloud says. If it stays so, raise the rate limit of the account.',
  Immutable: (_, { it }) =>
    `Change the field back, or allow a new one where it has replace; what is desired now: portolan describe ${it}.`,
  ObjectFailed: (_, { it }) => `Mend what the sentence names; more: portolan events ${it}.`,
  ApplyFailed: (_, { it }) => `Mend what the sentence names; it is tried again by itself. More: portolan events ${it}.`,
  Invalid: (_, { it }) =>
    `Correct what the cloud does not take, and apply it again; what is desired now: portolan describe ${it}.`,
  DeleteBlocked: (_, { it }) => `Take away what the sentence names; what there is: portolan describe ${it}.`,
};

/** Of several that are owned, and so have the same name, its owner tells which one it is. */
function titled({ kind, name, project, environment, ownerId }: WhyResource, path: readonly WhyResource[]): string {
  const place = `${environment === null ? '' : ` --env ${environment}`}${isElsewhere(project) ? ` --project ${project}` : ''}`;
  if (kind === 'AppInstance') return `${name}${place}`;
  const owner = path.find(({ id }) => id === ownerId);
  return `${kind.toLowerCase()} ${owner ? `${owner.name}/` : ''}${name}${place}`;
}

/** Commands look in all projects, but a name may be in several. */
function isElsewhere(project: string | null): boolean {
  return project !== null && project !== 'default';
}

function inNamespace(object: Finding['object']): string {
  return object && object.namespace !== '' ? ` --namespace ${object.namespace}` : '';
}
