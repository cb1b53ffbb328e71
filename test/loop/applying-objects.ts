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

  /** With a claim for each pod. */
  statefulSet(name: string, spec: object = {}): KubernetesObject {
    const template = {
      metadata: { labels: { app: name } },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'example.com/db:1' }] },
    };
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    return {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name },
      spec: {
        serviceName: name,
        selector: { matchLabels: { app: name } },
        template,
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
        ...spec,
      },
    };
  },

  /** Refuses ConfigMaps in one namespace, because nobody answers for it. */
  brokenWebhook(name: string, namespace: string): KubernetesObject {
    const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] };
    return {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name },
      webhooks: [
        {
          name,
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 1,
          failurePolicy: 'Fail',
          clientConfig: { url: 'https://127.0.0.1:1/guard' },
          rules: [{ ...rule, scope: '*' }],
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        },
      ],
    };
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
