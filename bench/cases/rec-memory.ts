import { setTimeout as delay } from 'node:timers/promises';
import type { BenchCase, Contender, Sample } from '../case.js';
import { figureAtMost, figureTimes } from '../harness/goals.js';
import { collectingArgs, weigh } from '../rec/collecting.js';
import { startHolder } from '../rec/holder.js';
import { OBJECTS_OF_INSTANCE } from '../rec/load-app.js';
import { openRecWorld, type RecWorld } from '../rec/rec-world.js';
import { sizesOf } from '../rec/sizes.js';

export const memoryOfControllers: BenchCase = {
  name: 'rec.memory',
  what: 'Resident memory of one settled object, by what controllers that were started anew have at two sizes; base: with no object at all. The floor holds a map of uid, generation, hash and version.',
  goals: [
    figureAtMost('kilobytesEach', 'KB', 1),
    figureAtMost('baseMB', 'MB', 120),
    figureTimes('kilobytesEach', 'floor', 2),
  ],
  async open(context) {
    const { memory, patienceMs } = sizesOf(context);
    await using opened = new AsyncDisposableStack();
    const world = await openRecWorld(context, collectingArgs);
    opened.defer(() => world.close());
    const quietMs = context.isSmoke ? 1_000 : 20_000;

    const restarted = async (): Promise<number> => {
      const controllers = await world.startControllers();
      await world.settled(patienceMs);
      await delay(quietMs, undefined, { signal: context.signal });
      return weigh(controllers.pid);
    };
    const ours: number[] = [await restarted()];
    for (const size of memory) {
      await world.deploy(size - world.instances.length);
      await world.settled(patienceMs);
      ours.push(await restarted());
    }
    const between = objectsBetween(memory);
    const contenders: Contender[] = [
      { name: 'ours', role: 'ours', measure: async () => sampleOf(ours, between) },
      {
        name: 'floor',
        role: 'floor',
        async measure() {
          const sizes = [0, ...memory];
          const held: number[] = [];
          for (const size of sizes) held.push(await holderBytes(world, context.signal, size, quietMs));
          return sampleOf(held, between);
        },
      },
    ];
    const closing = opened.move();
    const versions = { kubernetes: world.api.version };
    return { contenders, rounds: 1, versions, close: () => closing.disposeAsync() };
  },
};

const objectsBetween = ([small, large]: readonly [number, number]) => (large - small) * OBJECTS_OF_INSTANCE;

async function holderBytes(world: RecWorld, signal: AbortSignal, size: number, quietMs: number): Promise<number> {
  const { child } = await startHolder(world, signal, { most: size * OBJECTS_OF_INSTANCE });
  await delay(quietMs, undefined, { signal });
  const bytes = await weigh(child.pid);
  await child.close();
  return bytes;
}

/** Of the resident bytes with nothing, with few and with many objects. */
function sampleOf([base = 0, few = 0, many = 0]: readonly number[], objects: number): Sample {
  return {
    operations: objects,
    wallMs: 1,
    cpuMs: 0,
    errors: 0,
    figures: { kilobytesEach: (many - few) / objects / 1024, baseMB: base / 1e6, largeMB: many / 1e6 },
  };
}
