import { namespaceOf } from '../../model/expand/namespace.js';
import type { BenchCase, Contender, Sample } from '../case.js';
import { createCpuMeter } from '../harness/cpu-meter.js';
import { figureTimes } from '../harness/goals.js';
import { floorLabel } from '../rec/floor-objects.js';
import { startKeeper } from '../rec/keeper.js';
import { openLoop, percentile } from '../rec/latencies.js';
import { type SettingsWatch, watchSettings } from '../rec/settings-watch.js';
import { lendSettledWorld } from '../rec/shared-world.js';
import { sizesOf } from '../rec/sizes.js';

export const repairDrift: BenchCase = {
  name: 'rec.drift',
  what: 'One ConfigMap deleted, or edited, by hand in a settled system, until a watch sees it as it is to be; ten a second.',
  goals: [figureTimes('p99Ms', 'floor', 3)],
  async open(context) {
    const { drifted, settled } = sizesOf(context);
    await using opened = new AsyncDisposableStack();
    const { world, giveBack } = await lendSettledWorld(context, settled);
    opened.defer(giveBack);
    const keeper = await startKeeper(context, world, drifted);
    opened.defer(() => keeper.child.close());
    const ourSettings = await watchSettings(world.look, 'portolan.dev/instance');
    opened.defer(() => ourSettings.close());
    const floorSettings = await watchSettings(world.look, floorLabel);
    opened.defer(() => floorSettings.close());

    /** Each takes other objects than the last, so that none is disturbed often. */
    const disturb = async (settings: SettingsWatch, namespace: string, isDeleted: boolean) => {
      const path = `/api/v1/namespaces/${namespace}/configmaps/settings`;
      const color = settings.color(namespace);
      if (color === null) return null;
      const seen = settings.sees(namespace, color, REPAIR_PATIENCE_MS);
      const patch = { data: { color: 'by-hand' } };
      const { status } = isDeleted
        ? await world.look.send('DELETE', path)
        : await world.look.send('PATCH', path, patch, 'application/merge-patch+json');
      return status === 200 ? seen : null;
    };
    const measure = async (settings: SettingsWatch, namespaces: readonly string[], pids: () => readonly number[]) => {
      const meter = createCpuMeter(pids);
      const startCpuMs = meter.readMs();
      const startMs = performance.now();
      const all = await openLoop(drifted, EVERY_MS, (index) =>
        disturb(settings, namespaces[index] ?? '', index % 2 === 0),
      );
      const took = all.filter((ms) => ms !== null);
      const sample: Sample = {
        operations: drifted,
        wallMs: performance.now() - startMs,
        cpuMs: meter.readMs() - startCpuMs,
        errors: drifted - took.length,
        figures: { p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99) },
      };
      return sample;
    };
    let round = 0;
    const contenders: Contender[] = [
      {
        name: 'ours',
        role: 'ours',
        measure() {
          const first = (round * drifted) % Math.max(1, world.instances.length - drifted + 1);
          round += 1;
          const targets = world.instances.slice(first, first + drifted).map(namespaceOf);
          return measure(ourSettings, targets, world.pids);
        },
      },
      {
        name: 'floor',
        role: 'floor',
        measure: () => measure(floorSettings, keeper.namespaces, () => [keeper.child.pid]),
      },
    ];
    const closing = opened.move();
    const versions = { kubernetes: world.api.version };
    return { contenders, versions, close: () => closing.disposeAsync() };
  },
};

const EVERY_MS = 100;
const REPAIR_PATIENCE_MS = 60_000;
