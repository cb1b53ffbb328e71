import { makeEdit } from '../helpers/make-edit.js';
import type { FilterWorld } from './filter-world.js';

/** A live read, and what it has to run for. */
export interface FilterCase {
  /** The filters of the schema that it is about. */
  readonly of: readonly string[];
  readonly read: string | ((world: FilterWorld) => string);
  /** What is done, in order, and whether the read runs again for it. */
  readonly steps: readonly (readonly ['runs' | 'rests', string, (world: FilterWorld) => Promise<void>])[];
}

const label = (name: string, team: string, project = 'default') =>
  makeEdit.tier(name, { op: 'update', project, labels: { team } });

export const filterCases: readonly FilterCase[] = [
  {
    of: ['ResourceFilter.project'],
    read: '{ tiers(filter: { project: "one" }) { totalCount } }',
    steps: [
      ['rests', 'one of another project comes', ({ commit }) => commit(makeEdit.tier('a', { project: 'two' }))],
      ['runs', 'a new match', ({ commit }) => commit(makeEdit.tier('a', { project: 'one' }))],
      [
        'rests',
        'one of another project goes',
        ({ commit }) => commit(makeEdit.delete(makeEdit.tier('a', { project: 'two' }))),
      ],
      ['runs', 'it goes', ({ commit }) => commit(makeEdit.delete(makeEdit.tier('a', { project: 'one' })))],
    ],
  },
  {
    of: ['ResourceFilter.project'],
    read: '{ tiers(filter: { project: "later" }) { totalCount } }',
    steps: [
      ['rests', 'one of another project comes', ({ commit }) => commit(makeEdit.tier('b', { project: 'two' }))],
      ['runs', 'the project comes', ({ commit }) => commit(makeEdit.project('later'))],
      ['runs', 'a new match', ({ commit }) => commit(makeEdit.tier('b', { project: 'later' }))],
    ],
  },
  {
    of: ['ResourceFilter.environment', 'ResourceFilter.kinds'],
    read: '{ resources(filter: { kinds: ["AppInstance"], environment: "dev", project: "default" }) { totalCount } }',
    steps: [
      [
        'rests',
        'one of another environment',
        ({ commit }) => commit(makeEdit.app('wiki'), makeEdit.instance('wiki', 'prod')),
      ],
      ['rests', 'one of another kind', ({ commit }) => commit(makeEdit.secret('key', 'dev'))],
      ['runs', 'a new match', ({ commit }) => commit(makeEdit.instance('wiki', 'dev'))],
      ['runs', 'it is to go', ({ commit }) => commit(makeEdit.delete(makeEdit.instance('wiki', 'dev')))],
    ],
  },
  {
    of: ['EnvironmentFilter.spec'],
    read: '{ environments(filter: { spec: { runtime: "remote" } }) { totalCount } }',
    steps: [
      ['rests', 'one without a runtime comes', ({ commit }) => commit(makeEdit.environment('stage'))],
      ['rests', 'one goes to another runtime', ({ commit }) => commit(onRuntime('stage', 'local'))],
      ['runs', 'it joins', ({ commit }) => commit(onRuntime('stage', 'remote'))],
      ['runs', 'its label changes', ({ commit }) => commit(onRuntime('stage', 'remote', { a: 'b' }))],
      ['runs', 'it leaves', ({ commit }) => commit(onRuntime('stage', 'local'))],
      ['rests', 'it changes elsewhere', ({ commit }) => commit(onRuntime('stage', 'local', {}))],
    ],
  },
  {
    of: ['ResourceFilter.labels'],
    read: '{ tiers(filter: { labels: [{ key: "team", value: "x" }] }) { totalCount } }',
    steps: [
      ['rests', 'one without it comes', ({ commit }) => commit(makeEdit.tier('c', { labels: { team: 'y' } }))],
      ['runs', 'it joins', ({ commit }) => commit(label('c', 'x'))],
      ['runs', 'it leaves', ({ commit }) => commit(label('c', 'y'))],
      ['rests', 'it changes elsewhere', ({ commit }) => commit(label('c', 'z'))],
      ['rests', 'it goes elsewhere', ({ commit }) => commit(makeEdit.delete(makeEdit.tier('c')))],
    ],
  },
  {
    of: ['ResourceFilter.health'],
    read: '{ resources(filter: { kinds: ["Workload"], health: [Degraded] }) { totalCount countsByHealth { count } } }',
    steps: [
      ['rests', 'another one is well', ({ report }) => report('shop', 'Healthy')],
      ['rests', 'its events', ({ event }) => event('shop', 'Normal', 'Well')],
      ['runs', 'it joins', ({ report }) => report('shop', 'Degraded')],
      ['runs', 'its condition changes', ({ report }) => report('shop', 'Degraded')],
      ['runs', 'its objects', ({ objects }) => objects('shop', [{ name: 'of-health' }])],
      ['runs', 'it leaves', ({ report }) => report('shop', 'Healthy')],
      ['rests', 'it changes elsewhere', ({ report }) => report('shop', 'Progressing')],
    ],
  },
  {
    of: ['ResourceFilter.isDeleting'],
    read: '{ appInstances(filter: { isDeleting: true }) { totalCount } }',
    steps: [
      ['rests', 'one comes', ({ commit }) => commit(makeEdit.app('mail'), makeEdit.instance('mail', 'dev'))],
      ['runs', 'it is to go', ({ commit }) => commit(makeEdit.delete(makeEdit.instance('mail', 'dev')))],
    ],
  },
  {
    of: ['ResourceFilter.names', 'ResourceFilter.nameContains'],
    read: '{ tiers(filter: { names: ["gold", "silver"] }) { totalCount } more: tiers(filter: { nameContains: "ron" }) { totalCount } }',
    steps: [
      ['rests', 'one of another name', ({ commit }) => commit(makeEdit.tier('tin'))],
      ['runs', 'one of that name', ({ commit }) => commit(makeEdit.tier('silver'))],
      ['runs', 'one with that in its name', ({ commit }) => commit(makeEdit.tier('bronze'))],
    ],
  },
  {
    of: ['ResourceFilter.ids'],
    read: ({ ids }) => `{ resources(filter: { ids: ["${ids['App/shop']}"] }) { nodes { version } } }`,
    steps: [
      ['rests', 'another one', ({ commit }) => commit(makeEdit.app('blog', { op: 'update', labels: { a: 'b' } }))],
      ['runs', 'it', ({ commit }) => commit(makeEdit.app('shop', { op: 'update', labels: { a: 'b' } }))],
    ],
  },
  {
    of: ['ResourceFilter.ownerId'],
    read: ({ ids }) => `{ workloads(filter: { ownerId: "${ids['AppInstance/shop']}" }) { totalCount } }`,
    steps: [
      ['rests', 'what another one owns', ({ report }) => report('blog', 'Healthy')],
      ['runs', 'what it owns', ({ report }) => report('shop', 'Healthy')],
    ],
  },
  {
    of: ['ObjectFilter.kinds', 'ObjectFilter.names', 'ObjectFilter.project', 'ObjectFilter.environment'],
    read: '{ objects(filter: { kinds: ["ConfigMap"], names: ["c"], project: "default", environment: "dev" }) { totalCount } }',
    steps: [
      ['rests', 'one of another name', ({ objects }) => objects('shop', [{ name: 'd' }])],
      ['rests', 'one of another kind', ({ objects }) => objects('shop', [{ name: 'c', kind: 'Secret' }])],
      ['rests', 'one of another environment', ({ objects }) => objects('blog', [{ name: 'c' }])],
      ['rests', 'a status', ({ report }) => report('shop', 'Progressing')],
      ['runs', 'a new match', ({ objects }) => objects('shop', [{ name: 'c' }])],
      ['runs', 'it goes', ({ objects }) => objects('shop', [], ['c'])],
    ],
  },
  {
    of: ['ObjectFilter.resourceId', 'ObjectFilter.withChildren', 'ObjectFilter.health', 'ObjectFilter.isDrifted'],
    read: ({ ids }) =>
      `{ objects(filter: { resourceId: "${ids['AppInstance/shop']}", withChildren: true, health: [Degraded], isDrifted: false }) { totalCount } }`,
    steps: [
      ['rests', 'one of another app', ({ objects }) => objects('blog', [{ name: 'e', health: 'Degraded' }])],
      ['rests', 'a status', ({ report }) => report('shop', 'Degraded')],
      ['runs', 'a new match', ({ objects }) => objects('shop', [{ name: 'e', health: 'Degraded' }])],
      ['runs', 'it leaves', ({ objects }) => objects('shop', [{ name: 'e', health: 'Healthy' }])],
    ],
  },
  {
    of: ['EventFilter.type', 'EventFilter.project', 'EventFilter.environment', 'EventFilter.isOfCluster'],
    read: '{ events(filter: { type: Warning, isOfCluster: false, project: "default", environment: "dev" }) { totalCount } }',
    steps: [
      ['rests', 'one of another type', ({ event }) => event('shop', 'Normal', 'Fine')],
      ['rests', 'one of another environment', ({ event }) => event('blog', 'Warning', 'Slow')],
      ['rests', 'a status', ({ report }) => report('shop', 'Healthy')],
      ['runs', 'a new match', ({ event }) => event('shop', 'Warning', 'Slow')],
    ],
  },
  {
    of: ['EventFilter.resourceId', 'EventFilter.withChildren'],
    read: ({ ids }) =>
      `{ events(filter: { resourceId: "${ids['AppInstance/shop']}", withChildren: true }) { totalCount } }`,
    steps: [
      ['rests', 'one of another app', ({ event }) => event('blog', 'Normal', 'Other')],
      ['runs', 'one of what it owns', ({ event }) => event('shop', 'Normal', 'Other')],
    ],
  },
  {
    of: ['RevisionFilter.kinds', 'RevisionFilter.names', 'RevisionFilter.ops', 'RevisionFilter.project'],
    read: '{ revisions(filter: { kinds: ["Tier"], names: ["v"], ops: [updated], project: "one" }) { totalCount } }',
    steps: [
      ['rests', 'one of another op', ({ commit }) => commit(makeEdit.tier('v', { project: 'one' }))],
      [
        'rests',
        'one of another project',
        ({ commit }) => commit(makeEdit.tier('v'), makeEdit.tier('w', { project: 'one' })),
      ],
      ['rests', 'one that was another project', ({ commit }) => commit(label('v', 'x'))],
      ['rests', 'one of another name', ({ commit }) => commit(label('w', 'x', 'one'))],
      ['runs', 'a new match', ({ commit }) => commit(label('v', 'x', 'one'))],
    ],
  },
  {
    of: ['RevisionFilter.resourceId', 'RevisionFilter.environment'],
    read: ({ ids }) =>
      `{ revisions(filter: { resourceId: "${ids['shop/Workload/web']}", environment: "dev" }) { totalCount } }`,
    steps: [
      ['rests', 'one of another', ({ report }) => report('blog', 'Degraded')],
      ['runs', 'one of its own', ({ report }) => report('shop', 'Degraded')],
    ],
  },
  {
    of: [],
    read: '{ resource(kind: "AppInstance", name: "shop", environment: "dev") { name status { health } } }',
    steps: [
      ['rests', 'what it owns', ({ report }) => report('shop', 'Healthy')],
      ['rests', 'one of that name elsewhere', ({ commit }) => commit(makeEdit.instance('shop', 'prod'))],
      ['runs', 'it', ({ commit }) => commit(makeEdit.instance('shop', 'dev', { op: 'update', labels: { a: 'b' } }))],
    ],
  },
];

const onRuntime = (name: string, runtime: string, labels?: Readonly<Record<string, string>>) =>
  makeEdit.environment(name, { op: 'update', spec: { runtime }, ...(labels && { labels }) });
