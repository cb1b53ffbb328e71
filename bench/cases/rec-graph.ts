import { defaultDelays, fastDelays } from '../../drivers/sandbox/delays.js';
import type { BenchCase, Contender, Goal } from '../case.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { criticalPathMs } from '../rec/graph-app.js';
import { openGraphWorld } from '../rec/graph-world.js';
import { sizesOf } from '../rec/sizes.js';

const settled: Goal = {
  name: 'time to settle / critical path',
  unit: 'times',
  atMost: 1.3,
  value(round) {
    const [ours, path] = ['ours', 'floor'].map((name) => round.get(name));
    return ours && path ? ours.wallMs / path.wallMs : null;
  },
};

const grows: Goal = {
  name: 'time to settle all / one app',
  unit: 'times',
  atMost: 1.3,
  value(round) {
    const ours = round.get('ours');
    return ours?.figures?.oneAppMs ? ours.wallMs / ours.figures.oneAppMs : null;
  },
};

export const settleGraph: BenchCase = {
  name: 'rec.graph',
  what: 'One app of ten dependencies, five of them one after the other, from its commit until it is healthy, in a simulated cloud that takes as long each time and shows at once what is; 300 apps are committed at once (so many settle within about two minutes a round on two cores). The floor is the sum of the latencies on the longest path.',
  goals: [settled, grows],
  async open(context) {
    const { graphs, patienceMs } = sizesOf(context);
    // In small runs everything takes a fiftieth of the time, so that only whether it is right can be seen.
    const isFast = context.isSmoke;
    const contenders: Contender[] = [
      {
        name: 'ours',
        role: 'ours',
        async measure() {
          const world = await openGraphWorld(context, isFast);
          try {
            // The account, the runtime and their leases are there from then on.
            await world.make(1, patienceMs);
            const oneStartMs = performance.now();
            await world.make(1, patienceMs);
            const oneAppMs = performance.now() - oneStartMs;
            const meter = createCpuMeter(world.pids);
            const startCpuMs = meter.readMs();
            const startMs = performance.now();
            await world.make(graphs, patienceMs);
            const wallMs = performance.now() - startMs;
            const cpuMs = meter.readMs() - startCpuMs;
            const { found, wanted } = await world.outside();
            return { operations: graphs, wallMs, cpuMs, errors: Math.abs(found - wanted), figures: { oneAppMs } };
          } finally {
            await world.close();
          }
        },
      },
      {
        name: 'floor',
        role: 'floor',
        async measure() {
          const wallMs = criticalPathMs(isFast ? fastDelays : defaultDelays);
          return { operations: graphs, wallMs, cpuMs: 0, errors: 0 };
        },
      },
    ];
    return { contenders, rounds: 3, close: async () => {} };
  },
};
