import { randomBytes } from 'node:crypto';
import test from 'ava';
import { bootstrap } from '../../db/bootstrap.js';
import { createCipher } from '../../db/cipher.js';
import { describeConnection, parseDatabaseUrl } from '../../db/connection.js';
import { openDatabase } from '../../db/database.js';
import { isAlive } from '../../db/embedded/server.js';
import { startEmbeddedPostgres } from '../../db/embedded.js';
import { DatabaseUnavailableError } from '../../db/failure.js';
import { createFeed } from '../../db/feed.js';
import { migrate, NewerSchemaError } from '../../db/migrate.js';
import { statement } from '../../db/statement.js';
import { createStore } from '../../db/store.js';
import { systemClock } from '../../lib/clock.js';
import { silentLog } from '../../lib/log.js';
import { systemRandom } from '../../lib/random.js';
import { createExpanders } from '../../model/expand/expanders.js';
import { builtInKinds } from '../../schema/kinds/built-in.js';
import { createTestDatabase } from '../helpers/database.js';
import { eventually } from '../helpers/eventually.js';
import { makeChangeset, makeEdit } from '../helpers/make-edit.js';
import { emptyFolder, removeServer } from '../helpers/postgres-folder.js';

test('a database that is down is told with its place and what to do, without the password', async (t) => {
  const error = await t.throwsAsync(
    openDatabase({ connection: { url: 'postgres://me:hunter2@127.0.0.1:1/plane' }, log: silentLog }),
    {
      instanceOf: DatabaseUnavailableError,
      message: /127\.0\.0\.1:1\/plane: nothing listens there\. Start the database/,
    },
  );
  t.false(`${error?.message} ${error?.stack} ${JSON.stringify(error?.details)}`.includes('hunter2'));
});

test('a database that does not exist is told by its name', async (t) => {
  const { connection, drop } = await createTestDatabase();
  t.teardown(drop);
  await t.throwsAsync(openDatabase({ connection: { ...connection, database: 'nowhere' }, log: silentLog }), {
    instanceOf: DatabaseUnavailableError,
    message: /\/nowhere: the database does not exist\. Create it/,
  });
});

test('a newer schema is refused with both versions, and nothing is changed', async (t) => {
  const { database, drop } = await createTestDatabase();
  t.teardown(drop);
  await database.query(statement('test.future', `insert into schema_migration (name) values ('9999-future')`));
  await t.throwsAsync(migrate(database), {
    instanceOf: NewerSchemaError,
    message: /has schema 9999-future; the newest that this Portolan knows is \d{4}-[a-z-]+\. Start the newer Portolan/,
  });
});

test('several servers migrate and bootstrap one empty database at once', async (t) => {
  const { database, connection, drop } = await createTestDatabase();
  t.teardown(drop);
  await database.query(statement('test.create', `create database ${connection.database}_empty template template0`));
  const empty = { ...connection, database: `${connection.database}_empty` };
  const servers = await Promise.all(
    [1, 2, 3].map(() => openDatabase({ connection: empty, log: silentLog, poolSize: 2 })),
  );
  await Promise.all(servers.map(migrate));
  const planes = await Promise.all(servers.map((server) => bootstrap(server, builtInKinds, systemRandom)));
  t.is(new Set(planes.map((plane) => plane.incarnation)).size, 1);
  const projects = await servers[0]?.query(statement('test.projects', 'select name from resource'));
  t.deepEqual(projects, [{ name: 'default' }]);
  await Promise.all(servers.map((server) => server.close()));
  await database.query(statement('test.drop', `drop database ${empty.database} with (force)`));
});

test('what threw is rolled back, and its connection is used again', async (t) => {
  const { database, drop } = await createTestDatabase({ poolSize: 1 });
  t.teardown(drop);
  const insert = statement('test.insert', `insert into controller values ('h', gen_random_uuid(), '{}', '1')`);
  const count = statement<{ count: bigint }>('test.count', 'select count(*) from controller');
  await t.throwsAsync(
    database.transaction(async (transaction) => {
      await transaction.query(insert);
      throw new Error('Changed my mind.');
    }),
    { message: 'Changed my mind.' },
  );
  t.deepEqual(await database.query(count), [{ count: 0n }]);
});

