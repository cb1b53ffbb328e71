import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { DatabaseUnavailableError } from '../../../db/failure.js';
import type { Fate } from '../../../sim/database/simulated-database.js';
import { simulatedStatements } from '../../../sim/database/statements.js';
import { makeChangeset, makeEdit } from '../../helpers/make-edit.js';
import { readSources } from '../../helpers/sources.js';
import { createSimulatedPlane } from './helpers/simulated-plane.js';

test('every named statement of the store and of the feed has a simulated form', (t) => {
  const named = readSources(['db'])
    .filter(({ path }) => /^db\/(store|feed)(\/|\.ts$)/.test(path))
    .flatMap(({ text }) =>
      [...text.matchAll(/\bstatement(?:<[^(]*>)?\(\s*['`]([^'`]+)['`]/g)].map(([, name = '']) => name),
    );
  const modes = ['refer', 'read', 'edit', 'remove', 'none'];
  const names = named.flatMap((name) =>
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in db/store/rows.ts
    name === 'rows.${name}.${mode}'
      ? ['by-id', 'by-owner', 'by-place', 'at-place'].flatMap((by) => modes.map((mode) => `rows.${by}.${mode}`))
      : [name],
  );
  t.true(names.length > 70, String(names.length));
  t.deepEqual(
    names.filter((name) => !simulatedStatements.has(name)),
    [],
  );
});

test('the real store and the real feed run over it', async (t) => {
  const { store, feed, operator, simulated } = await createSimulatedPlane();
  const messages = feed.changes(await feed.head());
  const { edits } = await store.commit(makeChangeset([makeEdit.tier('prod')]), operator);
  const { value } = await messages.next();
  t.deepEqual(
    value?.revisions.map((revision: { op: string; resourceId: string }) => [revision.op, revision.resourceId]),
    [['created', edits[0]?.resourceId]],
  );
  t.deepEqual(
    simulated.rows('resource').map(({ name }) => name),
    ['default', 'prod'],
  );
  await feed.close();
});

test('a commit whose reply is lost is told as a failure, and is there; one whose request is lost is not', async (t) => {
  let fate: Fate = 'delivered';
  const { store, feed, operator, simulated } = await createSimulatedPlane({
    fateOf: ({ what }) => (what === 'commit' ? fate : 'delivered'),
  });
  for (const lost of ['replyLost', 'requestLost'] as const) {
    fate = lost;
    await t.throwsAsync(store.commit(makeChangeset([makeEdit.tier(lost.toLowerCase())]), operator), {
      instanceOf: DatabaseUnavailableError,
    });
  }
  fate = 'delivered';
  await store.commit(makeChangeset([makeEdit.tier('after')]), operator);
  t.deepEqual(
    simulated.rows('resource').map(({ name }) => name),
    ['default', 'replylost', 'after'],
  );
  await feed.close();
  t.deepEqual(simulated.transactions(), []);
});

test('what a process had under way when it was killed is rolled back, whoever waited goes on, and it is told nothing', async (t) => {
  const { simulated } = await createSimulatedPlane();
  const [first, second] = [simulated.connect('first'), simulated.connect('second')];
  const values = ['00000000-0000-4000-8000-000000000001', 'someone', 'test', 0];
  const write = { name: 'write.changeset', text: '' };
  const hasWritten = Promise.withResolvers<void>();
  let isTold = false;
  const open = first.transaction(async (transaction) => {
    await transaction.query(write, values);
    hasWritten.resolve();
    await new Promise(() => {});
  });
  open.finally(() => {
    isTold = true;
  });
  await hasWritten.promise;
  const waiting = second.query(write, values);
  await setImmediate();
  t.deepEqual(
    simulated.transactions().map(({ waitsFor }) => waitsFor !== null),
    [false, true],
  );
  first.kill();
  await waiting;
  t.is(simulated.rows('changeset').length, 1);
  t.false(isTold);
});

test('a transaction whose connection is cut while it waits is told, and others do not wait for it', async (t) => {
  const { simulated } = await createSimulatedPlane();
  const [a, b] = [simulated.connect('a'), simulated.connect('b')];
  const lock = { name: 'idempotency.lock', text: '' };
  const end = Promise.withResolvers<void>();
  const holder = a.transaction(async (transaction) => {
    await transaction.query(lock, ['key']);
    await end.promise;
  });
  await setImmediate();
  const waiting = b.query(lock, ['key']);
  await setImmediate();
  b.cut();
  await t.throwsAsync(waiting, { instanceOf: DatabaseUnavailableError });
  end.resolve();
  await holder;
  t.deepEqual(simulated.transactions(), []);
});

test('a crash rolls back what is under way, keeps what was committed, and lets nobody in until it is over', async (t) => {
  const { store, feed, database, operator, simulated } = await createSimulatedPlane();
  await store.commit(makeChangeset([makeEdit.tier('kept')]), operator);
  const begun = Promise.withResolvers<void>();
  const crashed = Promise.withResolvers<void>();
  const open = database.transaction(async (transaction) => {
    const values = ['00000000-0000-4000-8000-000000000001', 'someone', 'test', 0];
    await transaction.query({ name: 'write.changeset', text: '' }, values);
    begun.resolve();
    await crashed.promise;
  });
  await begun.promise;
  simulated.crash();
  crashed.resolve();
  await t.throwsAsync(open, { instanceOf: DatabaseUnavailableError });
  await t.throwsAsync(store.commit(makeChangeset([makeEdit.tier('refused')]), operator), {
    instanceOf: DatabaseUnavailableError,
  });
  simulated.restart();
  await store.commit(makeChangeset([makeEdit.tier('after')]), operator);
  t.deepEqual(
    simulated.rows('resource').map(({ name }) => name),
    ['default', 'kept', 'after'],
  );
  t.false(simulated.rows('changeset').some(({ actor }) => actor === 'someone'));
  await feed.close();
});
