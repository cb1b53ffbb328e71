import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';

/** Builders of Kubernetes objects, each with what its API server needs and nothing more. */
export const make = {
  namespace: (name: string): KubernetesObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),

  configMap: (
    namespace: string,
    name: string,
    data: Readonly<Record<string, string>>,
    labels: Readonly<Record<string, string>> = {},
  ): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, ...(Object.keys(labels).length > 0 ? { labels } : {}) },
    data,
  }),

  deployment: (
    namespace: string,
    name: string,
    options: { image?: string; replicas?: number | null } = {},
  ): KubernetesObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      ...(options.replicas === null ? {} : { replicas: options.replicas ?? 1 }),
      selector: { matchLabels: { app: name } },
      template: podTemplate(name, options.image ?? 'example.test/web:1'),
    },
  }),

  statefulSet: (namespace: string, name: string, replicas = 1): KubernetesObject => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace },
    spec: {
      replicas,
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: podTemplate(name, 'example.test/store:1'),
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  }),

  job: (namespace: string, name: string, image = 'example.test/migrate:1'): KubernetesObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace },
    spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } } },
  }),

  definition: (group: string): KubernetesObject => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `ports.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'ports', singular: 'port', kind: 'Port', listKind: 'PortList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { depth: { type: 'integer' } } } },
            },
          },
        },
      ],
    },
  }),
};

function podTemplate(name: string, image: string): object {
  return { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } };
}
