import type { Fault } from '../../../drivers/sandbox/faults.js';
import type { FaultCase, Injected, WhyWorld } from './fault-case.js';
import { given, images } from './objects.js';

const { deployment, configMap, claim, component } = given;
const ofDeployment = { resource: 'Workload/web', object: 'Deployment/web' };

/** What goes wrong outside: in the world, by other hands, by what was there before. */
export const clusterFaults: readonly FaultCase[] = [
  {
    title: 'a registry that does not give an image, until it does',
    expected: { ...ofDeployment, reason: 'ImagePullFailed', says: /Image example.com\/web:1 of container main/ },
    inject: (world, slug) => withFault(world, slug, { kind: 'imagePull', match: { kind: 'Pod' } }, deployment('web')),
  },
  {
    title: 'a container that crashes, until it does not',
    expected: { ...ofDeployment, reason: 'CrashLoop', says: /Container main exits with code 1/ },
    inject: (world, slug) => withFault(world, slug, { kind: 'crashLoop', match: { kind: 'Pod' } }, deployment('web')),
  },
  {
    title: 'taints that keep pods from all nodes, until they are gone',
    expected: { ...ofDeployment, reason: 'Unschedulable', says: /untolerated taint/ },
    inject: (world, slug) => {
      const message = '0/3 nodes are available: 3 node(s) had untolerated taint {maintenance: yes}.';
      return withFault(world, slug, { kind: 'unschedulable', match: { kind: 'Pod' }, message }, deployment('web'));
    },
  },
  {
    title: 'volumes that are not made, until they are',
    expected: {
      resource: 'Workload/web',
      object: 'PersistentVolumeClaim/data',
      reason: 'NotBound',
      says: /no persistent volumes available/,
    },
    inject: (world, slug) =>
      withFault(world, slug, { kind: 'noVolume', match: { kind: 'PersistentVolumeClaim' } }, claim('data', 'standard')),
  },
  {
    title: 'a quota that refuses what is applied, until it is raised outside',
    expected: {
      resource: 'Workload/web',
      object: 'ConfigMap/settings',
      reason: 'QuotaExceeded',
      says: /exceeded quota: small/,
    },
    inject: (world, slug) =>
      withFault(world, slug, { kind: 'quota', match: { kind: 'ConfigMap' }, name: 'small' }, settings),
  },
  {
    title: 'a quota that refuses pods, until it is raised outside',
    expected: { ...ofDeployment, reason: 'QuotaExceeded', says: /Quota few is used up/ },
    inject: (world, slug) =>
      withFault(world, slug, { kind: 'quota', match: { kind: 'Pod' }, name: 'few' }, deployment('web')),
  },
  {
    title: 'a webhook that does not answer, until it does',
    expected: {
      resource: 'Workload/web',
      object: 'ConfigMap/settings',
      reason: 'WebhookFailed',
      says: /failed calling webhook "policy\.example\.com"/,
    },
    inject: (world, slug) =>
      withFault(world, slug, { kind: 'webhook', match: { kind: 'ConfigMap' }, name: 'policy.example.com' }, settings),
  },
  {
    title: 'a webhook that refuses pods, and why',
    expected: { ...ofDeployment, reason: 'WebhookFailed', says: /images\.example\.com refuses them: .*no latest tags/ },
    inject: (world, slug) => {
      const hook = { name: 'images.example.com', message: 'no latest tags' };
      return withFault(world, slug, { kind: 'webhook', match: { kind: 'Pod' }, ...hook }, deployment('web'));
    },
  },
  {
    title: 'a right that is denied for one kind, until it is granted outside',
    expected: { resource: 'Workload/web', object: 'ConfigMap/settings', reason: 'MissingRights', says: /forbidden/ },
    inject: (world, slug) =>
      withFault(world, slug, { kind: 'forbidden', match: { kind: 'ConfigMap', verb: 'apply' } }, settings),
  },
  {
    title: 'writes that are always in conflict with others',
    expected: {
      resource: 'Workload/web',
      reason: 'ReconcileFailed',
      says: /has been modified/,
    },
    inject: (world, slug) => withFault(world, slug, { kind: 'conflict', match: { kind: 'ConfigMap' } }, settings),
  },
  onRuntime(
    'a cluster that nobody answers for',
    { kind: 'apiDown' },
    'RuntimeUnreachable',
    /Cannot reach the API server/,
  ),
  onRuntime(
    'a token that the cluster does not take any more',
    { kind: 'unauthorized' },
    'CredentialRefused',
    /credential/,
  ),
  onRuntime('a cluster that answers 429', { kind: 'throttle', retryAfterMs: 300 }, 'Throttled', /too many requests/i),
  onRuntime('a cluster that answers 500', { kind: 'serverError' }, 'ObjectFailed', /etcd|internal|not well/i),
  onRuntime(
    'rights on a cluster that were taken away',
    { kind: 'forbidden' },
    'MissingRights',
    /may not .*(get|list|patch)/,
  ),
  {
    title: 'a field that cannot be changed',
    expected: { ...ofDeployment, reason: 'Immutable', says: /spec\.selector/ },
    async inject(world, slug) {
      const { id } = await world.deploy(slug, [component('web', deployment('web'))]);
      await world.settled(id);
      const template = { metadata: { labels: { app: 'other' } }, spec: deployment('web').spec.template.spec };
      const spec = { selector: { matchLabels: { app: 'other' } }, template };
      await world.deploy(slug, [component('web', deployment('web', { spec }))]);
      return { id };
    },
  },
  {
    title: 'a namespace that another app instance has',
    expected: {
      resource: 'Workload/namespace',
      object: /^Namespace\//,
      reason: 'OwnedElsewhere',
      says: /belongs to .*already/,
    },
    async inject(world, slug) {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `shared-${slug}` } };
      const components = [component('web', namespace, settings)];
      const first = await world.deploy(`${slug}-a`, components);
      await world.settled(first.id);
      return { id: (await world.deploy(`${slug}-b`, components)).id };
    },
  },
  {
    title: 'an object without a namespace that another app instance owns',
    expected: {
      resource: 'Workload/web',
      object: /^ClusterRole\//,
      reason: 'OwnedElsewhere',
      says: /belongs to .*already/,
    },
    async inject(world, slug) {
      const components = [component('web', clusterRole(slug))];
      const first = await world.deploy(`${slug}-a`, components);
      await world.settled(first.id);
      return { id: (await world.deploy(`${slug}-b`, components)).id };
    },
  },
  {
    title: 'an object that somebody else made before',
    expected: {
      resource: 'Workload/web',
      object: /^ClusterRole\//,
      reason: 'OwnedElsewhere',
      says: /cannot be applied/,
    },
    async inject(world, slug) {
      await world.create(clusterRole(slug));
      return { id: (await world.deploy(slug, [component('web', clusterRole(slug))])).id };
    },
  },
  {
    title: 'a finalizer that keeps an object while the app is deleted, until it is taken off',
    expected: { resource: 'Workload/web', reason: 'Terminating', says: /finalizer example\.com\/keep keeps it/ },
    async inject(world, slug) {
      const { id, name, namespace } = await world.deploy(slug, [component('web', settings)]);
      await world.settled(id);
      const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
      await world.control.editByHand(world.cluster, key, { metadata: { finalizers: ['example.com/keep'] } });
      await world.apply({ op: 'DELETE', kind: 'AppInstance', name, environment: 'dev' });
      return { id };
    },
  },
  {
    title: 'what is left in a namespace that is deleted',
    expected: { resource: 'Workload/namespace', reason: 'Terminating', says: /example\.com\/left in 1 resource/ },
    async inject(world, slug) {
      const { id, name, namespace } = await world.deploy(slug, [component('web', settings)]);
      await world.settled(id);
      await world.create({
        ...configMap('of-others', { namespace, finalizers: ['example.com/left'] }),
      });
      await world.apply({ op: 'DELETE', kind: 'AppInstance', name, environment: 'dev' });
      return { id };
    },
  },
  {
    title: 'a change by hand that policy only reports, though the app is well',
    expected: { resource: 'Workload/web', reason: 'Drifted', says: /changed by kubectl-patch: data\.color/ },
    async inject(world, slug) {
      const { id, namespace } = await world.deploy(slug, [component('web', settings)], { policy: { drift: 'report' } });
      await world.settled(id);
      const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
      await world.control.editByHand(world.cluster, key, { data: { color: 'red' } }, 'kubectl-patch');
      return { id };
    },
  },
  {
    title: 'a field that others change again as often as it is put back',
    expected: { resource: 'Workload/web', reason: 'Drifted', says: /changed again as often as it is put back/ },
    async inject(world, slug) {
      const { id, namespace } = await world.deploy(slug, [component('web', settings)]);
      await world.settled(id);
      const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
      await world.contest(key, (round) => ({ data: { color: `red-${round}` } }));
      return { id };
    },
  },
  {
    title: 'a CronJob whose last job failed',
    expected: {
      resource: 'Workload/web',
      object: 'CronJob/web',
      reason: 'ObjectFailed',
      says: /last job by-hand failed/,
    },
    async inject(world, slug) {
      const { spec } = given.job('web', { image: images.crashing });
      const cronJob = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'web' } };
      const objects = [{ ...cronJob, spec: { schedule: '0 0 1 1 *', jobTemplate: { spec } } }];
      const { id, namespace } = await world.deploy(slug, [component('web', ...objects)]);
      await world.settled(id);
      const made = await world.read({ ...cronJob, namespace, name: 'web' });
      const template = made?.spec as { jobTemplate: { metadata?: { labels?: object } } } | undefined;
      const labels = template?.jobTemplate.metadata?.labels ?? {};
      const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'web', uid: made?.metadata.uid, controller: true };
      const metadata = { name: 'by-hand', namespace, labels, ownerReferences: [owner] };
      const pod = { ...spec, template: { ...spec.template, metadata: { labels } } };
      await world.create({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec: pod });
      return { id };
    },
  },
];

