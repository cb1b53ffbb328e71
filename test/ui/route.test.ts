import test from 'ava';
import { homeRoute, parseRoute, type Route, searchOf } from '../../ui/route/route.js';

const table: readonly { readonly search: string; readonly route: Route }[] = [
  { search: '', route: homeRoute },
  {
    search: '?project=shop&environment=prod&health=Degraded&text=api&kind=Database',
    route: {
      view: 'list',
      kind: 'Database',
      project: 'shop',
      environment: 'prod',
      health: 'Degraded',
      text: 'api',
    },
  },
  { search: '?resource=1a', route: { view: 'chart', id: '1a', selected: null } },
  {
    search: '?resource=1a&selected=2b',
    route: { view: 'chart', id: '1a', selected: { id: '2b', object: null } },
  },
  {
    search: '?resource=1a&selected=2b&object=Deployment%2Fshop%2Fweb',
    route: {
      view: 'chart',
      id: '1a',
      selected: { id: '2b', object: { kind: 'Deployment', namespace: 'shop', name: 'web' } },
    },
  },
  {
    search: '?resource=1a&selected=2b&object=Namespace%2F%2Fshop',
    route: {
      view: 'chart',
      id: '1a',
      selected: { id: '2b', object: { kind: 'Namespace', namespace: '', name: 'shop' } },
    },
  },
];

for (const { search, route } of table) {
  test(`the address ${search || 'without a query'} is read as what it was written from`, (t) => {
    t.deepEqual(parseRoute(search), route);
    t.deepEqual(parseRoute(searchOf(route)), route);
  });
}

test('what an address says wrong is passed over', (t) => {
  t.deepEqual(parseRoute('?health=Splendid&kind='), homeRoute);
  t.deepEqual(parseRoute('?resource=1a&object=x'), { view: 'chart', id: '1a', selected: null });
});
