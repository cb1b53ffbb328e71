import { namespaceOf } from '../../model/expand/namespace.js';
import type { BenchCase, Contender, Sample } from '../case.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { figureTimes } from '../harness/goals.js';
import { bareWrites } from '../rec/bare-writes.js';
import { floorLabel } from '../rec/floor-objects.js';
import { startKeeper } from '../rec/keeper.js';
import { openLoop, percentile } from '../rec/latencies.js';
import { watchSettings } from '../rec/settings-watch.js';
import { lendSettledWorld } from '../rec/shared-world.js';
import { sizesOf } from '../rec/sizes.js';

export const reactToChange: BenchCase = {
  name: 'rec.react',
  what: 'One parameter of one settled app instance changed in the graph, until a watch sees it in its ConfigMap; four a second. Busy: while many other instances are made.',
  goals: [figureTimes('p99Ms', 'floor', 3), figureTimes('p99Ms', 'floor, busy', 3, 'ours, busy')],
  async open(context) {
    const { changes, settled, busy, patienceMs } = sizesOf(context);
    await using opened = new AsyncDisposableStack();
    const { world, giveBack } = await lendSettledWorld(context, settled);
    opened.defer(giveBack);
    const keeper = await startKeeper(context, world, changes);
    opened.defer(() => keeper.child.close());
    const ourSettings = await watchSettings(world.look, 'portolan.dev/instance');
    opened.defer(() => ourSettings.close());
    const floorSettings = await watchSettings(world.look, floorLabel);
    opened.defer(() => floorSettings.close());
    const targets = world.instances.slice(0, changes);
    let run = 0;

    const changeOurs = async (index: number, color: string) => {
      const target = targets[index];
      if (!target) return null;
      const seen = ourSettings.sees(namespaceOf(target), color, CHANGE_PATIENCE_MS);
      const spec = { app: 'load', parameters: { color } };
      await world.sdk.Apply({
        input: { edits: [{ op: 'UPDATE', kind: 'AppInstance', name: target.name, environment: 'dev', spec }] },
      });
      return seen;
    };
    const changeFloor = async (index: number, color: string) => {
      const seen = floorSettings.sees(keeper.namespaces[index] ?? '', color, CHANGE_PATIENCE_MS);
      await keeper.change(index, color);
      return seen;
    };
    const measure = async (
      change: (index: number, color: string) => Promise<number | null>,
      pids: () => readonly number[],
    ): Promise<Sample> => {
      run += 1;
      const meter = createCpuMeter(pids);
      const startCpuMs = meter.readMs();
      const startMs = performance.now();
      const all = await openLoop(changes, EVERY_MS, (index) => change(index, `color-${run}-${index}`));
      const took = all.filter((ms) => ms !== null);
      return {
        operations: changes,
        wallMs: performance.now() - startMs,
        cpuMs: meter.readMs() - startCpuMs,
        errors: changes - took.length,
        figures: { p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99) },
      };
    };
    const keeperPids = () => [keeper.child.pid];
    const contenders: Contender[] = [
      { name: 'ours', role: 'ours', measure: () => measure(changeOurs, world.pids) },
      { name: 'floor', role: 'floor', measure: () => measure(changeFloor, keeperPids) },
      {
        name: 'ours, busy',
        role: 'ours',
        async measure() {
          await world.deploy(busy);
          const sample = await measure(changeOurs, world.pids);
          await world.settled(patienceMs);
          return sample;
        },
      },
      {
        name: 'floor, busy',
        role: 'floor',
        async measure() {
          const writing = bareWrites(context, world, busy);
          const sample = await measure(changeFloor, keeperPids);
          await writing;
          return sample;
        },
      },
    ];
    const closing = opened.move();
    const versions = { kubernetes: world.api.version };
    return { contenders, rounds: 3, versions, close: () => closing.disposeAsync() };
  },
};

const EVERY_MS = 250;
const CHANGE_PATIENCE_MS = 60_000;
