import test from 'ava';
import { inventoryAfter } from '../../../controllers/workload/inventory.js';
import { keyOf, keyOfObject } from '../../../controllers/workload/object-name.js';
import type { WorkloadObservation } from '../../../controllers/workload/observation.js';
import { planWorkload } from '../../../controllers/workload/plan.js';
import { planRemoval } from '../../../controllers/workload/plan-removal.js';
import { renderWorkload } from '../../../controllers/workload/render.js';
import { removalStatus, workloadStatus } from '../../../controllers/workload/status.js';
import { urlOf } from '../../../controllers/workload/url.js';
import type { KubernetesObject } from '../../../drivers/kubernetes/driver.js';
import type { ObjectHealth } from '../../../drivers/kubernetes/object-fields.js';
import { isSameJson } from '../../../lib/canonical.js';
import type { ObjectView } from '../../../sdk/resource.js';
import { make, runtimeId } from '../make.js';

const workload = make.workload({ objects: [make.configMap(), make.deployment()] as never });
const rendered = renderWorkload(workload, () => true);
const [settings, web] = rendered.objects;
const title = 'ConfigMap/shop-1111111111/settings';

const healthy: ObjectHealth = { health: 'Healthy', reason: 'Available', message: '' };

function observe(seen: {
  readonly health?: readonly (readonly [string | undefined, ObjectHealth])[];
  readonly live?: readonly KubernetesObject[];
  readonly rows?: readonly ObjectView[];
}): WorkloadObservation {
  return {
    runtimeId,
    rendered,
    live: new Map((seen.live ?? []).map((object) => [keyOfObject(object), object])),
    inventory: new Map((seen.rows ?? []).map((row) => [keyOf(row), row])),
    strays: [],
    awaited: [],
    accepted: new Map(),
    contested: new Set(),
    finished: new Set(),
    unscaled: new Set(),
    users: new Map(),
    refused: new Map(),
    health: new Map((seen.health ?? []).map(([key, health]) => [key ?? '', health])),
  };
}

