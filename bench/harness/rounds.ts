import { errorText } from '../../lib/errors.js';
import type { Random } from '../../lib/random.js';
import type { Contender, Round, Sample } from '../case.js';

export interface RoundsOptions {
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  readonly random: Random;
  readonly signal: AbortSignal;
  tell(text: string): void;
}

export interface PlayedRounds {
  readonly rounds: readonly Round[];
  /** Sentences: who failed, and how. Who failed once is left out from then on. */
  readonly failures: readonly string[];
}

/** Warms every contender, then measures all of them back to back, round by round, each in a new random order. */
export async function playRounds(options: RoundsOptions): Promise<PlayedRounds> {
  const { contenders, random, signal, tell } = options;
  const failures: string[] = [];
  const failed = new Set<string>();
  const attempt = async (contender: Contender, work: () => Promise<void>) => {
    if (failed.has(contender.name)) return;
    signal.throwIfAborted();
    try {
      await work();
    } catch (error) {
      if (signal.aborted) throw error;
      failed.add(contender.name);
      failures.push(`${contender.name} failed: ${errorText(error)}`);
      tell(`${contender.name} failed: ${errorText(error)}`);
    }
  };

  for (const contender of contenders) {
    tell(`warming ${contender.name}`);
    await attempt(contender, async () => contender.warm?.());
  }
  const rounds: Round[] = [];
  for (let number = 1; number <= options.rounds; number += 1) {
    const samples = new Map<string, Sample>();
    for (const contender of shuffled(contenders, random)) {
      tell(`round ${number} of ${options.rounds}: ${contender.name}`);
      await attempt(contender, async () => {
        samples.set(contender.name, await contender.measure());
      });
    }
    rounds.push(samples);
  }
  return { rounds, failures };
}

/** Draws one after the other. */
function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(random.below(left.length), 1));
}
