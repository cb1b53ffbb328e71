import type { BenchContext } from '../case.js';
import { openRecWorld, type RecWorld } from './rec-world.js';
import { sizesOf } from './sizes.js';

/*
 * One settled world for the cases that look at one, because making it takes longer than they do. It is lent, and ends by
 * itself when nobody takes it again soon after it was given back; cases that use it stand one after the other.
 */
let kept: RecWorld | null = null;
let timer: NodeJS.Timeout | undefined;

export interface LentWorld {
  readonly world: RecWorld;
  giveBack(): void;
}

/** With `count` instances at least, all of them settled, and controllers that run. */
export async function lendSettledWorld(context: BenchContext, count: number): Promise<LentWorld> {
  clearTimeout(timer);
  const world = kept ?? (await openRecWorld(context));
  kept = null;
  try {
    if (!world.controllers) await world.startControllers();
    const missing = count - world.instances.length;
    if (missing > 0) {
      context.tell(`making ${missing} more instances`);
      await world.deploy(missing);
    }
    await world.settled(sizesOf(context).patienceMs);
  } catch (error) {
    await world.close();
    throw error;
  }
  return { world, giveBack: () => keepWorld(world) };
}

/** In the place of closing it. */
export function keepWorld(world: RecWorld): void {
  if (kept) throw new Error('There is a world already that nobody has taken.');
  kept = world;
  timer = setTimeout(() => {
    kept = null;
    void world.close();
  }, KEPT_MS);
}

/** The next case opens in the moment in which this one closes. */
const KEPT_MS = 2_000;
