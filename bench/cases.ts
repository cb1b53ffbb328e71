import type { BenchCase } from './case.js';
import { coldBoot } from './cases/boot-cold.js';
import { feedLossless } from './cases/feed-lossless.js';
import { liveDistinct } from './cases/live-distinct5k.js';
import { liveFanout } from './cases/live-fanout5k.js';
import { liveLatency } from './cases/live-latency.js';
import { liveMemory } from './cases/live-memory.js';
import { liveStorm } from './cases/live-storm.js';
import { applyMutation } from './cases/m-apply.js';
import { writeMutation } from './cases/m-write.js';
import { planQuery } from './cases/plan-1k.js';
import { deepQuery } from './cases/q-deep.js';
import { pageQuery } from './cases/q-page.js';
import { pointQuery } from './cases/q-point.js';
import { reconcileMany } from './cases/rec-10k.js';
import { crashOfControllers } from './cases/rec-crash.js';
import { repairDrift } from './cases/rec-drift.js';
import { settleGraph } from './cases/rec-graph.js';
import { memoryOfControllers } from './cases/rec-memory.js';
import { reactToChange } from './cases/rec-react.js';
import { shardControllers } from './cases/rec-shards.js';
import { steadyState } from './cases/rec-steady.js';
import { whyQuery } from './cases/why-10k.js';

/** In the order in which they run and are listed. */
export const cases: readonly BenchCase[] = [
  pointQuery,
  liveLatency,
  liveFanout,
  liveDistinct,
  liveMemory,
  liveStorm,
  feedLossless,
  deepQuery,
  pageQuery,
  writeMutation,
  applyMutation,
  whyQuery,
  planQuery,
  coldBoot,
  // One world is lent from one to the next.
  reconcileMany,
  reactToChange,
  repairDrift,
  steadyState,
  memoryOfControllers,
  crashOfControllers,
  settleGraph,
  shardControllers,
];
