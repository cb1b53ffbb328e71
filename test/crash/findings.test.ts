import test from 'ava';
import { findDoubled } from '../../crash/findings/find-doubled.js';
import { findLost } from '../../crash/findings/find-lost.js';
import { findOrphaned } from '../../crash/findings/find-orphaned.js';
import { findStuck } from '../../crash/findings/find-stuck.js';
import type { ClusterObject } from '../../crash/outside/cluster-object.js';
import type { SeenWorld } from '../../crash/outside/seen-world.js';
import type { StoredFacts, StoredResource } from '../../crash/outside/stored-facts.js';
import { deploymentSpec, makeWorld, object, resource } from './make-world.js';

/* Each invariant is broken on purpose in a world that is otherwise as it is to be. */

test('nothing is found in a world that is as it is to be', (t) => {
  const world = makeWorld();
  t.deepEqual(
    [...findLost(world), ...findDoubled(world), ...findOrphaned(world), ...findStuck(world.wishes, world.stored)],
    [],
  );
});

const withFacts = (world: SeenWorld, facts: Partial<StoredFacts>): SeenWorld => ({
  ...world,
  stored: { ...world.stored, ...facts },
});
const withResource = (world: SeenWorld, id: string, by: Partial<StoredResource>): SeenWorld =>
  withFacts(world, { resources: world.stored.resources.map((each) => (each.id === id ? { ...each, ...by } : each)) });
const without = (world: SeenWorld, id: string): SeenWorld =>
  withFacts(world, { resources: world.stored.resources.filter((each) => each.id !== id) });
const withObject = (world: SeenWorld, kind: string, by: Partial<ClusterObject>): SeenWorld => ({
  ...world,
  objects: world.objects.map((each) => (each.kind === kind ? { ...each, ...by } : each)),
});
const andObject = (world: SeenWorld, added: ClusterObject): SeenWorld => ({
  ...world,
  objects: [...world.objects, added],
});

interface BrokenWorld {
  readonly title: string;
  readonly breaks: (world: SeenWorld) => SeenWorld;
  readonly finding: RegExp;
}

const lost: readonly BrokenWorld[] = [
  {
    title: 'a commit that was acknowledged and is not there',
    breaks: (world) => withFacts(world, { changesets: ['c1'] }),
    finding: /^The changeset c2 of trial-1 was acknowledged and is not in the database\.$/m,
  },
  {
    title: 'a commit that the log does not tell of',
    breaks: (world) => withFacts(world, { loggedChangesets: ['c1'] }),
    finding: /^The log does not tell of the changeset c2 of trial-1\.$/m,
  },
  {
    title: 'an app instance that is wished and not there',
    breaks: (world) => without(world, 'instance'),
    finding: /^alpha is wished, and the database does not have it\.$/m,
  },
  {
    title: 'an app that is of an older version in the database',
    breaks: (world) => withResource(world, 'app', { spec: { components: ['example.com/web:2'] } }),
    finding: /^alpha is wished at 3, and the database has/m,
  },
  {
    title: 'an object that is wished and not in the cluster',
    breaks: (world) => ({ ...world, objects: world.objects.filter(({ kind }) => kind !== 'Service') }),
    finding: /^Service\/web of alpha is wished, and the cluster does not have it\.$/m,
  },
  {
    title: 'an object that is on its way out of the cluster',
    breaks: (world) => {
      const { metadata } = object('Secret', 'web', 'alpha-1', {});
      return withObject(world, 'Secret', { metadata: { ...metadata, deletionTimestamp: 'now' } });
    },
    finding: /^Secret\/web of alpha is wished/m,
  },
  {
    title: 'an object of an older version',
    breaks: (world) => withObject(world, 'ConfigMap', { data: { number: '2' } }),
    finding: /^ConfigMap\/alpha-1\/settings of alpha is not at 3: it has \{"number":"2"\}\.$/m,
  },
  {
    title: 'an older image',
    breaks: (world) => withObject(world, 'Deployment', { spec: deploymentSpec(2) }),
    finding: /^Deployment\/alpha-1\/web of alpha is not at 3: it has another image\.$/m,
  },
  {
    title: 'another number of replicas',
    breaks: (world) => withObject(world, 'Deployment', { spec: { ...deploymentSpec(), replicas: 1 } }),
    finding: /it has 1 replicas\.$/m,
  },
  {
    title: 'a variable that is wished and not there',
    breaks: (world) =>
      withObject(world, 'Deployment', { spec: JSON.parse(JSON.stringify(deploymentSpec()).replace('SALT', 'PEPPER')) }),
    finding: /it lacks SALT\.$/m,
  },
  {
    title: 'a database that is wished and not in the cloud',
    breaks: (world) => ({ ...world, cloud: [] }),
    finding: /^The database of alpha is wished, and the cloud does not have it\.$/m,
  },
];

