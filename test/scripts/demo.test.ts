import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { parseDemoOptions } from '../../scripts/demo/config.js';
import { removeHome } from '../../scripts/demo/leftovers.js';
import { claimDemo } from '../../scripts/demo/one-demo.js';
import { createSteps } from '../../scripts/demo/steps.js';

const folder = mkdtempSync(join(tmpdir(), 'portolan-demo-'));

test.after.always(() => rmSync(folder, { recursive: true, force: true }));

test('the demo reads its options, and refuses what it does not know by naming what it does', (t) => {
  t.deepEqual(parseDemoOptions([]), { isOnce: false, isReal: false, isKept: false, example: 'wordpress' });
  t.deepEqual(parseDemoOptions(['--once', '--real', '--example', 'shop']), {
    isOnce: true,
    isReal: true,
    isKept: false,
    example: 'shop',
  });
  t.is(parseDemoOptions(['--example=shop']).example, 'shop');
  t.throws(() => parseDemoOptions(['--example', 'blog']), { message: /no example "blog".*wordpress and shop/ });
  t.throws(() => parseDemoOptions(['--twice']), { message: /"--twice" is not an option[\s\S]*--once/ });
});

test('a demo whose predecessor is gone takes its place, and gives it up', (t) => {
  const home = join(folder, 'claim');
  // The highest process id that Linux can be told to give is below this.
  writeFileSync(`${home}.pid`, '4194305');
  const giveUp = claimDemo(home);
  t.true(existsSync(`${home}.pid`));
  giveUp();
  t.false(existsSync(`${home}.pid`));
});

test('the database of a home goes with it where it notes that it is elsewhere, and that one is its own', (t) => {
  const home = join(folder, 'home');
  const own = join(folder, 'own');
  const other = join(folder, 'other');
  for (const path of [join(home, 'postgres'), own, other]) mkdirSync(path, { recursive: true });
  writeFileSync(join(own, 'belongs-to'), join(home, 'postgres'));
  writeFileSync(join(other, 'belongs-to'), '/of/somebody/else');

  writeFileSync(join(home, 'postgres', 'data-is-in'), other);
  removeHome(home);
  t.false(existsSync(home));
  t.true(existsSync(other));

  mkdirSync(join(home, 'postgres'), { recursive: true });
  writeFileSync(join(home, 'postgres', 'data-is-in'), own);
  removeHome(home);
  t.false(existsSync(own));
});

test('a step says how long it took, and a failed one that it failed', async (t) => {
  let nowMs = 0;
  let out = '';
  const steps = createSteps({ write: (text) => (out += text) }, () => nowMs);
  await steps.run('Work', async () => {
    nowMs = 1500;
  });
  await t.throwsAsync(
    steps.run('More', () => Promise.reject(new Error('no'))),
    { message: 'no' },
  );
  t.is(out, '  Work …\n✔ Work  1.5 s\n  More …\n✘ More  0.0 s\n');
});
