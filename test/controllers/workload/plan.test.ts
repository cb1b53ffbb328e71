import test from 'ava';
import { planWorkload } from '../../../controllers/workload/plan.js';
import type { Workload } from '../../../controllers/workload/render.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import { make } from '../make.js';
import { applied, namespace, observe, type Seen, withObjects } from './seen.js';

const scaledBy = (manager: string) => ({
  manager,
  operation: 'Update',
  subresource: 'scale',
  apiVersion: 'apps/v1',
  fieldsV1: { 'f:spec': { 'f:replicas': {} } },
});
const imageBy = (manager: string) => ({
  manager,
  operation: 'Update',
  apiVersion: 'apps/v1',
  fieldsV1: {
    'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"main"}': { 'f:image': {} } } } } },
  },
});

const steps: readonly {
  readonly title: string;
  readonly workload: Workload;
  readonly seen: (workload: Workload) => Seen;
  readonly actions: readonly string[];
  readonly obstacles?: readonly string[];
}[] = [
  {
    title: 'creates what is not there, namespaces first',
    workload: withObjects(make.configMap(), namespace),
    seen: () => ({}),
    actions: ['create Namespace/shop', 'create ConfigMap/shop-1111111111/settings'],
  },
  {
    title: 'tries what was refused after the others',
    workload: withObjects(make.configMap(), make.configMap('other')),
    seen: () => ({ refused: { '/ConfigMap/shop-1111111111/settings': {} } }),
    actions: ['create ConfigMap/shop-1111111111/other', 'create ConfigMap/shop-1111111111/settings'],
  },
  {
    title: 'does nothing about an object that is as it was applied',
    workload: withObjects(make.configMap()),
    seen: (workload) => ({ live: [applied(workload)] }),
    actions: [],
  },
  {
    title: 'does nothing about defaults, other fields and other ways of writing a quantity',
    workload: withObjects({
      ...make.deployment(),
      spec: { resources: { cpu: '1000m', memory: '1Gi' }, empty: {}, ports: [{ port: 80 }] },
    }),
    seen: (workload) => ({
      live: [
        applied(workload, (object) => ({
          ...object,
          spec: { resources: { cpu: '1', memory: '1024Mi' }, ports: [{ port: 80, protocol: 'TCP' }], added: true },
          status: {},
        })),
      ],
    }),
    actions: [],
  },
  {
    title: 'updates an object whose render changed',
    workload: withObjects(make.configMap()),
    seen: () => ({ live: [applied(withObjects(make.configMap('settings', { color: 'red' })))] }),
    actions: ['render ConfigMap/shop-1111111111/settings'],
  },
  {
    title: 'puts back what somebody changed by hand',
    workload: withObjects(make.configMap()),
    seen: (workload) => ({ live: [applied(workload, (object) => ({ ...object, data: { color: 'red' } }))] }),
    actions: ['drift ConfigMap/shop-1111111111/settings'],
  },
  {
    title: 'puts back marks that somebody took off',
    workload: withObjects(make.configMap()),
    seen: (workload) => ({
      live: [
        applied(
          workload,
          ({ metadata: { annotations: _, ...metadata }, ...object }) => ({ ...object, metadata }) as KubernetesObject,
        ),
      ],
      rows: [make.row({ uid: 'uid-1' })],
    }),
    actions: ['render ConfigMap/shop-1111111111/settings'],
  },
  {
    title: 'leaves replicas to whoever scales',
    workload: withObjects(make.deployment()),
    seen: (workload) => ({
      live: [
        applied(workload, (object) => ({
          ...object,
          metadata: { ...object.metadata, managedFields: [scaledBy('kube-controller-manager')] },
          spec: { ...(object.spec as object), replicas: 5 },
        })),
      ],
    }),
    actions: [],
  },
  {
    title: 'leaves to another manager what policy yields to it, and nothing else',
    workload: make.workload({
      objects: [make.deployment()] as never,
      policy: { yieldTo: [{ manager: 'ci', path: 'spec.template.spec.containers[name=main].image' }] },
    }),
    seen: (workload) => ({
      live: [
        applied(workload, (object) => {
          const text = JSON.stringify(object).replace('example.com/web:1', 'example.com/web:2');
          const changed = JSON.parse(text) as KubernetesObject;
          return { ...changed, metadata: { ...changed.metadata, managedFields: [imageBy('ci')] } };
        }),
      ],
    }),
    actions: [],
  },
  {
    title: 'puts back what a manager set to whom nothing is yielded',
    workload: make.workload({
      objects: [make.deployment()] as never,
      policy: { yieldTo: [{ manager: 'other', path: 'spec' }] },
    }),
    seen: (workload) => ({
      live: [
        applied(workload, (object) => {
          const text = JSON.stringify(object).replace('example.com/web:1', 'example.com/web:2');
          const changed = JSON.parse(text) as KubernetesObject;
          return { ...changed, metadata: { ...changed.metadata, managedFields: [imageBy('ci')] } };
        }),
      ],
    }),
    actions: ['drift Deployment/shop-1111111111/web'],
  },
  {
    title: 'does not make again a Job that is done and gone by itself',
    workload: withObjects({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' } }),
    seen: () => ({ finished: ['batch/Job/shop-1111111111/once'] }),
    actions: [],
  },
  {
    title: 'makes what others need first, and what may refuse others last',
    workload: withObjects(
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'a' },
      },
      { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'b' } },
      make.deployment(),
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'd' } },
      namespace,
    ),
    seen: () => ({}),
    actions: [
      'create Namespace/shop',
      'create ServiceAccount/shop-1111111111/d',
      'create Deployment/shop-1111111111/web',
      'create Widget/shop-1111111111/b',
      'create ValidatingWebhookConfiguration/shop-1111111111/a',
    ],
  },
  {
    title: 'refuses an object that somebody else made',
    workload: withObjects(make.configMap()),
    seen: () => ({
      live: [{ ...make.configMap(), metadata: { name: 'settings', namespace: 'shop-1111111111', uid: 'x' } }],
    }),
    actions: [],
    obstacles: ['foreign'],
  },
  {
    title: 'refuses an object that somebody else made, although it intended to make one of that name',
    workload: withObjects(make.configMap()),
    seen: () => ({
      live: [{ ...make.configMap(), metadata: { name: 'settings', namespace: 'shop-1111111111', uid: 'x' } }],
      rows: [make.row({ state: 'intended', uid: null })],
    }),
    actions: [],
    obstacles: ['foreign'],
  },
  {
    title: 'adopts a namespace that was there before',
    workload: withObjects(namespace),
    seen: () => ({ live: [{ ...namespace, metadata: { name: 'shop', uid: 'x' } }] }),
    actions: ['adopt Namespace/shop'],
  },
  ...['report' as const, 'correct' as const].map((drift) => ({
    title: `states in an adopted namespace what a release changed, with the policy to ${drift}`,
    workload: make.workload({
      objects: [{ ...namespace, metadata: { name: 'shop', labels: { team: 'b' } } } as never],
      policy: { drift },
    }),
    seen: () => ({
      live: [
        {
          ...namespace,
          metadata: {
            name: 'shop',
            uid: 'x',
            labels: { team: 'a' },
            managedFields: [
              {
                manager: 'portolan',
                operation: 'Apply',
                apiVersion: 'v1',
                fieldsV1: { 'f:metadata': { 'f:labels': { 'f:team': {} } } },
              },
            ],
          },
        },
      ],
      rows: [make.row({ kind: 'Namespace', namespace: '', name: 'shop', origin: 'adopted', uid: 'x' })],
    }),
    actions: ['render Namespace/shop'],
  })),
  {
    title: 'writes nothing into an adopted namespace of which nothing is stated',
    workload: withObjects(namespace),
    seen: () => ({
      live: [{ ...namespace, metadata: { name: 'shop', uid: 'x' } }],
      rows: [make.row({ kind: 'Namespace', namespace: '', name: 'shop', origin: 'adopted', uid: 'x' })],
    }),
    actions: [],
  },
  {
    title: 'waits for an object that is being deleted',
    workload: withObjects(make.configMap()),
    seen: (workload) => ({
      live: [
        applied(workload, (object) => ({ ...object, metadata: { ...object.metadata, deletionTimestamp: 'now' } })),
      ],
    }),
    actions: [],
    obstacles: ['terminating'],
  },
  {
    title: 'lets an object wait whose kind is not served',
    workload: withObjects({ apiVersion: 'example.com/v1', kind: 'Unknown', metadata: { name: 'x' } }, make.configMap()),
    seen: () => ({}),
    actions: ['create ConfigMap/shop-1111111111/settings'],
    obstacles: ['unserved'],
  },
];

