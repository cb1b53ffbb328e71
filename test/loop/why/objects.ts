/** Objects that are small, and named after what they are for, so that any number of them live side by side. */

interface PodOptions {
  readonly image?: string;
  readonly container?: object;
  /** Further fields of the pod's spec. */
  readonly pod?: object;
  readonly spec?: object;
}

export const given = {
  deployment: (name: string, options: PodOptions = {}) => podOwner('Deployment', name, options),
  statefulSet: (name: string, options: PodOptions = {}) =>
    podOwner('StatefulSet', name, { ...options, spec: { serviceName: name, ...options.spec } }),
  daemonSet: (name: string, options: PodOptions = {}) => podOwner('DaemonSet', name, options),

  job: (name: string, { image, container, pod }: PodOptions = {}) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { backoffLimit: 0, template: { spec: podSpec(image, container, { restartPolicy: 'Never', ...pod }) } },
  }),

  configMap: (name: string, metadata: object = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...metadata },
    data: { color: 'blue' },
  }),

  claim: (name: string, storageClassName: string) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),

  quota: (name: string, hard: object) => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name },
    spec: { hard },
  }),

  autoscaler: (name: string, target: string) => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name },
    spec: {
      minReplicas: 1,
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
    },
  }),

  /** The definition of a kind `Port`, and one object of it. */
  portDefinition: (group: string) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `ports.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Port', plural: 'ports', singular: 'port', listKind: 'PortList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  }),
  port: (group: string, name: string, berths = 3) => ({
    apiVersion: `${group}/v1`,
    kind: 'Port',
    metadata: { name },
    spec: { berths },
  }),

  /** One component of an app. */
  component: (name: string, ...objects: readonly object[]) => ({ name, type: 'manifests', objects }),
};

function podOwner(kind: string, name: string, { image, container, pod, spec }: PodOptions) {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas: 1 }),
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: podSpec(image, container, pod) },
      ...spec,
    },
  };
}

function podSpec(image = 'example.com/web:1', container: object = {}, pod: object = {}) {
  return { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image, ...container }], ...pod };
}

/** Images whose names say what becomes of them. */
export const images = {
  missing: 'example.com/does-not-exist:1',
  crashing: 'example.com/crash-loop:1',
  neverReady: 'example.com/never-ready:1',
  neverLive: 'example.com/never-live:1',
};
