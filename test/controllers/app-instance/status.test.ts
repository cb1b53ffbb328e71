import test from 'ava';
import { instanceStatus } from '../../../controllers/app-instance/status.js';
import type { Condition, Health } from '../../../lib/health.js';
import type { ChildView } from '../../../sdk/resource.js';
import { make } from '../make.js';

const instance = { name: 'shop', spec: { app: 'shop' }, deletionRequestedAt: null };

function component(name: string, health: Health, url?: string, message = ''): ChildView {
  const isReady = health === 'Healthy';
  const conditions: readonly Condition[] = [
    { type: 'Ready', status: isReady ? 'True' : 'False', reason: isReady ? 'Available' : 'ImagePullFailed', message },
    { type: 'Synced', status: 'True', reason: 'InSync', message: '' },
  ];
  return {
    ...make.workload(
      {},
      {
        name,
        status: {
          observedGeneration: 1,
          version: 1,
          health,
          isSettled: isReady,
          conditions: conditions.map((condition) => ({ ...condition, since: '2026-01-01T00:00:00.000Z' })),
          outputs: url === undefined ? {} : { url: { value: url, version: 1 } },
          observed: {},
        },
      },
    ),
    references: [],
  };
}

test('is as healthy as its worst component, and passes on what that says', (t) => {
  const status = instanceStatus(instance, [
    component('namespace', 'Healthy'),
    component('web', 'Degraded', undefined, 'Image nope cannot be pulled.'),
    component('db', 'Healthy'),
  ]);
  t.is(status.health, 'Degraded');
  t.like(status.conditions[0], { reason: 'ImagePullFailed', message: 'web: Image nope cannot be pulled.' });
  t.deepEqual(status.observed, { components: 2, componentsReady: 1 });
});

test('is not ready while only its namespace is missing', (t) => {
  const status = instanceStatus(instance, [component('namespace', 'Progressing'), component('web', 'Healthy')]);
  t.is(status.health, 'Progressing');
});

const inside = (name: string) => `http://${name}.shop.svc.cluster.local`;
for (const { title, components, url } of [
  {
    title: 'of the component that answers outside',
    components: [component('web', 'Healthy', inside('web')), component('shop', 'Healthy', 'http://203.0.113.9')],
    url: 'http://203.0.113.9',
  },
  {
    title: 'of the component that is called like the app',
    components: [component('shop', 'Healthy', inside('shop')), component('web', 'Healthy', inside('web'))],
    url: inside('shop'),
  },
  {
    title: 'of the last component otherwise',
    components: [
      component('storefront', 'Healthy', inside('storefront')),
      component('catalog', 'Healthy', inside('catalog')),
    ],
    url: inside('storefront'),
  },
]) {
  test(`its URL is that ${title}`, (t) => t.is(instanceStatus(instance, components).outputs.url, url));
}

test('counts what is left while it is being deleted', (t) => {
  const deleting = { ...instance, deletionRequestedAt: '2026-01-01T00:00:00.000Z' };
  const status = instanceStatus(deleting, [component('web', 'Progressing')]);
  t.like(status.conditions[0], { reason: 'Terminating', message: '1 of its components are still being removed.' });
});