for (const { title, workload, seen, actions, obstacles = [] } of steps) {
  test(title, (t) => {
    const plan = planWorkload(workload, observe(workload, seen(workload)));
    t.deepEqual(
      plan.actions.map((action) => `${action.type === 'apply' ? action.why : action.type} ${action.desired.title}`),
      actions,
    );
    t.deepEqual(
      plan.obstacles.map(({ type }) => type),
      obstacles,
    );
  });
}

const definition: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: { group: 'example.com', names: { kind: 'Widget' }, scope: 'Namespaced', versions: [{ name: 'v1' }] },
};
const widget: KubernetesObject = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } };

test('makes a resource once its definition, of the same workload, is established', (t) => {
  const workload = withObjects(definition, widget);
  const established = (status: string) =>
    applied(workload, (object) => ({ ...object, status: { conditions: [{ type: 'Established', status }] } }));
  const waiting = planWorkload(workload, observe(workload, { live: [established('False')] }));
  t.deepEqual(
    waiting.obstacles.map(({ message }) => message),
    ['It waits until CustomResourceDefinition/widgets.example.com is established.'],
  );
  t.is(waiting.actions.length, 0);
  const after = planWorkload(workload, observe(workload, { live: [established('True')] }));
  t.is(after.actions.length, 1);
});

test('stops when an object was written at a newer generation than it knows', (t) => {
  const workload = withObjects(make.configMap());
  const observation = observe(workload, { live: [applied(workload, undefined, 2)] });
  t.throws(() => planWorkload(workload, observation), {
    message: /generation 2, and this pass knows only generation 1/,
  });
});

test('keeps the generation of the render when it only corrects', (t) => {
  const workload = { ...withObjects(make.configMap()), generation: 9 };
  const live = applied(workload, (object) => ({ ...object, data: {} }), 4);
  const [action] = planWorkload(workload, observe(workload, { live: [live] })).actions;
  t.is(action?.type === 'apply' && action.generation, 4);
});
