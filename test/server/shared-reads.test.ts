import test from 'ava';
import type { Actor } from '../../db/contract.js';
import { createManualClock } from '../../lib/clock.js';
import { eventually } from '../helpers/eventually.js';
import { openStubServer } from './stub.js';
import { openTalker } from './talker.js';

const counter = 'subscription Counter($id: ID!) { counter(id: $id) { value } }';
const numberIn = (answer: unknown) => (answer as { data: { counter: { value: number } } }).data.counter.value;

test('subscriptions that ask the same share one execution, and each is told under its own id', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const talkers = await Promise.all(Array.from({ length: 20 }, () => openTalker(t, server)));
  for (const [index, talker] of talkers.entries()) talker.subscribe(`own-${index}`, counter, { id: 'a' });
  await Promise.all(talkers.map((talker, index) => talker.until(`own-${index}`, 1)));
  const before = server.graph.reads();
  server.graph.set('a', 7);
  const answers = await Promise.all(talkers.map((talker, index) => talker.until(`own-${index}`, 2)));
  t.true(answers.every((those) => numberIn(those[1]) === 7));
  t.is(server.graph.reads() - before, 1);
  t.true(talkers.every(({ messages }, index) => messages.every(({ id }) => !id || id === `own-${index}`)));
});

test('a change executes what looked at it, and nothing of the hundreds that look at something else', async (t) => {
  const server = await openStubServer({ limits: { subscriptionsPerSocket: 1_000 } });
  t.teardown(() => server.close());
  const talker = await openTalker(t, server);
  const ids = Array.from({ length: 500 }, (_, index) => `counter-${index}`);
  for (const id of ids) talker.subscribe(id, counter, { id });
  await Promise.all(ids.map((id) => talker.until(id, 1)));
  const before = server.graph.reads();
  server.graph.set('counter-250', 1);
  await talker.until('counter-250', 2);
  t.is(server.graph.reads() - before, 1);
  server.graph.set('unrelated', 1);
  server.graph.set('counter-1', 1);
  await talker.until('counter-1', 2);
  t.is(server.graph.reads() - before, 2);
  t.is(ids.filter((id) => talker.answers(id).length > 1).length, 2);
});

test('who joins later is told at once what is so now, and the others are not told again', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const first = await openTalker(t, server);
  first.subscribe('1', counter, { id: 'a' });
  await first.until('1', 1);
  server.graph.set('a', 3);
  await first.until('1', 2);
  const second = await openTalker(t, server);
  second.subscribe('x', counter, { id: 'a' });
  t.deepEqual((await second.until('x', 1)).map(numberIn), [3]);
  t.is(first.answers('1').length, 2);
  second.complete('x');
  await eventually(
    async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      if (!text.includes('portolan_live_readers 1\n')) throw new Error('It is still there.');
    },
    { timeoutMs: 5_000 },
  );
  server.graph.set('a', 4);
  await first.until('1', 3);
  t.is(second.answers('x').length, 1);
});

test('who may read something else does not share, and who may read the same does not learn of the other', async (t) => {
  const actors: Readonly<Record<string, Actor>> = {
    ann: { principalId: 'ann', name: 'ann', role: 'developer', projectIds: ['p', 'q'] },
    bob: { principalId: 'bob', name: 'bob', role: 'developer', projectIds: ['q', 'p'] },
    op: { principalId: 'op', name: 'op', role: 'operator' },
  };
  const server = await openStubServer({ authenticate: async (token) => actors[token] ?? null });
  t.teardown(() => server.close());
  const query = 'subscription { counter(id: "a") { readBy } }';
  const talkers = await Promise.all(Object.keys(actors).map((token) => openTalker(t, server, token)));
  const roles: unknown[] = [];
  for (const talker of talkers) {
    talker.subscribe('1', query);
    roles.push(...(await talker.until('1', 1)));
  }
  t.deepEqual(
    roles,
    ['developer', 'developer', 'operator'].map((readBy) => ({ data: { counter: { readBy } } })),
  );
  const text = await (await fetch(`${server.url}/metrics`)).text();
  t.true(text.includes('portolan_live_reads 2\n'), 'ann and bob share');
  t.true(text.includes('portolan_live_readers 3\n'));
});

test('a token that is revoked, or has other rights now, ends its sockets and no others', async (t) => {
  const clock = createManualClock();
  const actors = new Map<string, Actor>(
    ['kept', 'revoked', 'changed'].map((name) => [name, { principalId: name, name, role: 'operator' }]),
  );
  const server = await openStubServer({ clock, authenticate: async (token) => actors.get(token) ?? null });
  t.teardown(() => server.close());
  const [kept, revoked, changed] = await Promise.all(
    ['kept', 'revoked', 'changed'].map((token) => openTalker(t, server, token)),
  );
  actors.delete('revoked');
  actors.set('changed', { principalId: 'changed', name: 'changed', role: 'controller' });
  clock.step(30_000);
  t.is(await revoked?.closed, 4401, 'which clients do not retry');
  t.is(await changed?.closed, 1012, 'after which clients come back');
  kept?.subscribe('1', counter, { id: 'a' });
  await t.notThrowsAsync(async () => kept?.until('1', 1), 'who may stay is answered');
});

test('readers that never read cost little, are told the newest state when they read, and nobody waits for them', async (t) => {
  const server = await openStubServer();
  t.teardown(() => server.close());
  const query = 'subscription { counter(id: "a") { value padding(characters: 1000000) } }';
  const quick = await openTalker(t, server);
  const slow = await Promise.all(Array.from({ length: 10 }, () => openTalker(t, server)));
  for (const talker of [quick, ...slow]) {
    talker.subscribe('1', query);
    await talker.until('1', 1);
  }
  for (const { socket } of slow) socket.pause();
  const before = process.memoryUsage().arrayBuffers;
  const changes = 60;
  for (let value = 1; value <= changes; value++) {
    server.graph.set('a', value);
    await quick.until('1', value + 1);
  }
  // Of 600 MB that they were not given.
  t.true(process.memoryUsage().arrayBuffers - before < 100_000_000);
  for (const talker of slow) {
    t.is(talker.answers('1').length, 1);
    talker.socket.resume();
    await eventually(
      () => {
        if (numberIn(talker.answers('1').at(-1)) !== changes) throw new Error('It is not told the newest.');
      },
      { timeoutMs: 5_000 },
    );
    // What the kernel took, one answer that waited, and the newest.
    t.true(talker.answers('1').length < changes / 2, `${talker.answers('1').length} answers`);
  }
});

test('answers of every size arrive as they are, whatever the form of their frame', async (t) => {
  const sizes = [...range(0, 120, 1), ...range(16_200, 16_400, 7), ...range(65_350, 65_560, 7), 300_000];
  const server = await openStubServer({ limits: { subscriptionsPerSocket: sizes.length } });
  t.teardown(() => server.close());
  const [one, other] = [await openTalker(t, server), await openTalker(t, server)];
  const query = 'subscription ($size: Int!) { counter(id: "\u{1f433}") { id padding(characters: $size) } }';
  for (const size of sizes) {
    one.subscribe(`${size}`, query, { size });
    other.subscribe(`${size} "of another"`, query, { size });
  }
  for (const size of sizes) {
    const expected = [{ data: { counter: { id: '\u{1f433}', padding: 'x'.repeat(size) } } }];
    t.deepEqual(await one.until(`${size}`, 1), expected);
    t.deepEqual(await other.until(`${size} "of another"`, 1), expected);
  }
});

function range(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);
}
