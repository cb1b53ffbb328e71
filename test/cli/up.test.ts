import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { removeHome } from '../../scripts/demo/leftovers.js';

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
