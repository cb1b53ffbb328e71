import { type Given, idOf } from '../helpers/given.js';
import type { Script } from '../helpers/scripts.js';
import type { Stage } from '../helpers/stage.js';

const ends = ['rollback', 'commit'] as const;
const principals = [idOf('a'), idOf('b')];

async function two(stage: Stage) {
  return [await stage.begin('A'), await stage.begin('B')] as const;
}

const object = (resourceId: string, runtimeId: string, name: string) =>
  JSON.stringify([
    {
      ...{ resourceId, runtimeId },
      ...{
        group: '',
        version: 'v1',
        kind: 'ConfigMap',
        namespace: 'shared',
        name,
        state: 'intended',
        origin: 'created',
      },
      ...{ uid: null, appliedHash: null, health: 'Progressing', reason: null, message: '', drift: null },
    },
  ]);

const status = (id: string) =>
  JSON.stringify([
    {
      ...{ id, version: 1 },
      ...{
        observedGeneration: 1,
        health: 'Healthy',
        conditions: [],
        outputs: {},
        consumed: {},
        isStale: false,
        observed: {},
      },
    },
  ]);

const event = (resourceId: string, source: string) =>
  JSON.stringify([
    {
      ...{ resourceId, projectId: null, environmentId: null, source, object: '', ownerObject: null },
      ...{ type: 'Normal', reason: 'Seen', message: 'once', count: 1 },
    },
  ]);

const edge = (given: Given, path: string, to: readonly [string, string]) =>
  JSON.stringify([{ fromId: given.id('App', 'app-0'), path, toId: given.id(...to) }]);

