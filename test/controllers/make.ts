import type { WorkloadSpec } from '../../controllers/workload/render.js';
import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import type { ObjectView, ResourceView, StatusView } from '../../sdk/resource.js';

export const instanceId = '11111111-1111-4111-8111-111111111111';
export const workloadId = '22222222-2222-4222-8222-222222222222';
export const runtimeId = '33333333-3333-4333-8333-333333333333';

const status: StatusView = {
  observedGeneration: 0,
  version: 0,
  health: 'Progressing',
  isSettled: false,
  conditions: [],
  outputs: {},
  observed: {},
};

/** One builder a noun: what a test does not name is as it mostly is. */
export const make = {
  workload(
    spec: Partial<WorkloadSpec> = {},
    view: Partial<ResourceView<WorkloadSpec>> = {},
  ): ResourceView<WorkloadSpec> {
    return {
      id: workloadId,
      kind: 'Workload',
      name: 'web',
      projectId: null,
      environmentId: null,
      ownerId: instanceId,
      labels: {},
      generation: 1,
      version: 1,
      leaseKey: `KubernetesRuntime/${runtimeId}`,
      deletionRequestedAt: null,
      isDeletionForced: false,
      status,
      references: [
        {
          path: 'runtime',
          id: runtimeId,
          kind: 'KubernetesRuntime',
          name: 'prod',
          isSettled: true,
          health: 'Healthy',
          outputs: {},
        },
      ],
      openIntents: [],
      dependents: 0,
      spec: {
        runtime: 'prod',
        app: 'shop',
        instance: 'shop',
        release: 1,
        component: 'web',
        namespace: 'shop-1111111111',
        after: [],
        objects: [make.configMap() as never],
        ...spec,
      },
      ...view,
    };
  },

  configMap(name = 'settings', data: Record<string, string> = { color: 'blue' }): KubernetesObject {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
  },

  deployment(name = 'web', image = 'example.com/web:1'): KubernetesObject {
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
      },
    };
  },

  service(name = 'web', spec: Record<string, unknown> = { ports: [{ name: 'http', port: 80 }] }): KubernetesObject {
    return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop-1111111111' }, spec };
  },

  row(row: Partial<ObjectView> = {}): ObjectView {
    return {
      runtimeId,
      group: '',
      version: 'v1',
      kind: 'ConfigMap',
      namespace: 'shop-1111111111',
      name: 'settings',
      state: 'present',
      origin: 'created',
      uid: 'uid-1',
      appliedHash: null,
      health: 'Healthy',
      reason: null,
      message: '',
      drift: null,
      ...row,
    };
  },
};
