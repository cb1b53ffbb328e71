import test from 'ava';
import { type AskedKey, type LeasePeer, type Sharing, shareLeases } from '../../model/share-leases.js';

const patienceMs = 15_000;
const long = 60_000;

const keysOf = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}/${index}`);

/** A table of leases, and processes that ask one after the other. */
function world(keys: readonly string[]) {
  const holders = new Map<string, string | null>(keys.map((key) => [key, null]));
  const claims = new Map<string, string>();
  const ages = new Map<string, number>();
  const moved = { count: 0 };
  const countsOf = (holder: string, isCounted: (key: string) => boolean) => {
    const own = keys.filter((key) => holders.get(key) === holder && isCounted(key));
    const classes = Map.groupBy(own, (key) => key.split('/', 1)[0] ?? key);
    return new Map([...classes].map(([name, all]) => [name, all.length]));
  };
  const ask = (holder: string, freeForMs = 0): Sharing => {
    const peers: LeasePeer[] = [...ages].map(([peer, sinceMs]) => ({
      ...{ holder: peer, sinceMs, held: countsOf(peer, () => true) },
      claimed: countsOf(peer, (key) => claims.has(key)),
    }));
    const asked = keys
      .filter((key) => holders.get(key) !== holder)
      .map((key): AskedKey => {
        const by = holders.get(key) ?? null;
        return { key, holder: by, freeForMs: by === null ? freeForMs : null, claimant: claims.get(key) ?? null };
      });
    return shareLeases({ holder, asked, peers, patienceMs });
  };
  const round = () => {
    for (const holder of ages.keys()) {
      const { take, claim } = ask(holder);
      for (const key of take) {
        holders.set(key, holder);
        claims.delete(key);
        moved.count += 1;
      }
      for (const key of claim) claims.set(key, holder);
    }
    for (const key of claims.keys()) holders.set(key, null);
  };
  const leave = (holder: string) => {
    ages.delete(holder);
    for (const [key, by] of holders) if (by === holder) holders.set(key, null);
  };
  const shares = (name: string) => [...ages.keys()].map((holder) => countsOf(holder, () => true).get(name) ?? 0).sort();
  return { ages, ask, round, leave, shares, moved, holders, claims };
}

test('processes that come and go have even shares of each class of keys, and as few keys move as can', (t) => {
  const { ages, round, leave, shares, moved } = world([...keysOf('shard', 256), ...keysOf('KubernetesRuntime', 4)]);
  const settle = () => {
    moved.count = 0;
    for (let rounds = 0; rounds < 4; rounds += 1) round();
    return moved.count;
  };
  ages.set('one', long);
  settle();
  t.deepEqual(shares('shard'), [256]);
  ages.set('two', long);
  t.is(settle(), 128 + 2);
  ages.set('three', long);
  ages.set('four', long);
  t.is(settle(), 128 + 2);
  t.deepEqual(shares('shard'), [64, 64, 64, 64]);
  t.deepEqual(shares('KubernetesRuntime'), [1, 1, 1, 1]);
  leave('two');
  t.is(settle(), 64 + 1, 'only what it had moves');
  t.deepEqual(shares('shard'), [85, 85, 86]);
  t.is(settle(), 0, 'and then nothing moves any more');
});

test('who just came takes its share of what is free, and claims nothing until it has been there for a while', (t) => {
  const { ages, ask, holders } = world(keysOf('shard', 8));
  ages.set('old', long);
  for (const key of ['shard/0', 'shard/1', 'shard/2', 'shard/3', 'shard/4', 'shard/5']) holders.set(key, 'old');
  ages.set('new', 1_000);
  t.deepEqual(ask('new').take.toSorted(), ['shard/6', 'shard/7']);
  t.deepEqual(ask('new').claim, []);
  ages.set('new', patienceMs);
  t.is(ask('new').claim.length, 2);
});

test('what its fair holder does not ask for is taken by anybody after a while', (t) => {
  const { ages, ask, holders } = world(keysOf('shard', 2));
  ages.set('one', long);
  ages.set('two', long);
  holders.set('shard/0', 'one');
  t.deepEqual(ask('one', 1_000).take, []);
  t.deepEqual(ask('one', patienceMs).take, ['shard/1']);
});

test('what one claims no other takes or claims', (t) => {
  const { ages, ask, holders, claims } = world(keysOf('shard', 3));
  for (const name of ['one', 'two', 'three']) ages.set(name, long);
  for (const key of ['shard/0', 'shard/1', 'shard/2']) holders.set(key, 'one');
  const [claimed = ''] = ask('two').claim;
  claims.set(claimed, 'two');
  t.deepEqual(ask('two').claim, [claimed], 'it is repeated');
  t.false(ask('three').claim.includes(claimed));
  holders.set(claimed, null);
  t.deepEqual(ask('three').take, []);
  t.deepEqual(ask('two').take, [claimed]);
});