/** Unique keys and foreign keys, and who waits for them. */
export const keyScripts: readonly Script[] = [
  ...ends.flatMap((end): Script[] => [
    {
      title: `who takes a name that another one is about to take waits, and that one ends with ${end}`,
      async run(stage, given) {
        const [a, b] = await two(stage);
        await a.run('write.insert-resources', [given.insert('Tier', `same-${end}`, `${end.length}1`)]);
        await b.run('write.insert-resources', [given.insert('Tier', `same-${end}`, `${end.length}2`)]);
        await a[end]();
        await b.commit();
      },
    },
    {
      title: `who takes a name that another one is about to give up waits, and that one ends with ${end}`,
      async run(stage, given) {
        const [a, b] = await two(stage);
        const { name } = given.row('App', 'app-1');
        const { scopeId, projectId } = given.row('App', 'app-1');
        await a.run('write.update-resources', [given.update('App', name, { name: `gone-${end}` })]);
        await b.run('write.insert-resources', [given.insert('App', name, `${end.length}3`, { scopeId, projectId })]);
        await a[end]();
        await b.rollback();
        if (end === 'rollback') return;
        const c = await stage.begin('C');
        await c.run('write.update-resources', [given.update('App', name, {})]);
        await c.commit();
      },
    },
    {
      title: `of two who take a lease that nobody had the second waits, and the first ends with ${end}`,
      async run(stage) {
        const [a, b] = await two(stage);
        const keys = [`lease-${end}`];
        await a.run('leases.take', [keys, 'A', principals[0] ?? '', 60_000]);
        await b.run('leases.take', [keys, 'B', principals[1] ?? '', 60_000]);
        await a[end]();
        await b.run('leases.list-held', ['B', principals[1] ?? '']);
        await b.commit();
      },
    },
    {
      title: `who claims a lease waits for another one that does, which ends with ${end}`,
      async run(stage) {
        const c = await stage.begin('C');
        const keys = [`claimed-${end}`];
        await c.run('leases.take', [keys, 'C', principals[0] ?? '', 60_000]);
        await c.commit();
        const [a, b] = await two(stage);
        await a.run('leases.claim', [keys, 'A', 60_000]);
        await b.run('leases.claim', [keys, 'B', 60_000]);
        await a[end]();
        await b.run('leases.look', [keys]);
        await b.commit();
      },
    },
    {
      title: `an object has one owner: the second who claims it waits, and the first ends with ${end}`,
      async run(stage, given) {
        const [a, b] = await two(stage);
        const runtime = given.id('KubernetesRuntime', 'runtime-0');
        await a.run('objects.write', [object(given.id('App', 'app-0'), runtime, `owned-${end}`)]);
        await b.run('objects.write', [object(given.id('Tier', 'tier-0'), runtime, `owned-${end}`)]);
        await a[end]();
        await b.commit();
      },
    },
    {
      title: `equal events of two are counted in one row, and the first ends with ${end}`,
      async run(stage, given) {
        const [a, b] = await two(stage);
        const values = [event(given.id('App', 'app-0'), `source-${end}`)];
        await a.run('notes.write-events', values);
        await b.run('notes.write-events', values);
        await a[end]();
        await b.commit();
      },
    },
    {
      title: `what is referred to cannot be deleted meanwhile, and who refers to it ends with ${end}`,
      async run(stage, given) {
        const [a, b] = await two(stage);
        await a.run('write.insert-references', [edge(given, `to-${end}`, ['DatabaseDefinition', 'def-1'])]);
        await b.run('write.delete-resources', [[given.id('DatabaseDefinition', 'def-1')]]);
        await a[end]();
        await b.rollback();
      },
    },
    {
      title: `what is about to be deleted cannot be referred to, and who deletes it ends with ${end}`,
      async run(stage, given) {
        const [a, b] = await two(stage);
        await a.run('write.delete-resources', [[given.id('Environment', 'env-1')]]);
        await b.run('write.insert-references', [edge(given, `late-${end}`, ['Environment', 'env-1'])]);
        await a[end]();
        await b.commit();
      },
    },
    {
      title: `the first status of what is being deleted waits for the deletion, which ends with ${end}`,
      async run(stage, given) {
        const c = await stage.begin('C');
        await c.run('write.insert-resources', [given.insert('Tier', `short-${end}`, `${end.length}7`)]);
        await c.commit();
        const [a, b] = await two(stage);
        await a.run('write.delete-resources', [[idOf(`${end.length}7`)]]);
        await b.run('status.write', [status(idOf(`${end.length}7`))]);
        await a[end]();
        await b.commit();
      },
    },
  ]),
  {
    title: 'a change that is none of a key keeps nobody from referring to it; a new name does',
    async run(stage, given) {
      const [a, b] = await two(stage);
      await a.run('write.update-resources', [given.update('Tier', 'tier-0', { labels: { team: 'z' } })]);
      await b.run('write.insert-references', [edge(given, 'to-tier', ['Tier', 'tier-0'])]);
      await a.run('write.update-resources', [given.update('Tier', 'tier-0', { name: 'renamed' })]);
      await b.rollback();
      await a.rollback();
    },
  },
  {
    title: 'there is one default runtime of a project',
    async run(stage, given) {
      const [a, b] = await two(stage);
      const spec = (isDefault: boolean) => ({ spec: { provider: 'sandbox', default: isDefault } });
      await a.run('write.update-resources', [given.update('KubernetesRuntime', 'runtime-0', spec(false))]);
      await a.run('write.update-resources', [given.update('KubernetesRuntime', 'runtime-1', spec(true))]);
      await b.run('write.update-resources', [given.update('KubernetesRuntime', 'runtime-0', spec(true))]);
      await a.commit();
      await b.rollback();
    },
  },
  {
    title: 'what refers to a resource goes with it, or is in the way',
    async run(stage, given) {
      const a = await stage.begin('A');
      await a.run('write.insert-references', [edge(given, 'own', ['Tier', 'tier-0'])]);
      await a.run('notes.write-attempt', [given.id('App', 'app-0'), 1, 'failed', null]);
      await a.run('write.delete-resources', [[given.id('App', 'app-0')]]);
      await a.rollback();
      const b = await stage.begin('B');
      await b.run('write.delete-resources', [[given.id('Project', 'default')]]);
      await b.rollback();
      const c = await stage.begin('C');
      const runtime = given.id('KubernetesRuntime', 'runtime-1');
      await c.run('objects.write', [object(given.id('App', 'app-0'), runtime, 'on-it')]);
      await c.run('write.delete-resources', [[given.id('KubernetesRuntime', 'runtime-1')]]);
      await c.rollback();
    },
  },
];
