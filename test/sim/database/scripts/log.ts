import { readBound } from '../../../../db/feed/bound.js';
import { readPage } from '../../../../db/feed/page.js';
import { writerKeyBase } from '../../../../db/revision-lock.js';
import { idOf } from '../helpers/given.js';
import type { Script } from '../helpers/scripts.js';
import type { Stage } from '../helpers/stage.js';

/** Up to where the log may be read, relative to a first look, and what is there. */
async function createReader(stage: Stage) {
  let from = 0n;
  await stage.look('first look', async (database) => {
    from = (await readBound(database, null)).newest;
    return 'quiet';
  });
  return () =>
    stage.look('look', async (database) => {
      const { newest, settled } = await readBound(database, from);
      const page = await readPage(database, 'some', from, settled);
      return { newest: newest - from, settled: settled - from, commits: page.commits.map(({ seq }) => seq - from) };
    });
}

/** The log, and locks by number. */
export const logScripts: readonly Script[] = [
  ...(['commit', 'rollback'] as const).map(
    (end): Script => ({
      title: `the log is not read past a number that was taken and may still come, whose writer ends with ${end}`,
      async run(stage, given) {
        const look = await createReader(stage);
        const [a, b, c] = [await stage.begin('A'), await stage.begin('B'), await stage.begin('C')];
        await a.run('revisions.append', [given.revision('Tier', 'tier-0'), writerKeyBase]);
        await look();
        await b.run('revisions.append', [given.revision('App', 'app-0'), writerKeyBase]);
        await b.commit();
        await look();
        await c.run('revisions.append', [given.revision('App', 'app-1'), writerKeyBase]);
        await a[end]();
        await look();
        await c.commit();
        await look();
      },
    }),
  ),
  {
    title: 'equal idempotency keys wait for each other, and others do not',
    async run(stage) {
      const [a, b, c] = [await stage.begin('A'), await stage.begin('B'), await stage.begin('C')];
      await a.run('idempotency.lock', ['someone key']);
      await b.run('idempotency.lock', ['someone key']);
      await c.run('idempotency.lock', ['someone other']);
      await a.run('idempotency.store', [idOf('a'), 'key', Buffer.from('mac'), '{}']);
      await a.commit();
      await b.run('idempotency.read', [idOf('a'), 'key']);
      await b.commit();
      await c.commit();
    },
  },
  {
    title: 'a takeover of a lease waits for who acts under it, and a renewal does not',
    async run(stage, given) {
      const { id, leaseKey } = given.row('KubernetesRuntime', 'runtime-0');
      const keys = [leaseKey];
      const [first, second] = [idOf('a'), idOf('b')];
      const setUp = await stage.begin('A');
      await setUp.run('leases.take', [keys, 'A', first, 60_000]);
      await setUp.commit();
      const [a, b, c] = [await stage.begin('A'), await stage.begin('B'), await stage.begin('C')];
      await a.run('fence.lock-leases-of', [[id]]);
      await b.run('leases.renew', ['A', first, 60_000]);
      await b.run('leases.release', ['A', first, keys]);
      await b.commit();
      await c.run('leases.lock-free', [keys]);
      await a.commit();
      await c.run('leases.take', [keys, 'B', second, 60_000]);
      await c.commit();
      const d = await stage.begin('D');
      await d.run('fence.lock-leases-of', [[id]]);
      await d.commit();
    },
  },
  {
    title: 'who asks for leases of others is not in the way of their renewals',
    async run(stage) {
      const [first, second] = [idOf('a'), idOf('b')];
      const [a, b] = [await stage.begin('A'), await stage.begin('B')];
      await a.run('leases.take', [['one', 'two'], 'A', first, 60_000]);
      await a.commit();
      await b.run('leases.take', [['one', 'two', 'three'], 'B', second, 60_000]);
      const c = await stage.begin('C');
      await c.run('leases.renew', ['A', first, 60_000]);
      await b.run('leases.list-held', ['B', second]);
      await c.commit();
      await b.commit();
    },
  },
];
