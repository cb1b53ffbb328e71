import test from 'ava';
import type { WhatIfGraph, WhatIfResource } from '../../model/what-if/what-if-graph.js';
import { type WhatIf, whatIf } from '../../model/what-if.js';

const at = (kind: string, name: string, given: Partial<WhatIfResource> = {}): WhatIfResource => ({
  id: `${kind}/${name}`,
  kind,
  name,
  project: 'default',
  environment: 'dev',
  projectId: 'Project/default',
  environmentId: 'Environment/dev',
  ownerId: null,
  isDeleting: false,
  leavesWithLast: false,
  ...given,
});
const ofShop = { ownerId: 'AppInstance/shop' };

/** The first resource is to go. Edges: `from path to`. */
function graph(
  resources: readonly WhatIfResource[],
  edges: readonly string[],
  given: Partial<WhatIfGraph> = {},
): WhatIfGraph {
  const references = edges.map((edge) => {
    const [fromId = '', path = '', toId = ''] = edge.split(' ');
    return { fromId, path, toId };
  });
  return { removeIds: [resources[0]?.id ?? ''], resources, references, specs: {}, isCut: false, ...given };
}

const told = ({ effects }: WhatIf) =>
  effects.map(({ effect, path }) => `${effect} ${path.map(({ name }) => name).join(' < ')}`);

test('what refers to it stands in the way, and what depends on that breaks', (t) => {
  const answer = whatIf(
    graph(
      [
        at('KubernetesRuntime', 'prod', { environment: null, environmentId: null }),
        at('AppInstance', 'shop'),
        at('Workload', 'web', ofShop),
        at('AppInstance', 'blog'),
        at('Workload', 'page', { ownerId: 'AppInstance/blog' }),
      ],
      [
        'AppInstance/shop runtime KubernetesRuntime/prod',
        'Workload/web runtime KubernetesRuntime/prod',
        'Workload/page bindings.0.resource AppInstance/shop',
      ],
    ),
  );
  t.true(answer.isRefused);
  t.deepEqual(told(answer), [
    'BLOCKS prod < shop',
    'BLOCKS prod < web',
    'BREAKS prod < shop < page < blog',
    'BREAKS prod < shop < page',
  ]);
  t.is(
    answer.effects[0]?.message,
    'It refers to KubernetesRuntime prod (runtime), which stays as long as it does. Nothing places it elsewhere by itself.',
  );
  t.is(answer.effects[2]?.message, 'It would not work without its Workload page.');
  t.deepEqual(answer.counts, [
    { environment: 'dev', app: 'blog', blocks: 0, breaks: 2, deleted: 0 },
    { environment: 'dev', app: 'shop', blocks: 2, breaks: 0, deleted: 0 },
  ]);
});

test('what it owns goes with it, and nothing of that stands in the way', (t) => {
  const answer = whatIf(
    graph(
      [at('AppInstance', 'shop'), at('Workload', 'web', ofShop), at('Database', 'db', ofShop)],
      ['Workload/web bindings.0.resource Database/db'],
    ),
  );
  t.false(answer.isRefused);
  t.deepEqual(told(answer), ['DELETED shop < db', 'DELETED shop < web']);
});

test('what was made on demand goes with the last that needs it, and so does what that needed', (t) => {
  const onDemand = { leavesWithLast: true };
  const resources = [
    at('AppInstance', 'shop'),
    at('KubernetesRuntime', 'dev', onDemand),
    at('CloudCluster', 'dev', { ownerId: 'KubernetesRuntime/dev' }),
    at('CloudAccount', 'main', onDemand),
  ];
  const edges = ['AppInstance/shop runtime KubernetesRuntime/dev', 'CloudCluster/dev account CloudAccount/main'];
  t.deepEqual(told(whatIf(graph(resources, edges))), [
    'DELETED shop < dev < dev < main',
    'DELETED shop < dev < dev',
    'DELETED shop < dev',
  ]);
  const shared = [...edges, 'AppInstance/other runtime KubernetesRuntime/dev'];
  t.deepEqual(told(whatIf(graph(resources, shared))), [], 'somebody else needs it');
});

test('what is in an environment stands in its way', (t) => {
  const environment = at('Environment', 'dev', { environment: null, environmentId: null });
  const answer = whatIf(graph([environment, at('AppInstance', 'shop')], []));
  t.deepEqual(told(answer), ['BLOCKS dev < shop']);
  t.is(answer.effects[0]?.message, 'It is in Environment dev, which stays as long as it does.');
});

test('who is being deleted already stands in nobody’s way', (t) => {
  const leaving = at('AppInstance', 'shop', { isDeleting: true });
  const answer = whatIf(graph([at('App', 'shop'), leaving], ['AppInstance/shop app App/shop']));
  t.deepEqual(answer.effects, []);
  t.false(answer.isRefused);
});

test('who takes outputs learns which it loses, and where it has them', (t) => {
  const host = { $output: { from: 'db', output: 'host' } };
  const container = { name: 'main', env: [{ name: 'DB_HOST', value: host }] };
  const objects = [
    { kind: 'Deployment', metadata: { name: 'web' }, spec: { template: { spec: { containers: [container] } } } },
    {
      kind: 'Secret',
      metadata: { name: 'db' },
      stringData: { password: { $output: { from: 'db', output: 'password' } } },
    },
    { kind: 'ConfigMap', metadata: { name: 'other' }, data: { url: { $output: { from: 'api', output: 'url' } } } },
  ];
  const specs = { 'Workload/web': { bindings: [{ name: 'db' }, { name: 'api' }], objects } };
  const answer = whatIf(
    graph([at('Database', 'shared'), at('Workload', 'web')], ['Workload/web bindings.0.resource Database/shared'], {
      specs,
    }),
  );
  t.deepEqual(answer.effects[0]?.lost, [
    { output: 'host', place: 'env var DB_HOST of Deployment/web' },
    { output: 'password', place: 'Secret/db stringData.password' },
  ]);
});

test('more than anybody reads is cut, and counted all the same', (t) => {
  const apps = Array.from({ length: 600 }, (_, index) => at('AppInstance', `app-${index}`));
  const edges = apps.map(({ id }) => `${id} runtime KubernetesRuntime/prod`);
  const answer = whatIf(graph([at('KubernetesRuntime', 'prod'), ...apps], edges));
  t.is(answer.effects.length, 500);
  t.is(answer.counts.length, 600);
  t.true(answer.isTruncated);
});