const settings = configMap('settings');

function clusterRole(slug: string) {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: `reader-${slug}` },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  };
}

/** Sets a fault for the namespace of an app that is well, then changes the app so that it is hit; clearing the fault mends it. */
async function withFault(world: WhyWorld, slug: string, fault: Fault, object: object): Promise<Injected> {
  const { id, namespace } = await world.deploy(slug, [component('web', configMap('first'))]);
  await world.settled(id);
  const match = { ...fault.match, cluster: world.cluster, namespace };
  const faultId = await world.control.setFault({ ...fault, match });
  await world.deploy(slug, [component('web', configMap('first'), object)]);
  return { id, mend: () => world.control.clearFaults(faultId) };
}

/** A fault of a whole cluster, on which an app is well. */
function onRuntime(title: string, fault: Fault, reason: string, says: RegExp): FaultCase {
  return {
    title,
    expected: { resource: /^KubernetesRuntime\//, reason, says },
    async inject(world, slug) {
      const cluster = await world.addRuntime(slug);
      const { id } = await world.deploy(slug, [component('web', deployment('web'))], { runtime: slug });
      await world.settled(id);
      const faultId = await world.control.setFault({ ...fault, match: { cluster } });
      // What is asked for now cannot be done.
      await world.deploy(slug, [component('web', deployment('web'), settings)], { runtime: slug });
      return { id, mend: () => world.control.clearFaults(faultId) };
    },
  };
}
