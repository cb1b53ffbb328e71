import type { Given } from '../helpers/given.js';
import type { Script } from '../helpers/scripts.js';
import type { Stage } from '../helpers/stage.js';

const tier = (given: Given) => [[given.id('Tier', 'tier-0')]];
const modes = ['refer', 'read', 'edit', 'remove'] as const;

async function two(stage: Stage) {
  return [await stage.begin('A'), await stage.begin('B')] as const;
}

/** Locks of rows, and what is seen of them. */
export const rowScripts: readonly Script[] = [
  ...modes.flatMap((first) =>
    modes.map(
      (second): Script => ({
        title: `who asks to ${second} while another one holds to ${first} waits, or does not`,
        async run(stage, given) {
          const [a, b] = await two(stage);
          await a.run(`rows.by-id.${first}`, tier(given));
          await b.run(`rows.by-id.${second}`, tier(given));
          await a.rollback();
          await b.rollback();
        },
      }),
    ),
  ),
  {
    title: 'who waited for a row goes on with its newest version',
    async run(stage, given) {
      const [a, b] = await two(stage);
      await a.run('rows.by-id.edit', tier(given));
      await b.run('rows.by-id.edit', tier(given));
      await a.run('write.update-resources', [given.update('Tier', 'tier-0', { labels: { team: 'a' } })]);
      await a.commit();
      await b.commit();
    },
  },
  {
    title: 'two who write to a row come one after the other, and the second is on top',
    async run(stage, given) {
      const [a, b] = await two(stage);
      await a.run('write.update-resources', [given.update('Tier', 'tier-0', { labels: { team: 'a' } })]);
      await b.run('write.update-resources', [given.update('Tier', 'tier-0', { labels: { team: 'b' } })]);
      await a.commit();
      await b.commit();
      const c = await stage.begin('C');
      await c.run('rows.by-id.none', tier(given));
      await c.commit();
    },
  },
  {
    title: 'what is not committed is seen by nobody else, and nobody waits to read',
    async run(stage, given) {
      const [a, b] = await two(stage);
      await a.run('write.update-resources', [given.update('Tier', 'tier-0', { labels: { team: 'c' } })]);
      await a.run('rows.by-id.none', tier(given));
      await b.run('rows.by-id.none', tier(given));
      await b.run('rows.by-id.refer', tier(given));
      await a.commit();
      await b.run('rows.by-id.none', tier(given));
      await b.commit();
    },
  },
  {
    title: 'who waited for a row that was deleted finds nothing, and finds it where the deletion was rolled back',
    async run(stage, given) {
      const row = [[given.id('Tier', 'tier-1')]];
      for (const end of ['rollback', 'commit'] as const) {
        const [a, b] = await two(stage);
        await a.run('write.delete-resources', row);
        await b.run('rows.by-id.refer', row);
        await a[end]();
        await b.rollback();
      }
    },
  },
  {
    title: 'who waited for what is at a place does not get what was renamed meanwhile',
    async run(stage, given) {
      const { kind, scopeId, name } = given.row('Environment', 'env-1');
      const place = [JSON.stringify([{ kind, scopeId, name }])];
      for (const mode of ['edit', 'refer'] as const) {
        const [a, b, d] = [...(await two(stage)), await stage.begin('D')];
        await a.run('write.update-resources', [given.update(kind, name, { name: 'renamed' })]);
        await b.run(`rows.by-place.${mode}`, place);
        await d.run(`rows.at-place.${mode}`, [kind, scopeId, name]);
        await a.commit();
        await b.rollback();
        await d.rollback();
        const c = await stage.begin('C');
        await c.run('write.update-resources', [given.update(kind, name, {})]);
        await c.commit();
      }
    },
  },
  ...(['edit', 'remove'] as const).map(
    (mode): Script => ({
      title: `who refers to what another one held to ${mode}, and changed, sees it as it is now, or as it was`,
      async run(stage, given) {
        const [a, b] = await two(stage);
        const [first, second] = [given.id('Environment', 'env-0'), given.id('Environment', 'env-1')].sort();
        const name = first === given.id('Environment', 'env-0') ? 'env-1' : 'env-0';
        await a.run('rows.by-id.remove', [[first ?? '']]);
        await b.run('rows.by-id.refer', [[first ?? '', second ?? '']]);
        const c = await stage.begin('C');
        await c.run(`rows.by-id.${mode}`, [[second ?? '']]);
        await c.run('write.update-resources', [given.update('Environment', name, { labels: { held: mode } })]);
        await c.commit();
        await a.commit();
        await b.commit();
        const d = await stage.begin('D');
        await d.run('rows.by-id.remove', tier(given));
        const e = await stage.begin('E');
        await e.run('rows.by-id.refer', tier(given));
        await d.run('write.update-resources', [given.update('Tier', 'tier-0', { labels: { held: mode } })]);
        await d.commit();
        await e.commit();
      },
    }),
  ),
  {
    title: 'a row that came after the statement began is not locked by it, though it waited for another one',
    async run(stage, given) {
      const scopeId = given.id('Project', 'default');
      const projectId = scopeId;
      const [a, b] = await two(stage);
      const { id } = given.row('Environment', 'env-0');
      const place = (name: string) => ({ kind: 'Environment', scopeId, name });
      await a.run('rows.by-id.edit', [[id]]);
      await b.run('rows.by-place.edit', [JSON.stringify([place('env-0'), place('new')])]);
      await a.run('write.insert-resources', [given.insert('Environment', 'new', '1', { scopeId, projectId })]);
      await a.commit();
      await b.run('rows.by-place.edit', [JSON.stringify([place('new')])]);
      await b.rollback();
    },
  },
  {
    title: 'those who wait for a row get it in the order in which they came',
    async run(stage, given) {
      const [a, b] = await two(stage);
      const c = await stage.begin('C');
      await a.run('rows.by-id.edit', tier(given));
      await b.run('rows.by-id.edit', tier(given));
      await c.run('rows.by-id.read', tier(given));
      await a.commit();
      await b.commit();
      await c.commit();
    },
  },
  {
    title: 'of two who wait for each other one is told',
    async run(stage, given) {
      const [a, b] = await two(stage);
      const other = [[given.id('Environment', 'env-0')]];
      await a.run('rows.by-id.edit', tier(given));
      await b.run('rows.by-id.edit', other);
      await a.run('rows.by-id.edit', other);
      await b.closeCircle('rows.by-id.edit', tier(given));
    },
  },
  {
    title: 'of two who read a row and both want to change it one is told',
    async run(stage, given) {
      const [a, b] = await two(stage);
      await a.run('rows.by-id.read', tier(given));
      await b.run('rows.by-id.read', tier(given));
      await a.run('rows.by-id.edit', tier(given));
      await b.closeCircle('rows.by-id.edit', tier(given));
    },
  },
  {
    title: 'a snapshot sees what its first read saw, and writes nothing',
    async run(stage, given) {
      const [a, snapshot] = [await stage.begin('A'), await stage.begin('S', { isSnapshot: true })];
      await snapshot.run('rows.by-id.none', tier(given));
      await a.run('write.update-resources', [given.update('Tier', 'tier-0', { labels: { team: 'after' } })]);
      await a.commit();
      await snapshot.run('rows.by-id.none', tier(given));
      await snapshot.run('rows.by-id.edit', tier(given));
      await snapshot.rollback();
    },
  },
  {
    title: 'after a failure a transaction takes nothing but its end, and a commit writes nothing',
    async run(stage, given) {
      const a = await stage.begin('A');
      await a.run('write.changeset', ['00000000-0000-4000-8000-0000000000c1', 'A', 'test', 1]);
      await a.run('write.insert-resources', [given.insert('Tier', 'tier-0', '2')]);
      await a.run('rows.by-id.none', tier(given));
      await a.commit();
    },
  },
];
