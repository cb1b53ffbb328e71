import test from 'ava';
import { withMarks } from '../../../controllers/marks.js';
import { renderWorkload } from '../../../controllers/workload/render.js';
import { staleScales } from '../../../controllers/workload/stale-scale.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { make, workloadId } from '../make.js';

const scaledBy = (manager: string) => ({
  manager,
  operation: 'Update',
  subresource: 'scale',
  apiVersion: 'apps/v1',
  fieldsV1: { 'f:spec': { 'f:replicas': {} } },
});
const autoscaler = (namespace: string): KubernetesObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'scaler', namespace },
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' } },
});
const ours = withMarks(autoscaler('shop-1111111111'), { resourceId: workloadId, generation: 1, renderHash: 'x' });

for (const { title, manager, stated, desired, there, expected } of [
  {
    title: 'no autoscaler is left',
    manager: 'kube-controller-manager',
    stated: true,
    desired: [],
    there: [],
    expected: 1,
  },
  {
    title: 'the one of the workload is on its way out',
    manager: 'kube-controller-manager',
    stated: true,
    desired: [],
    there: [ours],
    expected: 1,
  },
  {
    title: 'one of another namespace has that name',
    manager: 'kube-controller-manager',
    stated: true,
    desired: [],
    there: [autoscaler('other')],
    expected: 1,
  },
  {
    title: "no, where another's scales it",
    manager: 'kube-controller-manager',
    stated: true,
    desired: [],
    there: [autoscaler('shop-1111111111')],
    expected: 0,
  },
  {
    title: 'no, where the workload brings one',
    manager: 'kube-controller-manager',
    stated: true,
    desired: [autoscaler('shop-1111111111')],
    there: [],
    expected: 0,
  },
  { title: 'no, where a person scaled it', manager: 'kubectl', stated: true, desired: [], there: [], expected: 0 },
  {
    title: 'no, where nobody states a number',
    manager: 'kube-controller-manager',
    stated: false,
    desired: [],
    there: [],
    expected: 0,
  },
] as const) {
  test(`a scale is stale: ${title}`, async (t) => {
    const deployment = make.deployment();
    const { replicas: _, ...without } = deployment.spec as { replicas?: number };
    const objects = [stated ? deployment : { ...deployment, spec: without }, ...desired];
    const { objects: rendered } = renderWorkload(make.workload({ objects: objects as never }), () => true);
    const live = new Map(
      rendered.map(({ key, object }) => {
        const managedFields = [scaledBy(manager)];
        return [key, { ...object, metadata: { ...object.metadata, managedFields } } as KubernetesObject] as const;
      }),
    );
    const driver = {
      resolve: async () => ({
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        plural: 'x',
        isNamespaced: true,
      }),
      list: async (_type: object, { namespace }: { namespace?: string }) => ({
        objects: (there as readonly KubernetesObject[]).filter(({ metadata }) => metadata.namespace === namespace),
        resourceVersion: '1',
      }),
    };
    const look = { driver: driver as never, signal: new AbortController().signal };
    t.is((await staleScales(workloadId, rendered, live, look)).size, expected);
  });
}
