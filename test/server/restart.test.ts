import { rm } from 'node:fs/promises';
import test from 'ava';
import { startEmbeddedPostgres } from '../../db/embedded.js';
import { silentLog } from '../../lib/log.js';
import { eventually } from '../helpers/eventually.js';
import { type Answer, startTestServer } from '../helpers/server.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

test('says that it is not ready while Postgres is away, and goes on by itself when it is back', async (t) => {
  const folder = await temporaryFolder(t);
  const options = { folder, log: silentLog, fsync: false };
  let postgres = await startEmbeddedPostgres(options);
  t.teardown(async () => {
    await postgres.close();
    await rm(postgres.homeFolder, { recursive: true, force: true });
  });
  const server = await startTestServer(null, { connection: postgres.connection });
  t.teardown(() => server.close());
  const ready = async () => {
    const response = await fetch(`${server.url}/readyz`);
    const { checks } = (await response.json()) as { readonly checks: Readonly<Record<string, string>> };
    return { status: response.status, checks };
  };
  t.like(await ready(), { status: 200, checks: { database: 'ok', feed: 'ok', schema: 'ok' } });
  const live = server.subscribe<{ tiers: { totalCount: number } }>('subscription { tiers { totalCount } }');
  t.is((await live.next()).value?.data?.tiers.totalCount, 0);

  await postgres.close();
  t.like(await ready(), { status: 503, checks: { database: 'failed' } });
  t.is((await fetch(`${server.url}/healthz`)).status, 200);
  const refused = await server.query('{ tiers { totalCount } }');
  t.is(refused.errors?.[0]?.extensions.code, 'INTERNAL');
  t.true(refused.errors?.[0]?.message.startsWith('The database does not answer just now'), JSON.stringify(refused));
  t.false(JSON.stringify(refused).includes(postgres.connection.host), 'its address is nobody else’s business');

  postgres = await startEmbeddedPostgres(options);
  const until = (condition: () => Promise<boolean>) =>
    eventually(
      async () => {
        if (!(await condition())) throw new Error('not yet');
      },
      { timeoutMs: 20_000 },
    );
  await until(async () => (await ready()).status === 200);
  const made = await server.query('mutation { createTier(input: { name: "dev", spec: { order: 1 } }) { name } }');
  t.is(made.errors, undefined);
  const answer = (await live.next()).value as Answer<{ tiers: { totalCount: number } }>;
  t.is(answer.data?.tiers.totalCount, 1, 'the live read has outlived it');
  await live.return?.();
});
