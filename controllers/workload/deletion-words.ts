import { splitApiVersion } from '../../drivers/kubernetes/api-version.js';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { conditionOf } from '../../drivers/kubernetes/object-fields.js';

/** What keeps an object that is being deleted. */
export interface WhatKeeps {
  /** Sentences that name it and the way out; '' when nothing is known. */
  readonly text: string;
  /** Whether the cluster's own controllers do not get on with it by themselves. */
  readonly needsSomebody: boolean;
}

/** Pure. https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/ */
export function whatKeeps(live: KubernetesObject): WhatKeeps {
  const finalizers = live.metadata.finalizers ?? [];
  const known = finalizers.flatMap((name) => knownFinalizers[name] ?? []);
  const others = finalizers.filter((name) => !(name in knownFinalizers));
  const remaining = remainingInNamespace(live);
  const text = [...remaining.sentences, ...known, ...(others.length > 0 ? [wayOut(live, others)] : [])].join(' ');
  return { text, needsSomebody: remaining.needsSomebody || others.length > 0 };
}

/** Those that a cluster sets itself, and what has to happen first. */
const knownFinalizers: Readonly<Record<string, string>> = {
  foregroundDeletion: 'What it owns, such as its pods, goes first.',
  'kubernetes.io/pvc-protection': 'A pod still uses it.',
  'kubernetes.io/pv-protection': 'A claim still uses it.',
  'service.kubernetes.io/load-balancer-cleanup': 'The controller of the cloud removes its load balancer first.',
  'customresourcecleanup.apiextensions.k8s.io': 'Its objects go first.',
  'batch.kubernetes.io/job-tracking': 'The cluster counts it first.',
};

function wayOut(live: KubernetesObject, finalizers: readonly string[]): string {
  const [names, them, they] =
    finalizers.length === 1
      ? [`The finalizer ${finalizers[0]} keeps it`, 'it', 'it']
      : [`The finalizers ${finalizers.join(', ')} keep it`, 'them', 'they'];
  const { name, namespace } = live.metadata;
  const { group } = splitApiVersion(live.apiVersion);
  const type = `${live.kind.toLowerCase()}${group === '' ? '' : `.${group}`}`;
  const place = namespace === undefined ? '' : ` --namespace ${namespace}`;
  const command = `kubectl patch ${type} ${name}${place} --type merge --patch '{"metadata":{"finalizers":null}}'`;
  return `${names}: the controller that set ${them} has to remove ${them}. If that controller is gone, ${they} can be taken off by hand: ${command}`;
}

/** What a namespace says of itself while it is being deleted. */
const namespaceConditions = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceContentRemaining',
  'NamespaceFinalizersRemaining',
];

interface Remaining {
  readonly sentences: readonly string[];
  readonly needsSomebody: boolean;
}

function remainingInNamespace(live: KubernetesObject): Remaining {
  if (live.kind !== 'Namespace' || live.apiVersion !== 'v1') return { sentences: [], needsSomebody: false };
  const found = namespaceConditions
    .map((type) => conditionOf(live, type))
    .filter((condition) => condition?.status === 'True');
  const said = found.map((condition) => `${(condition?.message ?? '').replace(/[.\s]+$/, '')}.`);
  const isUndiscovered = found.some((condition) => condition?.type === 'NamespaceDeletionDiscoveryFailure');
  const hasFinalizers = found.some(
    (condition) => condition?.type === 'NamespaceFinalizersRemaining' && namesForeignFinalizer(condition.message),
  );
  const sentences = [
    ...said,
    ...(isUndiscovered ? ['Mend or delete the API service that does not answer: kubectl get apiservices'] : []),
    ...(hasFinalizers ? [contentWayOut(live.metadata.name)] : []),
  ];
  return { sentences, needsSomebody: isUndiscovered || hasFinalizers };
}

/** Like: `Some content in the namespace has finalizers remaining: a/b in 1 resource instances, c in 2 resource instances`. */
function namesForeignFinalizer(message: string): boolean {
  const names = [...message.matchAll(/(\S+) in \d+ resource instances/g)].map(([, name]) => name ?? '');
  return names.length === 0 || names.some((name) => !(name in knownFinalizers));
}

function contentWayOut(namespace: string): string {
  const command = `kubectl patch KIND NAME --namespace ${namespace} --type merge --patch '{"metadata":{"finalizers":null}}'`;
  return `The controllers that set these finalizers have to remove them. Where one is gone, take its finalizer off by hand: ${command}`;
}
