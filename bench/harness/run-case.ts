import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorText } from '../../lib/errors.js';
import { createSeededRandom } from '../../lib/random.js';
import type { BenchCase } from '../case.js';
import type { CaseResult } from './case-result.js';
import { judge, type Verdict } from './judge.js';
import { readMachine } from './machine.js';
import { playRounds } from './rounds.js';

export interface RunOptions {
  readonly isSmoke: boolean;
  /** null: what the case wants, or the usual. */
  readonly rounds: number | null;
  readonly seed: number;
  readonly signal: AbortSignal;
  tell(text: string): void;
}

/** Opens a case, plays its rounds, closes it, and says what came of it. Rejects only when it was aborted. */
export async function runCase(bench: BenchCase, options: RunOptions): Promise<CaseResult> {
  const { isSmoke, seed, signal } = options;
  const tell = (text: string) => options.tell(`${bench.name}: ${text}`);
  const folder = await mkdtemp(join(tmpdir(), 'portolan-bench-'));
  let rounds = 0;
  let versions: Readonly<Record<string, string>> = {};
  let verdict: Verdict;
  try {
    tell('opening');
    const open = await bench.open({ isSmoke, folder, seed, signal, tell });
    versions = open.versions ?? {};
    try {
      const usual = open.rounds ?? USUAL_ROUNDS;
      rounds = options.rounds ?? (isSmoke ? Math.min(SMOKE_ROUNDS, usual) : usual);
      const random = createSeededRandom(seed);
      const played = await playRounds({ contenders: open.contenders, rounds, random, signal, tell });
      const judged = judge(bench, open.contenders, played.rounds);
      verdict = { ...judged, problems: [...played.failures, ...judged.problems] };
    } finally {
      tell('closing');
      await open.close();
    }
  } catch (error) {
    if (signal.aborted) throw error;
    verdict = { contenders: [], goals: unmet(bench), problems: [errorText(error)] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return {
    name: bench.name,
    what: bench.what,
    date: new Date().toISOString(),
    machine: readMachine(versions),
    isSmoke,
    seed,
    rounds,
    ...verdict,
  };
}

const USUAL_ROUNDS = 5;
const SMOKE_ROUNDS = 2;

function unmet({ goals }: BenchCase): Verdict['goals'] {
  return goals.map(({ name, unit, atLeast, atMost }) => ({
    name,
    unit,
    ...(atLeast !== undefined && { atLeast }),
    ...(atMost !== undefined && { atMost }),
    value: null,
    isMet: false,
  }));
}