test('a snapshot sees one moment, and Postgres refuses to write in it', async (t) => {
  const { database, drop } = await createTestDatabase({ poolSize: 2 });
  t.teardown(drop);
  const insert = statement(
    'test.insert',
    `insert into controller values (gen_random_uuid(), gen_random_uuid(), '{}', '1')`,
  );
  const count = statement<{ count: bigint }>('test.count', 'select count(*) from controller');
  await database.snapshot(async (transaction) => {
    t.deepEqual(await transaction.query(count), [{ count: 0n }]);
    await database.query(insert);
    t.deepEqual(await transaction.query(count), [{ count: 0n }]);
  });
  t.deepEqual(await database.query(count), [{ count: 1n }]);
  const next = statement('test.next', `select nextval('revision_seq')`);
  for (const write of [insert, next]) {
    await t.throwsAsync(
      database.snapshot((transaction) => transaction.query(write)),
      { message: /in a read-only transaction/ },
    );
  }
  t.deepEqual(await database.query(count), [{ count: 1n }]);
});

test('Postgres crashes and restarts under load: what was acknowledged is there, and the feed tells each commit once', async (t) => {
  const folder = await emptyFolder(t);
  const options = { folder, log: silentLog };
  let server = await startEmbeddedPostgres(options);
  // Who was started first starts it again too, when it is killed.
  const started = [server];
  const database = await openDatabase({ connection: server.connection, log: silentLog });
  await migrate(database);
  const plane = await bootstrap(database, builtInKinds, systemRandom);
  const feed = createFeed({ database, plane, clock: systemClock, random: systemRandom, log: silentLog, pollMs: 50 });
  t.teardown(async () => {
    await feed.close();
    await database.close();
    for (const each of started.reverse()) await removeServer(each);
  });
  const wake = () => feed.wake();
  const cipher = createCipher(randomBytes(32));
  const parts = {
    database,
    plane,
    registry: builtInKinds,
    expanders: createExpanders(builtInKinds),
    cipher,
    random: systemRandom,
    log: silentLog,
    wake,
  };
  const store = createStore(parts);
  const operator = { principalId: systemRandom.uuid(), name: 'operator', role: 'operator' } as const;

  const start = await feed.head();
  const told: string[] = [];
  const reading = (async () => {
    for await (const commit of feed.changes(start)) told.push(commit.cursor);
  })();
  const acknowledged: string[] = [];
  const refusals: unknown[] = [];
  let isWriting = true;
  const writing = Promise.all(
    Array.from({ length: 6 }, async (_, writer) => {
      for (let count = 0; isWriting; count += 1) {
        const name = `w${writer}-${count}`;
        await store.commit(makeChangeset([makeEdit.tier(name)]), operator).then(
          () => acknowledged.push(name),
          (error) => refusals.push(error),
        );
      }
    }),
  );
  const moreThan = (count: number) =>
    eventually(
      () => {
        if (acknowledged.length <= count) throw new Error('Not yet.');
      },
      { timeoutMs: 20_000 },
    );
  for (const isCrash of [false, true, true]) {
    await moreThan(acknowledged.length + 50);
    if (isCrash) {
      // Immediate shutdown: nothing is rolled back or written down, the next start recovers from the log.
      process.kill(server.pid, 'SIGQUIT');
      await eventually(
        () => {
          if (isAlive(server.pid)) throw new Error('It still runs.');
        },
        { timeoutMs: 20_000 },
      );
    } else {
      await server.close();
    }
    server = await startEmbeddedPostgres(options);
    started.push(server);
  }
  await moreThan(acknowledged.length + 50);
  isWriting = false;
  await writing;

  const stored = await database.query(
    statement<{ name: string; seq: bigint }>(
      'test.stored',
      `select name, seq from revision where kind = 'Tier' order by seq`,
    ),
  );
  const names = new Set(stored.map((row) => row.name));
  t.deepEqual(
    acknowledged.filter((name) => !names.has(name)),
    [],
  );
  t.is(names.size, stored.length);
  await eventually(
    () => {
      if (told.length < stored.length) throw new Error(`Told ${told.length} of ${stored.length}.`);
    },
    { timeoutMs: 20_000 },
  );
  t.deepEqual(
    told,
    stored.map((row) => `${plane.incarnation}:${row.seq}`),
  );
  t.true(refusals.length > 0);
  t.deepEqual(
    refusals.filter((error) => !(error instanceof DatabaseUnavailableError)),
    [],
  );
  await feed.close();
  await reading;
});

