import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import anyTest, { type TestFn } from 'ava';
import { createPrincipals } from '../../db/principals.js';
import { createManualClock } from '../../lib/clock.js';
import { systemRandom } from '../../lib/random.js';
import { createTestPlane, type WithPlane } from '../helpers/plane.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const test = anyTest as TestFn<WithPlane>;

test.before(async (t) => {
  t.context.plane = await createTestPlane();
});
test.after.always((t) => t.context.plane?.drop());

test.serial('the first start writes a token for each role, and later ones keep them', async (t) => {
  const { database, rows } = t.context.plane;
  const folder = await temporaryFolder(t);
  const principals = () => createPrincipals({ database, clock: createManualClock(), random: systemRandom });
  const tokens = await principals().bootstrapTokens(folder);
  t.deepEqual(await principals().bootstrapTokens(folder), tokens);
  for (const role of ['operator', 'controller'] as const) {
    const file = join(folder, `${role}.token`);
    t.is((await stat(file)).mode & 0o777, 0o600);
    t.is((await readFile(file, 'utf8')).trim(), tokens[role]);
    t.like(await principals().authenticate(tokens[role]), { name: role, role });
  }
  t.is((await rows('select from principal')).length, 2);
  const stored = JSON.stringify(await rows(`select encode(hash, 'escape') as hash, t::text as text from api_token t`));
  t.false(stored.includes(tokens.operator));
});

test.serial('a token of another folder is made known to the same principal', async (t) => {
  const { database } = t.context.plane;
  const principals = createPrincipals({ database, clock: createManualClock(), random: systemRandom });
  const one = await principals.bootstrapTokens(await temporaryFolder(t));
  const two = await principals.bootstrapTokens(await temporaryFolder(t));
  t.not(one.operator, two.operator);
  t.deepEqual(await principals.authenticate(one.operator), await principals.authenticate(two.operator));
});

test.serial('a token that nobody has is nobody, and a revoked one works for a minute at most', async (t) => {
  const { database, rows } = t.context.plane;
  const clock = createManualClock();
  const principals = createPrincipals({ database, clock, random: systemRandom });
  t.is(await principals.authenticate('guess'), null);
  t.is(await principals.authenticate(''), null);
  const { controller } = await principals.bootstrapTokens(await temporaryFolder(t));
  t.truthy(await principals.authenticate(controller));
  await rows('update api_token set revoked_at = now()');
  t.teardown(() => rows('update api_token set revoked_at = null'));
  clock.step(61_000);
  t.is(await principals.authenticate(controller), null);
});