const doubled: readonly BrokenWorld[] = [
  {
    title: 'a second namespace of one app instance',
    breaks: (world) => andObject(world, object('Namespace', 'alpha-2', null, {})),
    finding: /^The cluster has more than one Namespace\/ of the app instance instance\.$/m,
  },
  {
    title: 'one object in two namespaces',
    breaks: (world) => andObject(world, object('Deployment', 'web', 'alpha-2', {})),
    finding: /^The cluster has more than one Deployment\/web of/m,
  },
  {
    title: 'a second database in the cloud for one that is wished',
    breaks: (world) => ({ ...world, cloud: [...world.cloud, ...world.cloud] }),
    finding: /^The cloud has more than one database of database\.$/m,
  },
  {
    title: 'a resource that was made twice',
    breaks: (world) => withFacts(world, { resources: [...world.stored.resources, resource('again', 'App', 'alpha')] }),
    finding: /^The database has more than one App alpha/m,
  },
  {
    title: 'a changeset that was done twice',
    breaks: (world) => withFacts(world, { changesets: ['c1', 'c2', 'c3'] }),
    finding: /^The changeset c3 was committed, and is none of those that were acknowledged/m,
  },
  {
    title: 'one key that was answered with two changesets',
    breaks: (world) => ({
      ...world,
      acknowledged: [...world.acknowledged, { key: 'trial-1', changesetId: 'c2' }],
    }),
    finding: /^trial-1 was acknowledged as two changesets\.$/m,
  },
];

const orphaned: readonly BrokenWorld[] = [
  {
    title: 'a namespace of an app instance that is gone',
    breaks: (world) => {
      const metadata = { name: 'bravo-1', labels: { 'portolan.dev/instance': 'gone' } };
      return andObject(world, { apiVersion: 'v1', kind: 'Namespace', metadata });
    },
    finding: /^Namespace\/bravo-1 is of the app instance gone, which does not exist\.$/m,
  },
  {
    title: 'an object of a workload that is gone',
    breaks: (world) => without(world, 'web'),
    finding: /^ConfigMap\/alpha-1\/settings is of the workload web, which does not exist\.$/m,
  },
  {
    title: 'an object that is in no inventory',
    breaks: (world) => withFacts(world, { inventory: world.stored.inventory.filter(({ kind }) => kind !== 'Service') }),
    finding: /^Service\/alpha-1\/web is in no inventory of the workload web\.$/m,
  },
  {
    title: 'an object that is another one than the inventory knows',
    breaks: (world) => withFacts(world, { inventory: world.stored.inventory.map((row) => ({ ...row, uid: 'older' })) }),
    finding: /is uid-Namespace-alpha-1 in the cluster, and older in the inventory\.$/m,
  },
  {
    title: 'something in the cloud that belongs to nobody',
    breaks: (world) => {
      const tags = { 'portolan.dev/resource': 'gone' };
      return { ...world, cloud: [...world.cloud, { type: 'database', name: 'db-2', state: 'available', tags }] };
    },
    finding: /^The database db-2 in the cloud is of gone, which does not exist\.$/m,
  },
];

const stuck: readonly BrokenWorld[] = [
  {
    title: 'a deletion that does not end',
    breaks: (world) => withResource(world, 'web', { isDeleting: true, says: 'Waiting.' }),
    finding: /^Workload web is being deleted: Waiting\.$/m,
  },
  {
    title: 'what does not become healthy',
    breaks: (world) => withResource(world, 'web', { health: 'Progressing', says: 'Waiting.' }),
    finding: /^Workload web is Progressing: Waiting\.$/m,
  },
  {
    title: 'what uses outputs that are not current',
    breaks: (world) => withResource(world, 'web', { isStale: true }),
    finding: /^Workload web is Healthy: nothing is said of it$/m,
  },
  {
    title: 'a generation that nobody observes',
    breaks: (world) => withResource(world, 'web', { generation: 3 }),
    finding: /^Workload web is at generation 3, and 2 was observed\.$/m,
  },
  {
    title: 'a deletion that was acknowledged and never began',
    breaks: (world) => ({ ...world, wishes: new Map() }),
    finding: /^AppInstance alpha is there, and its deletion was acknowledged\.$/m,
  },
  {
    title: 'an object that is intended for ever',
    breaks: (world) =>
      withFacts(world, { inventory: world.stored.inventory.map((row) => ({ ...row, state: 'intended' })) }),
    finding: /^Service web of Workload web is intended in the inventory\.$/m,
  },
  {
    title: 'an intent that is never resolved',
    breaks: (world) => withFacts(world, { openIntents: [{ resourceId: 'database', action: 'create' }] }),
    finding: /^The intent to create Database db is open\.$/m,
  },
  {
    title: 'a pass that fails again and again',
    breaks: (world) => withFacts(world, { failing: [{ resourceId: 'web', count: 4, lastError: 'No.' }] }),
    finding: /^Workload web failed 4 times: No\.$/m,
  },
];

const invariants: Readonly<
  Record<string, { readonly worlds: readonly BrokenWorld[]; find(world: SeenWorld): readonly string[] }>
> = {
  lost: { worlds: lost, find: findLost },
  doubled: { worlds: doubled, find: findDoubled },
  orphaned: { worlds: orphaned, find: findOrphaned },
  stuck: { worlds: stuck, find: ({ wishes, stored }) => findStuck(wishes, stored) },
};

for (const [invariant, { worlds, find }] of Object.entries(invariants)) {
  for (const { title, breaks, finding } of worlds) {
    test(`${title} is found to be ${invariant}`, (t) => {
      t.regex(find(breaks(makeWorld())).join('\n'), finding);
    });
  }
}
