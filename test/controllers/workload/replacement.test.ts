import test from 'ava';
import { planWorkload } from '../../../controllers/workload/plan.js';
import { renderWorkload } from '../../../controllers/workload/render.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { make } from '../make.js';
import { applied, observe, scopes, withObjects } from './seen.js';

const job: KubernetesObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate' },
  spec: { template: { spec: { containers: [{ name: 'main', image: 'example.com/migrate:2' }] } } },
};
const claims: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db' },
  spec: { replicas: 2, serviceName: 'new', volumeClaimTemplates: [{ metadata: { name: 'data' } }] },
};
const before = (object: KubernetesObject, spec: object) =>
  ({ ...object, spec: { ...(object.spec as object), ...spec } }) as KubernetesObject;

for (const { title, policy, desired, was, fields, step } of [
  {
    title: 'replaces a Job whose template cannot be changed',
    policy: undefined,
    desired: job,
    was: before(job, { template: {} }),
    fields: ['spec.template'],
    step: 'replace: spec.template cannot be changed in the Job that is there, so it is deleted and made again.',
  },
  {
    title: 'keeps a Job when the policy lists no kinds, and names the way out',
    policy: { replace: [] },
    desired: job,
    was: before(job, { template: {} }),
    fields: ['spec.template'],
    step: 'immutable: spec.template cannot be changed in the Job that is there. Change the field back, give yours another name, or list Job in policy.replace, and it is deleted and made again.',
  },
  {
    title: 'keeps a Deployment by default',
    policy: undefined,
    desired: make.deployment(),
    was: make.deployment(),
    fields: ['spec.selector'],
    step: /^immutable: spec\.selector cannot be changed in the Deployment that is there\..* list Deployment in policy\.replace/,
  },
  {
    title: 'replaces a Deployment when the policy lists it',
    policy: { replace: ['Deployment'] },
    desired: make.deployment(),
    was: make.deployment(),
    fields: ['spec.selector'],
    step: /^replace: /,
  },
  {
    title: 'never replaces a StatefulSet, names its field, and says how to make it anew around its data',
    policy: { replace: ['StatefulSet'] },
    desired: claims,
    was: before(claims, { replicas: 1, serviceName: 'old' }),
    fields: ['spec'],
    step: /^immutable: spec\.serviceName cannot be changed .* it holds data\..* kubectl delete statefulset db --namespace shop-1111111111 --cascade=orphan$/,
  },
  {
    title: 'never replaces a claim',
    policy: { replace: ['PersistentVolumeClaim'] },
    desired: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: {} },
    was: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: {} },
    fields: ['spec'],
    step: /^immutable: /,
  },
] as const) {
  test(title, (t) => {
    const workload = make.workload({ objects: [desired] as never, ...(policy && { policy: policy as never }) });
    const older = make.workload({ objects: [was] as never });
    const live = applied(older, (object) => ({ ...object, metadata: { ...object.metadata, generation: 1 } }));
    const [rendered] = renderWorkload(workload, scopes).objects;
    const refused = { [rendered?.key ?? '']: { immutable: [...fields] } };
    const plan = planWorkload(workload, observe(workload, { live: [live], refused }));
    const said = [...plan.actions, ...plan.obstacles].map(
      (each) => `${each.type}: ${'message' in each && each.message}`,
    );
    if (typeof step === 'string') t.deepEqual(said, [step]);
    else t.regex(said.join('|'), step);
  });
}

test('makes again at once what is gone, although it could not be changed', (t) => {
  const workload = withObjects(job);
  const [rendered] = renderWorkload(workload, scopes).objects;
  const refused = { [rendered?.key ?? '']: { immutable: ['spec.template'] } };
  const plan = planWorkload(workload, observe(workload, { refused }));
  t.deepEqual(
    plan.actions.map((action) => action.type === 'apply' && action.why),
    ['create'],
  );
});
