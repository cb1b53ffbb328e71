import type { BenchContext } from '../case.js';
import { openRecWorld, type RecWorld } from './rec-world.js';
import { keepWorld } from './shared-world.js';

/** A world of its own for every round, because what an earlier one left there costs those that come after it. */
export interface Worlds {
  /** The world of the round that `contender` measures in now. */
  next(contender: string): Promise<RecWorld>;
  /** One that nobody used, for whoever measures alone. */
  fresh(): Promise<RecWorld>;
  readonly current: RecWorld;
  readonly versions: Readonly<Record<string, string>>;
  close(): void;
}

/** In small runs there is one for all rounds: starting it is most of what they take. */
export async function openWorlds(context: BenchContext): Promise<Worlds> {
  let world = await openRecWorld(context);
  let round = 1;
  let isUsed = false;
  const fresh = async () => {
    if (!context.isSmoke && isUsed) {
      await world.close();
      world = await openRecWorld(context);
    }
    isUsed = true;
    return world;
  };
  const measured = new Map<string, number>();
  return {
    async next(contender) {
      const turn = (measured.get(contender) ?? 0) + 1;
      measured.set(contender, turn);
      isUsed = true;
      if (turn <= round) return world;
      round = turn;
      return fresh();
    },
    fresh,
    get current() {
      return world;
    },
    versions: { kubernetes: world.api.version },
    close: () => keepWorld(world),
  };
}
