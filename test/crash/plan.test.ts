import test from 'ava';
import { leftBehind, nextChange } from '../../crash/change.js';
import { planKills } from '../../crash/kill-plan.js';
import { parseOptions } from '../../crash/options.js';
import type { Wishes } from '../../crash/wish.js';
import { createSeededRandom } from '../../lib/random.js';

test('random changes never delete what others depend on, and never make anew what is being removed', (t) => {
  const random = createSeededRandom(7);
  let wishes: Wishes = new Map();
  const verbs = new Set<string>();
  const parts = new Set<string>();
  for (let round = 0; round < 400; round += 1) {
    const leaving = new Set<string>();
    for (let each = 0; each < 4; each += 1) {
      const { title, after } = nextChange(random, wishes, leaving);
      const [verb = '', name = ''] = title.split(' ');
      verbs.add(verb);
      t.false(verb === 'deploy' && leaving.has(name), title);
      const isAnew = (has: 'hasDatabase' | 'hasSecret', part: string) =>
        leaving.has(`${name}/${part}`) && after.get(name)?.[has] === true;
      t.false(isAnew('hasDatabase', 'db') || isAnew('hasSecret', 'keys'), title);
      const left = leftBehind(wishes, after);
      for (const part of left) leaving.add(part);
      for (const part of left.filter((each) => each.includes('/'))) parts.add(part.replace(/.*[/]/, ''));
      for (const { dependsOn } of after.values()) t.true(dependsOn === null || after.has(dependsOn), title);
      wishes = after;
    }
  }
  t.deepEqual([...verbs].sort(), ['change', 'delete', 'deploy']);
  t.deepEqual([...parts].sort(), ['db', 'keys']);
});

test('one seed plans the same kills, and all seeds together kill every part, also twice', (t) => {
  t.deepEqual(planKills(createSeededRandom(3)), planKills(createSeededRandom(3)));
  const plans = Array.from({ length: 200 }, (_, seed) => planKills(createSeededRandom(seed)));
  const killed = new Set(plans.flat().flatMap(({ parts }) => parts));
  t.deepEqual([...killed].sort(), ['controllers', 'postgres', 'server']);
  t.true(plans.some((kills) => kills.length === 2));
  t.true(plans.some(([kill]) => kill?.parts.length === 3));
});

test('options are read, and what cannot be is refused with how it is used', (t) => {
  t.deepEqual(parseOptions(['--trials', '3', '--seed', '8', '--sandbox'], 1), {
    trials: 3,
    seed: 8,
    world: 'sandbox',
    goesOn: false,
    withinMs: 30_000,
  });
  t.deepEqual(parseOptions([], 5), { trials: 10, seed: 5, world: 'real', goesOn: false, withinMs: 30_000 });
  t.throws(() => parseOptions(['--trials', 'many'], 1), { message: /"many" is not a whole number.*Usage/ });
  t.throws(() => parseOptions(['--real', '--sandbox'], 1), { message: /exclude each other/ });
});
