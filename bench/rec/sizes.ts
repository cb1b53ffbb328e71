import type { BenchContext } from '../case.js';

/** How much the cases about controllers do: what fits into some minutes each on two cores. */
export interface RecSizes {
  /** App instances of one measurement of rec.10k. */
  readonly instances: number;
  readonly ofKubectl: number;
  /** Settled, while changes and drift are measured. */
  readonly settled: number;
  readonly changes: number;
  /** Instances that are made meanwhile. */
  readonly busy: number;
  readonly drifted: number;
  readonly crashed: number;
  /** Apps of rec.graph. */
  readonly graphs: number;
  /** Instances of one measurement of rec.shards. */
  readonly sharded: number;
  readonly steadyMs: number;
  /** Between two sizes the memory of one object shows. */
  readonly memory: readonly [number, number];
  /** How long all may take to settle before it counts as stuck. */
  readonly patienceMs: number;
}

export function sizesOf({ isSmoke }: Pick<BenchContext, 'isSmoke'>): RecSizes {
  return isSmoke
    ? {
        instances: 50,
        ofKubectl: 10,
        settled: 50,
        changes: 10,
        busy: 20,
        drifted: 10,
        crashed: 50,
        graphs: 8,
        sharded: 64,
        steadyMs: 3_000,
        memory: [25, 50],
        patienceMs: 300_000,
      }
    : {
        instances: 2_500,
        ofKubectl: 100,
        settled: 2_500,
        changes: 100,
        busy: 500,
        drifted: 100,
        crashed: 2_500,
        graphs: 300,
        sharded: 1_000,
        steadyMs: 600_000,
        memory: [500, 2_500],
        patienceMs: 900_000,
      };
}
