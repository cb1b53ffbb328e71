import test from 'ava';
import { withKeptReplicas } from '../../../controllers/workload/kept-replicas.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { make } from '../make.js';

const replicas = { 'f:spec': { 'f:replicas': {} } };
const entry = (manager: string, operation: string, more: object = {}) => ({
  manager,
  operation,
  apiVersion: 'apps/v1',
  fieldsV1: replicas,
  ...more,
});
const ours = entry('portolan', 'Apply');
const scaled = entry('kube-controller-manager', 'Update', { subresource: 'scale' });

const deployment = (count: number | null, managedFields: readonly object[] = []): KubernetesObject => ({
  ...make.deployment(),
  metadata: { name: 'web', namespace: 'dev', managedFields },
  spec: count === null ? {} : { replicas: count },
});
const autoscaler = (name: string, namespace = 'dev'): KubernetesObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'scaler', namespace },
  spec: { scaleTargetRef: { kind: 'Deployment', name } },
});

for (const { title, stated, live, scalers, others, expected } of [
  {
    title: 'keeps the live number where an autoscaler of the workload scales it',
    stated: null,
    live: [ours],
    scalers: [autoscaler('web')],
    others: [],
    expected: 3,
  },
  {
    title: "keeps the live number where another's autoscaler scales it",
    stated: null,
    live: [ours],
    scalers: [],
    others: [autoscaler('web')],
    expected: 3,
  },
  {
    title: 'lets it go where nothing scales it',
    stated: null,
    live: [ours],
    scalers: [],
    others: [],
    expected: undefined,
  },
  {
    title: 'lets it go where another object is scaled',
    stated: null,
    live: [ours],
    scalers: [autoscaler('other')],
    others: [autoscaler('web', 'prod')],
    expected: undefined,
  },
  {
    title: "says nothing where the number is the autoscaler's already",
    stated: null,
    live: [ours, scaled],
    scalers: [autoscaler('web')],
    others: [],
    expected: undefined,
  },
  { title: 'keeps what is stated', stated: 5, live: [ours], scalers: [autoscaler('web')], others: [], expected: 5 },
]) {
  test(`of replicas, it ${title}`, async (t) => {
    const driver = {
      resolve: async () => ({
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        plural: 'x',
        isNamespaced: true,
      }),
      list: async (_type: object, { namespace }: { namespace?: string }) => ({
        objects: others.filter(({ metadata }) => metadata.namespace === namespace),
        resourceVersion: '1',
      }),
    };
    const look = { driver: driver as never, signal: new AbortController().signal };
    const body = await withKeptReplicas(deployment(stated), deployment(3, live), scalers, look);
    t.is((body.spec as { replicas?: number }).replicas, expected);
  });
}
