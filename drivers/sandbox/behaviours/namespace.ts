import type { KubernetesObject } from '../../kubernetes/driver.js';
import { record } from '../../kubernetes/object-fields.js';
import type { BehaviourCluster } from './behaviour.js';
import { condition } from './conditions.js';

/** A namespace that was deleted is emptied after a while and goes when nothing is left in it. A live one has its service account. */
export function namespace(object: KubernetesObject, cluster: BehaviourCluster): void {
  const { name } = object.metadata;
  if (!object.metadata.deletionTimestamp) {
    if (cluster.store.get('/ServiceAccount', name, 'default')) return;
    cluster.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } });
    return;
  }
  if (record(object.status).phase !== 'Terminating') cluster.setStatus(object, { phase: 'Terminating' });
  if (!cluster.hasElapsed(object, 'empty', cluster.delays.namespaceMs)) return;
  for (const each of cluster.store.inNamespace(name)) cluster.delete(each);
  const left = cluster.store.inNamespace(name);
  if (left.length === 0) {
    cluster.finishDeletion(object);
    return;
  }
  // The last of what is left wakes it.
  cluster.setStatus(object, { phase: 'Terminating', conditions: conditionsOf(object, left, cluster) });
}

/** What keeps it, in the words of the namespace controller. */
function conditionsOf(object: KubernetesObject, left: readonly KubernetesObject[], cluster: BehaviourCluster) {
  const say = (type: string, isTrue: boolean, reason: string, message: string) =>
    condition(object, cluster.now, type, isTrue, reason, message);
  const finalizers = counted(left.flatMap(({ metadata }) => metadata.finalizers ?? []));
  const resources = counted(left.map((each) => resourceOf(each, cluster)));
  const remaining = resources.map(([resource, count]) => `${resource} has ${count} resource instances`);
  const holding = finalizers.map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
  return [
    say('NamespaceDeletionDiscoveryFailure', false, 'ResourcesDiscovered', 'All resources successfully discovered'),
    say(
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    say(
      'NamespaceDeletionContentFailure',
      false,
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    say(
      'NamespaceContentRemaining',
      true,
      'SomeResourcesRemain',
      `Some resources are remaining: ${remaining.join(', ')}`,
    ),
    holding.length > 0
      ? say(
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${holding.join(', ')}`,
        )
      : say(
          'NamespaceFinalizersRemaining',
          false,
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ),
  ];
}

/** As `configmaps.` and `deployments.apps`. */
function resourceOf(object: KubernetesObject, cluster: BehaviourCluster): string {
  const type = cluster.store
    .types()
    .find(({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind);
  return `${type?.plural ?? object.kind.toLowerCase()}.${type?.group ?? ''}`;
}

function counted(names: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
