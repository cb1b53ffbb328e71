import test from 'ava';
import type { Json, JsonObject } from '../../lib/canonical.js';
import { createSeededRandom, type Random } from '../../lib/random.js';
import { uncover } from '../../model/fields/cover.js';
import { treeOf } from '../../model/fields/field-tree.js';
import { type ManagedSpec, mergeApply, restate } from '../../model/managers.js';
import { type Act, Statements } from './statements.js';

const managers = ['ann', 'ci', 'file'];

/** Few names and values, so that managers meet. */
function createMaker(random: Random) {
  const chance = (part: number) => random.next() < part;
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random.next() * items.length)] as Item;
  const some = (entries: Readonly<Record<string, () => Json>>) =>
    Object.fromEntries(Object.entries(entries).flatMap(([key, make]) => (chance(0.6) ? [[key, make()]] : [])));
  const value = () => pick([1, 2]);
  const shuffled = <Item>(items: readonly Item[]) =>
    items
      .map((item) => ({ item, rank: random.next() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item);
  const items = (below: () => JsonObject) => () => {
    const names = shuffled(['p', 'q', 'r']).slice(0, 1 + Math.floor(random.next() * 3));
    return names.map((name) => ({ name, ...below() }));
  };
  const env = items(() => some({ value, secret: value }));
  const parts = items(() => some({ image: value, size: value, env }));
  const fixed = () => some({ a: value, b: value, inner: () => ({ c: value(), ...some({ d: value }) }), env, parts });
  const wild = (): JsonObject => some({ a: anything, b: anything, env: anything, parts: anything });
  const anything = (): Json =>
    pick<() => Json>([
      value,
      () => null,
      () => ({}),
      () => [],
      () => [value()],
      fixed,
      env,
      parts,
      () => ({ $from: 'x' }),
    ])();
  return { chance, pick, fixed, wild };
}

function run(current: ManagedSpec, { manager, op, spec, takeOver }: Act) {
  if (op === 'update') return { ...restate(current, spec, manager), conflicts: [], kept: [] };
  return mergeApply(current, spec, manager, { takeOver, isPartial: op === 'part' });
}

const byPath = (map: ReadonlyMap<string, Json>) => Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
const valuesOf = ({ spec }: ManagedSpec) => new Map([...treeOf(spec).fields].map(([path, { value }]) => [path, value]));
const ownersOf = ({ spec, managers: owners }: ManagedSpec) => uncover(treeOf(spec), owners);

test('100 random histories of three managers come to what the last valid statement of each says', (t) => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const { chance, pick, fixed } = createMaker(createSeededRandom(seed));
    const expected = new Statements();
    let current: ManagedSpec = { spec: {}, managers: {} };
    for (let step = 1; step <= 30; step += 1) {
      const act: Act = {
        manager: pick(managers),
        op: pick(['apply', 'apply', 'part', 'update']),
        spec: fixed(),
        takeOver: chance(0.3),
      };
      const where = `seed ${seed}, step ${step}: ${JSON.stringify(act)}`;
      const before = JSON.stringify(current);
      const next = run(current, act);
      t.is(JSON.stringify(current), before, where);
      t.is(next.conflicts.length === 0, expected.act(act), where);
      if (next.conflicts.length > 0) continue;
      current = next;
      t.deepEqual(byPath(valuesOf(current)), byPath(expected.values), where);
      t.deepEqual(byPath(ownersOf(current)), byPath(expected.owners), where);
      if (act.op !== 'apply') continue;
      const { conflicts, kept: _, ...again } = run(current, { ...act, takeOver: false });
      const { conflicts: __, kept: ___, ...once } = next;
      t.deepEqual(conflicts, [], `${where}, stated again`);
      t.deepEqual(again, once, `${where}, stated again`);
      if (!t.passed) return;
    }
  }
});

test('what one manager alone states last is what is there, item for item, whatever was before', (t) => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const { wild, fixed, chance } = createMaker(createSeededRandom(seed));
    let current: ManagedSpec = { spec: {}, managers: {} };
    for (let step = 1; step <= 10; step += 1) {
      const spec = chance(0.5) ? wild() : fixed();
      const merged = mergeApply(current, spec, 'file', { takeOver: false });
      t.deepEqual(merged.conflicts, []);
      t.deepEqual(merged.spec, spec, `seed ${seed}, step ${step}`);
      t.deepEqual(merged.yielded, {});
      current = merged;
    }
  }
});

test('statements of any shape never break it: each field has an owner, and what is stated again changes nothing', (t) => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const { chance, pick, fixed, wild } = createMaker(createSeededRandom(seed));
    let current: ManagedSpec = { spec: {}, managers: {} };
    for (let step = 1; step <= 20; step += 1) {
      const spec = chance(0.7) ? wild() : fixed();
      const act: Act = {
        manager: pick(managers),
        op: pick(['apply', 'apply', 'part', 'update']),
        spec,
        takeOver: chance(0.5),
      };
      const where = `seed ${seed}, step ${step}: ${JSON.stringify(act)} on ${JSON.stringify(current)}`;
      const next = run(current, act);
      if (next.conflicts.length > 0) continue;
      const { conflicts: _, kept: __, ...once } = next;
      current = once;
      t.deepEqual(Object.keys(byPath(ownersOf(current))), Object.keys(byPath(valuesOf(current))), where);
      if (act.op !== 'apply') continue;
      const { conflicts, kept: ___, ...again } = run(current, { ...act, takeOver: false });
      t.deepEqual(conflicts, [], `${where}, stated again`);
      t.deepEqual(again, once, `${where}, stated again`);
      if (!t.passed) return;
    }
  }
});
