import type { ObjectFault } from './fault-case.js';
import { given, images } from './objects.js';

const { deployment, statefulSet, daemonSet, job, configMap, claim, quota, autoscaler } = given;
const probe = { httpGet: { path: '/', port: 80 } };
const useClaim = (claimName: string) => ({ volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] });
const withInit = (image: string) => ({ initContainers: [{ name: 'prepare', image }] });
const withSidecar = (image: string) => ({
  containers: [
    { name: 'main', image: 'example.com/web:1' },
    { name: 'sidecar', image },
  ],
});
const selected = (field: object) => ({ container: { env: [{ name: 'VALUE', valueFrom: field }] } });
const ofDeployment = { resource: /^Workload\//, object: /^Deployment\// };
const groupOf = (slug: string) => `${slug}.example.com`;

/** What goes wrong with what an app states: no hand and no fault of the world is needed. */
export const objectFaults: readonly ObjectFault[] = [
  {
    title: 'an image that is not there',
    objects: (name) => [deployment(name, { image: images.missing })],
    expected: { ...ofDeployment, reason: 'ImagePullFailed', says: /does-not-exist:1 of container main .*not found/ },
  },
  {
    title: 'the image of an init container that is not there',
    objects: (name) => [deployment(name, { pod: withInit(images.missing) })],
    expected: { ...ofDeployment, reason: 'ImagePullFailed', says: /of container prepare cannot be pulled/ },
  },
  {
    title: 'the image of a second container that is not there',
    objects: (name) => [deployment(name, { pod: withSidecar(images.missing) })],
    expected: { ...ofDeployment, reason: 'ImagePullFailed', says: /of container sidecar cannot be pulled/ },
  },
  {
    title: 'the image of a StatefulSet that is not there',
    objects: (name) => [statefulSet(name, { image: images.missing })],
    expected: { resource: /^Workload/, object: /^StatefulSet/, reason: 'ImagePullFailed', says: /does-not-exist/ },
  },
  {
    title: 'the image of a DaemonSet that is not there',
    objects: (name) => [daemonSet(name, { image: images.missing })],
    expected: { resource: /^Workload/, object: /^DaemonSet/, reason: 'ImagePullFailed', says: /does-not-exist/ },
  },
  {
    title: 'a container that ends again and again',
    objects: (name) => [deployment(name, { image: images.crashing })],
    expected: { ...ofDeployment, reason: 'CrashLoop', says: /Container main exits with code 1: .*told to crash/ },
  },
  {
    title: 'an init container that ends again and again',
    objects: (name) => [deployment(name, { pod: withInit(images.crashing) })],
    expected: { ...ofDeployment, reason: 'CrashLoop', says: /Container prepare exits with code 1/ },
  },
  {
    title: 'a sidecar that ends again and again',
    objects: (name) => [deployment(name, { pod: withSidecar(images.crashing) })],
    expected: { ...ofDeployment, reason: 'CrashLoop', says: /Container sidecar exits with code 1/ },
  },
  {
    title: 'a liveness probe that fails',
    objects: (name) => [deployment(name, { image: images.neverLive, container: { livenessProbe: probe } })],
    expected: { ...ofDeployment, reason: 'CrashLoop', says: /exits with code 143.*Liveness probe failed/s },
  },
  {
    title: 'a readiness probe that fails',
    objects: (name) => [deployment(name, { image: images.neverReady, container: { readinessProbe: probe } })],
    expected: { ...ofDeployment, reason: 'Unhealthy', says: /0 of 1 pods are available.*Readiness probe failed/ },
  },
  {
    title: 'pods that never get ready until the roll-out gives up',
    objects: (name) => [deployment(name, { image: images.neverReady, spec: { progressDeadlineSeconds: 1 } })],
    expected: { ...ofDeployment, reason: 'ObjectFailed', says: /makes no progress: .*timed out/ },
  },
  {
    title: 'a Secret that an env var needs and that is not there',
    objects: (name) => [deployment(name, selected({ secretKeyRef: { name: 'nowhere', key: 'a' } }))],
    expected: {
      ...ofDeployment,
      reason: 'ObjectFailed',
      says: /Container main cannot start: secret "nowhere" not found/,
    },
  },
  {
    title: 'a ConfigMap that an env var needs and that is not there',
    objects: (name) => [deployment(name, selected({ configMapKeyRef: { name: 'nowhere', key: 'a' } }))],
    expected: { ...ofDeployment, reason: 'ObjectFailed', says: /configmap "nowhere" not found/ },
  },
  {
    title: 'a Secret that a volume needs and that is not there',
    objects: (name) => [deployment(name, { pod: { volumes: [{ name: 'keys', secret: { secretName: 'no-keys' } }] } })],
    expected: { ...ofDeployment, reason: 'ObjectFailed', says: /secret "no-keys" not found/ },
  },
  {
    title: 'a node selector that no node fits',
    objects: (name) => [deployment(name, { pod: { nodeSelector: { 'example.com/pool': 'none' } } })],
    expected: { ...ofDeployment, reason: 'Unschedulable', says: /node affinity\/selector/ },
  },
  {
    title: 'more processors than any node has',
    objects: (name) => [deployment(name, { container: { resources: { requests: { cpu: '400' } } } })],
    expected: { ...ofDeployment, reason: 'Unschedulable', says: /Insufficient cpu/ },
  },
  {
    title: 'more memory than any node has',
    objects: (name) => [deployment(name, { container: { resources: { requests: { memory: '900Gi' } } } })],
    expected: { ...ofDeployment, reason: 'Unschedulable', says: /Insufficient memory/ },
  },
  {
    title: 'a storage class that is not there, and not the pods that wait for the volume',
    objects: (name) => [claim(name, `class-${name}`), deployment(name, { pod: useClaim(name) })],
    expected: {
      resource: /^Workload/,
      object: /^PersistentVolumeClaim\//,
      reason: 'NotBound',
      says: /storageclass\.storage\.k8s\.io "class-.*" not found/,
    },
  },
  {
    title: 'a claim without a storage class',
    objects: (name) => [claim(name, '')],
    expected: {
      resource: /^Workload/,
      object: /^PersistentVolumeClaim\//,
      reason: 'NotBound',
      says: /no storage class is set/,
    },
  },
  {
    title: 'a claim that pods name and that is not there',
    objects: (name) => [deployment(name, { pod: useClaim('no-claim') })],
    expected: { ...ofDeployment, reason: 'NotBound', says: /persistentvolumeclaim "no-claim" not found/ },
  },
  {
    title: 'the storage class of the claims of a StatefulSet',
    objects: (name) => [
      statefulSet(name, { spec: { volumeClaimTemplates: [{ ...claim('data', 'fast-disks'), status: undefined }] } }),
    ],
    expected: { resource: /^Workload/, object: /^StatefulSet/, reason: 'NotBound', says: /"fast-disks" not found/ },
  },
  {
    title: 'a quota that allows no pods',
    isWide: true,
    objects: (name) => [quota(`tight-${name}`, { pods: '0' }), deployment(name)],
    expected: { ...ofDeployment, reason: 'QuotaExceeded', says: /Quota tight-\S+ is used up.*pods=0 of pods=0/ },
  },
  {
    title: 'a Job that failed',
    objects: (name) => [job(name, { image: images.crashing })],
    expected: { resource: /^Workload/, object: /^Job/, reason: 'ObjectFailed', says: /It failed: .*exits with code 1/ },
  },
  {
    title: 'a Job whose image is not there',
    objects: (name) => [job(name, { image: images.missing })],
    expected: { resource: /^Workload/, object: /^Job/, reason: 'ImagePullFailed', says: /does-not-exist/ },
  },
  {
    title: 'a CronJob that is suspended',
    objects: (name) => [
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name },
        spec: { suspend: true, schedule: '0 0 1 1 *', jobTemplate: { spec: job(name).spec } },
      },
    ],
    expected: { resource: /^Workload/, object: /^CronJob/, reason: 'Suspended', says: /suspended/ },
  },
  {
    title: 'an autoscaler whose target is not there',
    objects: (name) => [autoscaler(name, 'nobody')],
    expected: {
      resource: /^Workload/,
      object: /^HorizontalPodAutoscaler/,
      reason: 'ObjectFailed',
      says: /"nobody" not found/,
    },
  },
  {
    title: 'an API service that nothing is behind',
    objects: (_name, slug) => [
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `v1.${groupOf(slug)}` },
        spec: {
          group: groupOf(slug),
          version: 'v1',
          groupPriorityMinimum: 100,
          versionPriority: 100,
          service: { name: 'absent', namespace: 'default' },
        },
      },
    ],
    expected: {
      resource: /^Workload/,
      object: /^APIService/,
      reason: 'Pending',
      says: /service\/absent .*not present/,
    },
  },
  {
    title: 'a kind whose definition is not there',
    objects: (name, slug) => [given.port(groupOf(slug), name)],
    expected: { resource: /^Workload/, reason: 'KindNotServed', says: /does not serve Port of .*definition \(CRD\)/ },
  },
  {
    title: 'a health rule that is never true',
    objects: (name, slug) => [given.portDefinition(groupOf(slug)), given.port(groupOf(slug), name)],
    policy: (slug) => ruleOf(slug, [{ health: 'Healthy', when: 'self.spec.berths > 9' }]),
    expected: {
      resource: /^Workload/,
      object: /^Port/,
      reason: 'Progressing',
      says: /None of its health rules is true/,
    },
  },
  {
    title: 'what a health rule of the app says',
    objects: (name, slug) => [given.portDefinition(groupOf(slug)), given.port(groupOf(slug), name, 12)],
    policy: (slug) =>
      ruleOf(slug, [
        { health: 'Degraded', when: 'self.spec.berths > 9', message: '"too large: " + string(self.spec.berths)' },
      ]),
    expected: { resource: /^Workload/, object: /^Port/, reason: 'ObjectFailed', says: /^too large: 12$/ },
  },
  {
    title: 'a health rule that fails',
    objects: (name, slug) => [given.portDefinition(groupOf(slug)), given.port(groupOf(slug), name)],
    policy: (slug) => ruleOf(slug, [{ health: 'Healthy', when: 'self.spec.cranes.height > 9' }]),
    expected: { resource: /^Workload/, object: /^Port/, reason: 'Invalid', says: /self\.spec\.cranes\.height > 9/ },
  },
  {
    title: 'a namespace that is not there',
    objects: (name) => [configMap(name, { namespace: `no-${name}` })],
    expected: {
      resource: /^Workload/,
      object: /^ConfigMap/,
      reason: 'ObjectFailed',
      says: /namespaces? "no-\S+" not found/,
    },
  },
  {
    title: 'a selector that does not match its pods',
    objects: (name) => [deployment(name, { spec: { selector: { matchLabels: { app: 'other' } } } })],
    expected: { ...ofDeployment, reason: 'ObjectFailed', says: /selector. does not match template .labels/ },
  },
  {
    title: 'a field of the wrong type',
    objects: (name) => [deployment(name, { spec: { replicas: 'three' } })],
    expected: { ...ofDeployment, reason: 'ObjectFailed', says: /replicas/ },
  },
];

function ruleOf(
  slug: string,
  rules: NonNullable<NonNullable<ReturnType<NonNullable<ObjectFault['policy']>>['health']>[number]['rules']>,
) {
  return { health: [{ apiVersion: `${groupOf(slug)}/v1`, kind: 'Port', rules }] };
}
