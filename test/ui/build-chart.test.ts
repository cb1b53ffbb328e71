import test from 'ava';
import { buildChart } from '../../ui/chart/build-chart.js';
import type { ChartResource } from '../../ui/chart/chart-model.js';
import { makeResource } from './make-resource.js';

const build = (resources: readonly ChartResource[], unfolded: readonly string[] = []) =>
  buildChart({
    rootId: 'root',
    resources,
    isControlled: (kind) => kind !== 'App',
    unfolded: new Set(unfolded),
  });

const namesOf = ({ cards }: ReturnType<typeof build>) => cards.map(({ resource }) => resource.name).sort();
const linesOf = ({ lines }: ReturnType<typeof build>) =>
  lines
    .filter(({ isImplied }) => !isImplied)
    .map(({ from, to, isOwner }) => `${from} ${isOwner ? 'brings' : 'depends on'} ${to}`)
    .sort();

const cluster = (parts: number) => [
  makeResource('cluster', { kind: 'KubernetesRuntime', refersTo: ['account'] }),
  makeResource('account', { kind: 'CloudAccount' }),
  ...Array.from({ length: parts }, (_, index) =>
    makeResource(`part-${index}`, { owner: 'cluster', health: index === 0 ? 'Degraded' : 'Healthy' }),
  ),
];

test('a chart has what its root brings and all that this depends on, however far, with the way of each edge', (t) => {
  const chart = build([
    makeResource('root', { kind: 'AppInstance', refersTo: ['app', 'cluster'] }),
    makeResource('app', { kind: 'App' }),
    makeResource('web', { owner: 'root', refersTo: ['cluster', 'database'] }),
    makeResource('database', { owner: 'root', refersTo: ['account'] }),
    ...cluster(0),
  ]);
  t.deepEqual(namesOf(chart), ['account', 'app', 'cluster', 'database', 'root', 'web']);
  t.deepEqual(linesOf(chart), [
    'cluster depends on account',
    'database depends on account',
    'root brings database',
    'root brings web',
    'root depends on app',
    'web depends on cluster',
    'web depends on database',
  ]);
  const implied = chart.lines.filter(({ isImplied }) => isImplied);
  t.deepEqual(
    implied.map(({ from, to }) => `${from} ${to}`),
    ['root cluster'],
    'that web depends on the cluster says it',
  );
  t.deepEqual(
    chart.cards.filter(({ isQuiet }) => isQuiet).map(({ resource }) => resource.name),
    ['app'],
  );
});

test('what an owner brings is drawn although other lines lead there too, and a circle stays connected', (t) => {
  const owned = build([
    makeResource('root'),
    makeResource('web', { owner: 'root', refersTo: ['data'] }),
    makeResource('data', { owner: 'root' }),
  ]);
  t.deepEqual(linesOf(owned), ['root brings data', 'root brings web', 'web depends on data']);
  const circle = build([
    makeResource('root', { refersTo: ['a'] }),
    makeResource('a', { refersTo: ['b', 'root'] }),
    makeResource('b', { refersTo: ['a', 'root'] }),
  ]);
  t.deepEqual(linesOf(circle), ['a depends on b', 'b depends on root', 'root depends on a']);
});

test('two edges between the same two are one line, and that a part names its owner makes none', (t) => {
  const chart = build([
    makeResource('root', { refersTo: ['web', 'web'] }),
    makeResource('web', { owner: 'root', refersTo: ['root'] }),
  ]);
  t.deepEqual(linesOf(chart), ['root brings web']);
  t.deepEqual(chart.lines[0]?.paths, ['path.0', 'path.1']);
});

test('the parts of what is not the root are counted, the worst first, until somebody wants to see them', (t) => {
  const resources = [makeResource('root', { refersTo: ['cluster'] }), ...cluster(9)];
  const folded = build(resources);
  t.deepEqual(namesOf(folded), ['account', 'cluster', 'root']);
  t.deepEqual(folded.cards.find(({ resource }) => resource.id === 'cluster')?.folded, {
    total: 9,
    counts: [
      { health: 'Degraded', count: 1 },
      { health: 'Healthy', count: 8 },
    ],
  });
  t.is(folded.cards.find(({ isRoot }) => isRoot)?.folded, null, 'what it is only referred to is not its own');
  t.is(folded.cardOf.get('part-3'), 'cluster');

  const unfolded = build(resources, ['cluster']);
  t.is(unfolded.cards.length, 12);
  t.true(unfolded.cards.find(({ resource }) => resource.id === 'cluster')?.isUnfolded);
});

test('what parts that are not drawn depend on, and what depends on them, is joined to what they are parts of', (t) => {
  const resources = [
    makeResource('root'),
    makeResource('gateway', { owner: 'root' }),
    makeResource('routes', { owner: 'gateway', refersTo: ['record', 'cluster'] }),
    makeResource('record', { owner: 'gateway', refersTo: ['domain'] }),
    makeResource('deep', { owner: 'record', refersTo: ['gateway'] }),
    makeResource('web', { owner: 'root', refersTo: ['routes'] }),
    makeResource('domain'),
    ...cluster(0),
  ];
  const folded = build(resources);
  t.deepEqual(namesOf(folded), ['account', 'cluster', 'domain', 'gateway', 'root', 'web']);
  t.deepEqual(linesOf(folded), [
    'cluster depends on account',
    'gateway depends on cluster',
    'gateway depends on domain',
    'root brings gateway',
    'root brings web',
    'web depends on gateway',
  ]);
  t.is(folded.cards.find(({ resource }) => resource.id === 'gateway')?.folded?.total, 3);

  const unfolded = build(resources, ['gateway']);
  t.deepEqual(namesOf(unfolded), ['account', 'cluster', 'domain', 'gateway', 'record', 'root', 'routes', 'web']);
  t.is(unfolded.cards.find(({ resource }) => resource.id === 'record')?.folded?.total, 1);
});

test('thirty parts of the root itself are drawn, and one more is too many', (t) => {
  const parts = (count: number) =>
    Array.from({ length: count }, (_, index) => makeResource(`part-${index}`, { owner: 'root' }));
  t.is(build([makeResource('root'), ...parts(30)]).cards.length, 31);
  t.is(build([makeResource('root'), ...parts(31)]).cards.length, 1);
});

test('thirty objects are drawn each, and more are counted', (t) => {
  const { cards } = build([
    makeResource('root'),
    makeResource('few', { owner: 'root', objects: 30 }),
    makeResource('many', { owner: 'root', objects: 4_000, health: 'Degraded' }),
  ]);
  t.deepEqual(
    cards.map(({ objects }) => objects.type),
    ['none', 'each', 'counted'],
  );
  t.like(cards[2]?.objects, { total: 4_000, counts: [{ health: 'Degraded', count: 4_000 }] });
});

test('there is no chart of what is not there, and owners in a circle end it', (t) => {
  t.deepEqual(build([]).cards, []);
  t.is(build([makeResource('root', { owner: 'web' }), makeResource('web', { owner: 'root' })]).cards.length, 2);
});