const urls = [
  {
    url: 'postgres://u:p%40ss@db.example:6543/plane',
    host: 'db.example',
    port: 6543,
    user: 'u',
    password: 'p@ss',
    database: 'plane',
  },
  { url: 'postgresql://u@[::1]/plane', host: '::1', port: 5432, user: 'u', password: undefined, database: 'plane' },
  {
    url: 'postgres:///plane?host=/var/run/pg',
    host: '/var/run/pg',
    port: 5432,
    user: 'postgres',
    password: undefined,
    database: 'plane',
  },
];

for (const { url, ...expected } of urls) {
  test(`reads ${url}`, (t) => {
    const { host, port, user, password, database } = parseDatabaseUrl(url);
    t.deepEqual({ host, port, user, password, database }, expected);
  });
}

test('what is no Postgres URL is refused without repeating it, and a password is never described', (t) => {
  const error = t.throws(() => parseDatabaseUrl('mysql://me:hunter2@db/plane'));
  t.false(error?.message.includes('hunter2'));
  t.is(describeConnection(parseDatabaseUrl('postgres://me:hunter2@db/plane')), 'db:5432/plane');
  t.deepEqual(parseDatabaseUrl('postgres://me@db/plane?sslmode=verify-full').ssl, { rejectUnauthorized: true });
});

test('what waits for a connection is answered before the database closes, and what comes later is refused', async (t) => {
  const test = await createTestDatabase({ poolSize: 1 });
  t.teardown(() => test.drop());
  const database = await openDatabase({ connection: test.connection, log: silentLog, poolSize: 1 });
  const one = statement<{ one: number }>('test.one', 'select 1 as one');
  const held = Promise.withResolvers<void>();
  const holding = database.transaction(async (transaction) => {
    await transaction.query(one);
    await held.promise;
  });
  const waiting = Promise.all([database.query(one), database.transaction((transaction) => transaction.query(one))]);
  const closing = database.close();
  await t.throwsAsync(database.query(one), { instanceOf: DatabaseUnavailableError, message: /is closing it/ });
  held.resolve();
  t.deepEqual(await waiting, [[{ one: 1 }], [{ one: 1 }]]);
  await Promise.all([holding, closing]);
});

test('a connection that somebody holds for ever is cut when the database closes, and what it was used for fails', async (t) => {
  const test = await createTestDatabase();
  t.teardown(() => test.drop());
  const database = await openDatabase({ connection: test.connection, log: silentLog });
  const pid = statement<{ pid: number }>('test.pid', 'select pg_backend_pid() as pid');
  const isThere = statement<{ pid: number }>('test.is-there', 'select pid from pg_stat_activity where pid = $1');
  const begun = Promise.withResolvers<number>();
  const closed = Promise.withResolvers<void>();
  const holding = database.transaction(async (transaction) => {
    begun.resolve((await transaction.query(pid))[0]?.pid ?? 0);
    await closed.promise;
    await transaction.query(pid);
  });
  const held = await begun.promise;
  await database.close();
  await eventually(
    async () => {
      if ((await test.database.query(isThere, [held])).length > 0) throw new Error('It is still there.');
    },
    { timeoutMs: 5_000 },
  );
  closed.resolve();
  await t.throwsAsync(holding, { instanceOf: DatabaseUnavailableError });
});

test('a database that was closed holds no connection, whether the ORM was used or not', async (t) => {
  const test = await createTestDatabase();
  t.teardown(() => test.drop());
  const name = statement<{ name: string }>('test.name', "select current_setting('application_name') as name");
  const count = statement<{ count: number }>(
    'test.count',
    "select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'portolan' and pid <> pg_backend_pid()",
  );
  const before = (await test.database.query(count))[0]?.count ?? 0;
  for (const isOrmUsed of [false, true]) {
    const database = await openDatabase({ connection: test.connection, log: silentLog });
    await Promise.all([database.query(name), database.query(name)]);
    if (isOrmUsed) await (await database.orm()).em.getConnection().execute('select 1');
    await database.close();
    await eventually(
      async () => {
        const now = (await test.database.query(count))[0]?.count ?? 0;
        if (now > before) throw new Error(`${now} and not ${before} connections are open.`);
      },
      { timeoutMs: 5_000 },
    );
  }
  t.pass();
});
