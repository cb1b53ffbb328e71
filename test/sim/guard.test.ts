import { randomBytes } from 'node:crypto';
import test from 'ava';
import { guardRun } from '../../sim/guard.js';

const uses: readonly { readonly what: string; readonly use: () => unknown }[] = [
  { what: 'setTimeout', use: () => clearTimeout(setTimeout(() => {}, 1)) },
  { what: 'setInterval', use: () => clearInterval(setInterval(() => {}, 1)) },
  { what: 'Date.now', use: () => Date.now() },
  { what: 'a date of now', use: () => new Date() },
  { what: 'performance.now', use: () => performance.now() },
  { what: 'Math.random', use: () => Math.random() },
  { what: 'crypto.randomUUID', use: () => globalThis.crypto.randomUUID() },
  { what: 'crypto.randomBytes', use: () => randomBytes(1) },
  { what: 'a late import of node:zlib', use: () => import('node:zlib') },
];

for (const { what, use } of uses) {
  test.serial(`a run that uses ${what} of the machine is found out, with the place`, async (t) => {
    const guard = guardRun();
    try {
      await use();
      await guard.settle();
    } finally {
      guard.end();
    }
    t.regex(guard.escapes[0] ?? '', new RegExp(`^${what.replace(/[()]/g, '\\$&')} was used by .*guard\\.test`));
    const before = guard.escapes.length;
    await use();
    t.is(guard.escapes.length, before, 'and nobody is looked at after the run');
  });
}

test.serial('a date that is given, promises and ticks are nobody else’s business', async (t) => {
  const guard = guardRun();
  try {
    t.is(new Date(0).toISOString(), '1970-01-01T00:00:00.000Z');
    t.true(new Date(0) instanceof Date);
    await new Promise<void>((resolve) => process.nextTick(resolve));
    await guard.settle();
  } finally {
    guard.end();
  }
  t.deepEqual(guard.escapes, []);
});
