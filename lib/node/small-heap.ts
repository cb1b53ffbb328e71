import { PerformanceObserver } from 'node:perf_hooks';
import v8 from 'node:v8';

/**
 * For a process that works in bursts and then rests for hours: what V8 lets its young generation grow to in a burst (three
 * spaces of dozens of megabytes) is not given back while nothing is allocated. It may grow to what a burst of thousands of
 * passes needs, and no further: smaller, a third of the CPU of such a burst is collecting. To be called at the start.
 */
export function keepHeapSmall(): void {
  const observer = new PerformanceObserver(() => {
    if (youngBytes() < ENOUGH_BYTES) return;
    observer.disconnect();
    stopGrowing();
  });
  observer.observe({ entryTypes: ['gc'] });
}

const ENOUGH_BYTES = 32 * 1024 * 1024;

const youngBytes = () =>
  v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? ENOUGH_BYTES;

const stopGrowing = () => v8.setFlagsFromString('--semi-space-growth-factor=1');
