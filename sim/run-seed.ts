import { createCipher } from '../db/cipher.js';
import { createSeededRandom, type Random } from '../lib/random.js';
import { guardRun } from './guard.js';
import { play, type Script } from './play.js';
import { type Breakage, createSimulation, type Failure } from './simulation.js';
import { createTrace } from './trace.js';
import { LEGACY } from './users/apps.js';

export interface SeedOptions {
  readonly seed: number;
  /** Gets the trace line by line, and what processes say. */
  readonly write?: (line: string) => void;
  readonly breakage?: Breakage;
  /** What the seed would otherwise decide. */
  readonly script?: Partial<Script>;
}

export interface SeedResult {
  readonly seed: number;
  /** Of the trace: of two runs that are the same it is the same. */
  readonly hash: string;
  readonly failure: Failure | null;
  readonly events: number;
  readonly virtualMs: number;
  readonly edits: { readonly acknowledged: number; readonly refused: number; readonly unknown: number };
}

/** One run of the whole plane on virtual time, decided by its seed alone. */
export async function runSeed({ seed, write, breakage, script }: SeedOptions): Promise<SeedResult> {
  const random = createSeededRandom(seed);
  const trace = createTrace(START_MS, write);
  const guard = guardRun();
  try {
    const simulation = createSimulation({
      random,
      trace,
      startMs: START_MS,
      settle: guard.settle,
      skewMs: skewOf(random),
      cipher: createCipher(Buffer.alloc(KEY_BYTES, 7), (sizeBytes) => drawBytes(random, sizeBytes)),
      ...(write && { write }),
      ...(breakage && { breakage }),
    });
    const ledger = await play(simulation, { ...scriptOf(random), ...script });
    const [used] = guard.escapes;
    if (used !== undefined) simulation.fail('a run touches no time, chance or network of the machine', used);
    const { failure, loop } = simulation;
    const refused = [...ledger.refusals.values()].reduce((sum, count) => sum + count, 0);
    return {
      seed,
      hash: trace.hash(),
      failure,
      events: loop.count,
      virtualMs: loop.nowMs - START_MS,
      edits: { acknowledged: ledger.acknowledged.length, refused, unknown: ledger.unknown },
    };
  } finally {
    guard.end();
  }
}

function scriptOf(random: Random): Script {
  const isCalm = random.next() < CALM;
  return {
    apps: appsOf(random),
    steps: 5 + random.below(12),
    pauseMs: 2_000 + random.below(10_000),
    meddling: random.below(5),
    hasDeletions: true,
    usualMs: random.next() < FAR_AWAY ? 200 : 2,
    slowReaderMs: random.next() < SLOW_READER ? random.next() * 2_000 : null,
    faultEveryMs: isCalm ? null : 4_000 + random.below(20_000),
  };
}

function appsOf(random: Random): readonly string[] {
  return [
    ...['base', 'front', 'tool'].slice(0, 1 + random.below(3)),
    ...(random.next() < REACHED ? ['gate'] : []),
    ...(random.next() < ADOPTED ? [LEGACY] : []),
    ...(random.next() < CHARTED ? ['charted'] : []),
    ...(random.next() < MADE_IN_CLOUD ? ['shop'] : []),
  ];
}

/** Most clocks are kept in step, and some were never set. */
function skewOf(random: Random): number {
  return random.next() < OUT_OF_STEP ? 120_000 : random.next() * 1_000;
}

/** Of all runs: an app has a gateway, runs there already, comes out of a chart, needs a cluster that has to be made. */
const REACHED = 0.15;
const ADOPTED = 0.15;
const CHARTED = 0.15;
const MADE_IN_CLOUD = 0.12;
/** Of all runs. */
const OUT_OF_STEP = 0.3;
/** Of all runs: nothing goes wrong but that people work at the same time. */
const CALM = 0.1;
/** Of all runs: everything is on another continent than everything else. */
const FAR_AWAY = 0.1;
/** Of all runs: somebody reads what they are told so slowly that it does not fit into memory. */
const SLOW_READER = 0.25;
/** The first of January, as good as any. */
const START_MS = Date.UTC(2026, 0, 1);
const KEY_BYTES = 32;

function drawBytes(random: Random, sizeBytes: number): Buffer {
  return Buffer.from(Array.from({ length: sizeBytes }, () => random.below(256)));
}
