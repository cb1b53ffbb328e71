import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { statement } from '../../db/statement.js';
import { removeHome } from '../../scripts/demo/leftovers.js';
import { createTestDatabase } from '../helpers/database.js';
import { everyColumn } from '../helpers/every-column.js';
import { urlOf } from '../helpers/server.js';

const home = mkdtempSync(join(tmpdir(), 'portolan-up-'));

test.after.always(() => removeHome(home));

test.serial('up with a database that is down says what, where and what next, without the password', (t) => {
  const { status, stderr } = portolan(['up'], { DATABASE_URL: 'postgres://me:canary@127.0.0.1:1/portolan' });
  t.is(status, 1);
  t.regex(
    stderr,
    /The plane did not start: it ended with exit code 1\.\n {2}\| Cannot reach the database 127\.0\.0\.1:1/,
  );
  t.regex(stderr, /next: Its whole log is .*plane\.log/);
  t.notRegex(stderr, /canary/);
});

test.serial('start with a database that is down says it in the foreground, without a stack', (t) => {
  const { status, stdout, stderr } = portolan(['start'], { DATABASE_URL: 'postgres://me:canary@127.0.0.1:1/portolan' });
  t.is(status, 1);
  const [told = '', ended, ...more] = stderr.trimEnd().split('\n');
  t.regex(
    told,
    /^Cannot reach the database 127\.0\.0\.1:1\/portolan: nothing listens there\. Start the database, or correct/,
  );
  t.is(ended, 'error: The plane ended with exit code 1.');
  t.deepEqual(more, [], 'nothing but words');
  t.notRegex(stderr, /canary/);
  t.is(stdout, '');
});

test.serial(
  'a database with a newer schema is refused in words, in the foreground too, and is left as it was',
  async (t) => {
    const { database, connection, drop } = await createTestDatabase();
    t.teardown(drop);
    const read = statement<{ name: string }>('test.schema', 'select name from schema_migration order by id');
    await database.query(statement('test.future', `insert into schema_migration (name) values ('9999-future')`));
    const before = [await database.query(read), await everyColumn(database)];
    for (const command of ['up', 'start']) {
      const { status, stdout, stderr } = portolan([command], { DATABASE_URL: urlOf(connection) });
      t.is(status, 1, command);
      t.regex(stderr, /has schema 9999-future; the newest that this Portolan knows is \d{4}-[a-z-]+\./, command);
      t.regex(stderr, /Start the newer Portolan that migrated it, or name another database with DATABASE_URL/, command);
      t.notRegex(`${stdout}${stderr}`, /^ +at |node:internal/m, command);
    }
    t.deepEqual([await database.query(read), await everyColumn(database)], before);
    t.false(
      existsSync(join(home, 'plane.json')) || existsSync(join(home, 'plane.lock')),
      'no plane is left to be found',
    );
  },
);

test.serial('up shows only what this start wrote', (t) => {
  const { status, stderr } = portolan(['up'], { PORTOLAN_LOG_LEVEL: 'loud' });
  t.is(status, 1);
  t.regex(stderr, /PORTOLAN_LOG_LEVEL/);
  t.notRegex(stderr, /DATABASE_URL/);
});

test.serial('a port that is none is a wrong command line: exit code 2', (t) => {
  t.is(portolan(['up', '--port', 'x'], {}).status, 2);
});

test.serial('without a plane every command that needs one exits with 5 and says how to start it', (t) => {
  for (const args of [['get'], ['status'], ['apply', '-f', 'examples/shop/app.yaml'], ['watch']]) {
    const { status, stderr } = portolan(args, {});
    t.is(status, 5, args.join(' '));
    t.regex(stderr, /next: Start one with:? `?portolan up/);
  }
  const elsewhere = portolan(['get'], { PORTOLAN_URL: 'http://127.0.0.1:1', PORTOLAN_TOKEN: 'canary' });
  t.is(elsewhere.status, 5);
  t.regex(elsewhere.stderr, /The Portolan server at http:\/\/127\.0\.0\.1:1\/graphql did not answer: /);
  t.notRegex(elsewhere.stderr, /canary/);
});

function portolan(args: readonly string[], more: Readonly<Record<string, string>>) {
  const { PORTOLAN_URL, PORTOLAN_TOKEN, DATABASE_URL, ...environment } = process.env;
  return spawnSync(process.execPath, ['bin/portolan.mjs', ...args], {
    encoding: 'utf8',
    env: { ...environment, PORTOLAN_HOME: home, ...more },
  });
}