test('is healthy when all objects are and nothing was done', (t) => {
  const observation = observe({
    health: [
      [settings?.key, healthy],
      [web?.key, healthy],
    ],
  });
  const status = workloadStatus(observation, [], []);
  t.is(status.health, 'Healthy');
  t.deepEqual(status.observed, { objects: 2, objectsHealthy: 2 });
  t.deepEqual(
    status.conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`),
    ['Ready True Available', 'Synced True InSync'],
  );
});

test('never claims to be ready in the pass that acted', (t) => {
  const observation = observe({
    health: [
      [settings?.key, healthy],
      [web?.key, healthy],
    ],
  });
  const { actions } = planWorkload(workload, observe({}));
  const status = workloadStatus(observation, [], actions);
  t.is(status.health, 'Progressing');
  t.deepEqual(
    status.conditions.map(({ type, status }) => `${type} ${status}`),
    ['Ready False', 'Synced False'],
  );
});

test('says which object is not well, and why', (t) => {
  const message = 'Image example.com/web:1 of container main cannot be pulled.';
  const status = workloadStatus(
    observe({
      health: [
        [settings?.key, healthy],
        [web?.key, { health: 'Degraded', reason: 'ImagePullFailed', message }],
      ],
    }),
    [],
    [],
  );
  t.is(status.health, 'Degraded');
  t.like(status.conditions[0], { reason: 'ImagePullFailed', message: `Deployment/web: ${message}` });
});

test('tells an object that is gone from one that is not made yet', (t) => {
  const missing = workloadStatus(
    observe({
      health: [[web?.key, healthy]],
      rows: [make.row({ namespace: 'shop-1111111111' })],
    }),
    [],
    [],
  );
  t.is(missing.health, 'Missing');
  t.is(workloadStatus(observe({ health: [[web?.key, healthy]] }), [], []).health, 'Progressing');
});

test("an object that is somebody else's makes it degraded, with what to do", (t) => {
  const live = [{ ...make.configMap(), metadata: { name: 'settings', namespace: 'shop-1111111111', uid: 'x' } }];
  const observation = observe({ live, health: [[settings?.key, healthy]] });
  const status = workloadStatus(observation, planWorkload(workload, observation).obstacles, []);
  t.is(status.health, 'Degraded');
  t.regex(status.conditions[1]?.message ?? '', /was not made by Portolan\. Delete it, or give yours another name/);
});

test('is a function of what was seen: the same observation gives the same status', (t) => {
  const seen = () => observe({ health: [[web?.key, healthy]] });
  t.true(isSameJson(workloadStatus(seen(), [], []), workloadStatus(seen(), [], [])));
});

test('says what a removal waits for', (t) => {
  const live = [
    {
      ...make.configMap(),
      metadata: {
        name: 'settings',
        namespace: 'shop-1111111111',
        uid: 'uid-1',
        deletionTimestamp: 'now',
        finalizers: ['example.com/keep'],
      },
    },
  ];
  const observation = observe({ live, rows: [make.row()] });
  const status = removalStatus(observation, planRemoval(workload, observation));
  t.like(status.conditions[0], {
    status: 'False',
    reason: 'Terminating',
    message: `${title} is being deleted. The finalizer example.com/keep keeps it: the controller that set it has to remove it. If that controller is gone, it can be taken off by hand: kubectl patch configmap settings --namespace shop-1111111111 --type merge --patch '{"metadata":{"finalizers":null}}'`,
  });
  t.deepEqual(status.observed, { objects: 1, objectsHealthy: 0 });
});

test('the inventory keeps what is wanted and shrinks by what was seen to be absent', (t) => {
  const rows = [make.row(), make.row({ name: 'old', uid: 'uid-old' })];
  const { objects, absent } = inventoryAfter(workload, observe({ rows }), false);
  t.deepEqual(
    objects.map(({ name, state }) => `${name} ${state}`),
    ['settings missing'],
  );
  t.deepEqual(
    absent.map(({ name }) => name),
    ['old'],
  );
});

test("the inventory never takes the uid of somebody else's object", (t) => {
  const live = [{ ...make.configMap(), metadata: { name: 'settings', namespace: 'shop-1111111111', uid: 'theirs' } }];
  const rows = [make.row({ state: 'intended', uid: null })];
  t.deepEqual(inventoryAfter(workload, observe({ live, rows }), false), { objects: [], absent: [] });
});

test('a removal forgets what was adopted and keeps what is still there', (t) => {
  const live = [{ ...make.configMap(), metadata: { name: 'settings', namespace: 'shop-1111111111', uid: 'uid-1' } }];
  const adopted = make.row({ kind: 'Namespace', namespace: '', name: 'shop', origin: 'adopted' });
  const { absent } = inventoryAfter(workload, observe({ live, rows: [make.row(), adopted] }), true);
  t.deepEqual(
    absent.map(({ kind }) => kind),
    ['Namespace'],
  );
});

const outside = { status: { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } } };
const urls: readonly (readonly [string, readonly KubernetesObject[], string | null])[] = [
  ['a service on port 80', [make.service()], 'http://web.shop-1111111111.svc.cluster.local'],
  [
    'a service on another port',
    [make.service('web', { ports: [{ port: 8080 }] })],
    'http://web.shop-1111111111.svc.cluster.local:8080',
  ],
  [
    'a service with TLS',
    [make.service('web', { ports: [{ name: 'https', port: 443 }] })],
    'https://web.shop-1111111111.svc.cluster.local',
  ],
  ['a database', [make.service('db', { ports: [{ name: 'mysql', port: 3306 }] })], null],
  ['a headless service', [make.service('db', { clusterIP: 'None', ports: [{ port: 80 }] })], null],
  ['no service', [make.configMap()], null],
  [
    'a load balancer, which wins',
    [make.service('a'), { ...make.service('b', { type: 'LoadBalancer', ports: [{ port: 80 }] }), ...outside }],
    'http://203.0.113.9',
  ],
];

for (const [title, objects, url] of urls) {
  test(`the URL of ${title} is ${url ?? 'left out'}`, (t) => t.is(urlOf(objects), url));
}
