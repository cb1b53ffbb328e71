import { setTimeout as delay } from 'node:timers/promises';
import type { BenchCase, Contender, Sample } from '../case.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { cheaperThan, figureAtMost } from '../harness/goals.js';
import { readAudit } from '../rec/audit.js';
import { startHolder } from '../rec/holder.js';
import { lendSettledWorld } from '../rec/shared-world.js';
import { sizesOf } from '../rec/sizes.js';
import { countStatements } from '../rec/statement-count.js';

export const steadyState: BenchCase = {
  name: 'rec.steady',
  what: 'One minute of a settled system in which nothing changes, nor did since its controllers were started; CPU is of controllers, server and Postgres together, the floor is a bare process that lists and watches the same objects.',
  goals: [
    cheaperThan('floor', 1 / 1.5),
    figureAtMost('percentOfCore', '%', 0.5),
    figureAtMost('callsPerMinute', 'calls', 10),
    figureAtMost('statementsPerMinute', 'statements', 60),
  ],
  async open(context) {
    const { signal } = context;
    const { settled, steadyMs, patienceMs } = sizesOf(context);
    await using opened = new AsyncDisposableStack();
    const { world, giveBack } = await lendSettledWorld(context, settled);
    opened.defer(giveBack);
    // Started anew, so that all was there and settled when they listed it. What they find changed since their last listing is
    // looked at once more (ADR 31), and that all of it was made is no state in which nothing changes.
    await world.startControllers();
    await world.settled(patienceMs);
    const { child } = await startHolder(world, signal);
    opened.defer(() => child.close());
    const minutes = steadyMs / 60_000;
    const oursMeter = createCpuMeter(world.pids);
    const ourControllers = createCpuMeter(() => (world.controllers ? [world.controllers.pid] : []));
    const floorMeter = createCpuMeter(() => [child.pid]);

    /** Both do nothing, so both are looked at in the same time. */
    const look = async (): Promise<ReadonlyMap<string, Sample>> => {
      await delay(context.isSmoke ? QUIET_MS.smoke : QUIET_MS.full, undefined, { signal });
      const startedAtMs = Date.now();
      const before = [oursMeter.readMs(), ourControllers.readMs(), floorMeter.readMs()] as const;
      const statements = await countStatements(world.plane, world.folder, () => delay(steadyMs, undefined, { signal }));
      const after = [oursMeter.readMs(), ourControllers.readMs(), floorMeter.readMs()] as const;
      const [ours, controllers, floor] = after.map((ms, index) => ms - (before[index] ?? 0));
      const calls = await readAudit(world.api, 'ours', startedAtMs);
      const common = { operations: minutes, wallMs: steadyMs, errors: 0 };
      const percentOf = (ms = 0) => (ms / steadyMs) * 100;
      return new Map<string, Sample>([
        [
          'ours',
          {
            ...common,
            cpuMs: ours ?? 0,
            figures: {
              percentOfCore: percentOf(ours),
              percentByControllers: percentOf(controllers),
              callsPerMinute: calls.length / minutes,
              statementsPerMinute: statements / minutes,
            },
          },
        ],
        // What is not to be measured is one tick of the clock at least.
        ['floor', { ...common, cpuMs: Math.max(floor ?? 0, 10), figures: { percentOfCore: percentOf(floor) } }],
      ]);
    };
    let looking: Promise<ReadonlyMap<string, Sample>> | null = null;
    const measure = async (name: string): Promise<Sample> => {
      const both = looking ?? look();
      looking = looking ? null : both;
      const sample = (await both).get(name);
      if (sample) return sample;
      throw new Error(`Nobody looked at ${name}.`);
    };
    const contenders: Contender[] = [
      { name: 'ours', role: 'ours', measure: () => measure('ours') },
      { name: 'floor', role: 'floor', measure: () => measure('floor') },
    ];
    const closing = opened.move();
    const versions = { kubernetes: world.api.version };
    return { contenders, rounds: 1, versions, close: () => closing.disposeAsync() };
  },
};

/** What happened before is over by then, the look of controllers at all there is when they start too. */
const QUIET_MS = { smoke: 2_000, full: 30_000 };
