import type { BenchCase, Contender } from '../case.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { cheaperThan, figureAtMost } from '../harness/goals.js';
import { openShardWorld } from '../rec/shard-world.js';
import { sizesOf } from '../rec/sizes.js';

/** What two and four may cost of what one does. */
const MOST = 1.15;

export const shardControllers: BenchCase = {
  name: 'rec.shards',
  what: 'One app instance of three objects made in one of eight simulated clusters, by one, two and four processes of controllers that share the leases. CPU is of all processes, server and Postgres together, from the commit until all are healthy; the floor is one process.',
  goals: [
    cheaperThan('floor', 1 / MOST),
    cheaperThan('floor', 1 / MOST, 'two'),
    figureAtMost('twoHolders', 'leases', 0),
    figureAtMost('twoHolders', 'leases', 0, 'two'),
  ],
  async open(context) {
    const { sharded, patienceMs } = sizesOf(context);
    const world = await openShardWorld(context);
    const measure = async (processes: number) => {
      await world.startControllers(processes, patienceMs);
      // Each has compiled what it runs by then.
      await world.make(sharded / 2, patienceMs);
      const meter = createCpuMeter(world.pids);
      const startCpuMs = meter.readMs();
      const startMs = performance.now();
      await world.make(sharded, patienceMs);
      const wallMs = performance.now() - startMs;
      const cpuMs = meter.readMs() - startCpuMs;
      const largestShare = world.holders.largestShare();
      await world.stopControllers();
      const { found, wanted } = await world.outside();
      const figures = { twoHolders: world.holders.doubled(), largestShare };
      return { operations: sharded, wallMs, cpuMs, errors: Math.abs(found - wanted), figures };
    };
    // All shards are in use from then on.
    await world.startControllers(1, patienceMs);
    await world.make(sharded, patienceMs);
    await world.stopControllers();
    const contenders: Contender[] = [
      { name: 'ours', role: 'ours', measure: () => measure(4) },
      { name: 'two', role: 'peer', measure: () => measure(2) },
      { name: 'floor', role: 'floor', measure: () => measure(1) },
    ];
    // Each has to wait until leases are shared.
    return { contenders, rounds: context.isSmoke ? 1 : 3, close: () => world.close() };
  },
};
