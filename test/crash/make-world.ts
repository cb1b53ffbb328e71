import { appSpec, imageOf } from '../../crash/app-spec.js';
import type { ClusterObject } from '../../crash/outside/cluster-object.js';
import type { SeenWorld } from '../../crash/outside/seen-world.js';
import type { StoredResource } from '../../crash/outside/stored-facts.js';
import type { AppWish } from '../../crash/wish.js';
import type { JsonObject } from '../../lib/canonical.js';

const wish: AppWish = {
  name: 'alpha',
  number: 3,
  replicas: 2,
  hasDatabase: true,
  hasSecret: true,
  dependsOn: null,
};

const namespace = 'alpha-1';

/** A world in which all is as it is to be: one app with a database, and what it comes to. */
export function makeWorld(): SeenWorld {
  const objects: readonly ClusterObject[] = [
    object('Namespace', namespace, null, {}),
    object('ConfigMap', 'settings', namespace, { data: { number: '3' } }),
    object('Secret', 'web', namespace, {}),
    object('Service', 'web', namespace, {}),
    object('Deployment', 'web', namespace, { spec: deploymentSpec() }),
    { ...object('Pod', 'web-1', namespace, {}), metadata: { name: 'web-1', namespace, labels } },
  ];
  return {
    wishes: new Map([[wish.name, wish]]),
    acknowledged: [
      { key: 'set-up', changesetId: 'c1' },
      { key: 'trial-1', changesetId: 'c2' },
    ],
    stored: {
      resources: [
        resource('app', 'App', 'alpha', { spec: appSpec(wish) }),
        resource('instance', 'AppInstance', 'alpha', { spec: { app: 'alpha' } }),
        resource('namespace', 'Workload', 'namespace', { ownerId: 'instance' }),
        resource('web', 'Workload', 'web', { ownerId: 'instance' }),
        resource('database', 'Database', 'db', { ownerId: 'instance' }),
      ],
      inventory: objects
        .filter(({ kind }) => kind !== 'Pod')
        .map(({ kind, metadata }) => ({
          resourceId: kind === 'Namespace' ? 'namespace' : 'web',
          kind,
          namespace: metadata.namespace ?? '',
          name: metadata.name,
          state: 'present',
          uid: metadata.uid ?? null,
        })),
      openIntents: [],
      failing: [],
      changesets: ['c1', 'c2'],
      loggedChangesets: ['c1', 'c2'],
    },
    objects,
    cloud: [{ type: 'database', name: 'db-1', state: 'available', tags: { 'portolan.dev/resource': 'database' } }],
  };
}

export function resource(id: string, kind: string, name: string, given: Partial<StoredResource> = {}): StoredResource {
  return {
    id,
    kind,
    name,
    ownerId: null,
    generation: 2,
    version: 2,
    isDeleting: false,
    spec: null,
    observedGeneration: 2,
    health: 'Healthy',
    isStale: false,
    says: null,
    ...given,
  };
}

const labels = { 'portolan.dev/instance': 'instance' };

export function object(
  kind: string,
  name: string,
  inNamespace: string | null,
  more: Partial<ClusterObject>,
): ClusterObject {
  return {
    apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
    kind,
    metadata: {
      name,
      ...(inNamespace !== null && { namespace: inNamespace }),
      uid: `uid-${kind}-${name}`,
      labels,
      annotations: { 'portolan.dev/resource': kind === 'Namespace' ? 'namespace' : 'web' },
    },
    ...more,
  };
}

export function deploymentSpec(number = wish.number): JsonObject {
  const env = [{ name: 'DATABASE' }, { name: 'SALT' }];
  return { replicas: 2, template: { spec: { containers: [{ image: imageOf(number), env }] } } };
}
