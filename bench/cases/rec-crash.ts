import type { BenchCase, Contender, Goal } from '../case.js';
import { figureAtMost } from '../harness/goals.js';
import { bareWrites } from '../rec/bare-writes.js';
import { floorLabel } from '../rec/floor-objects.js';
import { startHolder } from '../rec/holder.js';
import { makeInstances } from '../rec/make-instances.js';
import { sizesOf } from '../rec/sizes.js';
import { openWorlds } from '../rec/worlds.js';

/** Of each run, at these parts of its objects. */
const KILLED_AT = [0.2, 0.5, 0.8];

const firstWrite: Goal = {
  name: 'first write after a kill / (1 s + 1.5 times the list)',
  unit: 'times',
  atMost: 1,
  value(round) {
    const firstMs = round.get('ours')?.figures?.restartMs;
    const listMs = round.get('floor')?.figures?.listMs;
    return firstMs === undefined || listMs === undefined ? null : firstMs / (1_000 + 1.5 * listMs);
  },
};

const total: Goal = {
  name: 'whole run / one without kills',
  unit: 'times',
  atMost: 1.1,
  value(round) {
    const [killed, whole] = ['ours', 'without kills'].map((name) => round.get(name));
    return killed && whole ? killed.wallMs / whole.wallMs : null;
  },
};

export const crashOfControllers: BenchCase = {
  name: 'rec.crash',
  what: 'One object written as in rec.10k, while the controllers are killed at 20, 50 and 80 % of all objects and started again at once. The floor is a bare client that lists as many objects.',
  goals: [firstWrite, total, figureAtMost('doubled', 'objects', 0)],
  async open(context) {
    const { crashed } = sizesOf(context);
    const worlds = await openWorlds(context);
    const contenders: Contender[] = [
      {
        name: 'ours',
        role: 'ours',
        measure: async () => makeInstances(context, await worlds.fresh(), crashed, KILLED_AT),
      },
      {
        name: 'without kills',
        role: 'peer',
        measure: async () => makeInstances(context, await worlds.fresh(), crashed),
      },
      {
        name: 'floor',
        role: 'floor',
        async measure() {
          const world = worlds.current;
          await bareWrites(context, world, crashed);
          const { child, listMs, objects } = await startHolder(world, context.signal, { label: floorLabel });
          await child.close();
          return { operations: Math.max(1, objects), wallMs: listMs, cpuMs: 0, errors: 0, figures: { listMs } };
        },
      },
    ];
    return { contenders, rounds: 3, versions: worlds.versions, close: async () => worlds.close() };
  },
};
