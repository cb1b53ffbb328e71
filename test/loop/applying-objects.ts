import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';

/** Objects for the tests of applying: small, and of names that a person would give. */
export const given = {
  configMap(
    name: string,
    data: Readonly<Record<string, string>> = { color: 'blue' },
    namespace?: string,
  ): KubernetesObject {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(namespace && { namespace }) }, data };
  },

  namespace(name: string): KubernetesObject {
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  },

  job(name: string, image: string, spec: object = {}): KubernetesObject {
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } };
    return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { ...spec, template } };
  },

  deployment(name: string, replicas: number | null, image = 'example.com/web:1', app = name): KubernetesObject {
    const template = {
      metadata: { labels: { app } },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image }] },
    };
    const spec = { ...(replicas !== null && { replicas }), selector: { matchLabels: { app } }, template };
    return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
  },

  autoscaler(deployment: string): KubernetesObject {
    return {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: deployment },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment },
        minReplicas: 1,
        maxReplicas: 10,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      },
    };
  },

  definition(group: string): KubernetesObject {
    const schema = {
      openAPIV3Schema: {
        type: 'object',
        properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
      },
    };
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    };
  },

  widget(group: string, name: string, size = 1, namespace?: string): KubernetesObject {
    const metadata = { name, ...(namespace && { namespace }) };
    return { apiVersion: `${group}/v1`, kind: 'Widget', metadata, spec: { size } };
  },
};

/** One component that holds them. */
export const component = (...objects: readonly object[]): readonly object[] => [
  { name: 'web', type: 'manifests', objects },
];
