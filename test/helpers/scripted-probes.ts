import type { Json } from '../../lib/canonical.js';
import { type ProbeQuestion, type Probes, ProbeUnavailableError } from '../../resolvers/probes.js';

/** Answers by a function of the test: what it throws is a question without an answer. Keeps what was asked. */
export interface ScriptedProbes extends Probes {
  readonly asked: ProbeQuestion[];
}

export function createScriptedProbes(
  answer: (question: ProbeQuestion) => AsyncIterable<Json> | readonly Json[],
): ScriptedProbes {
  const asked: ProbeQuestion[] = [];
  return {
    asked,
    async *ask(question) {
      asked.push(question);
      yield* answer(question);
    },
    listen() {
      throw new Error('No controller attaches in this test.');
    },
    answer() {
      throw new Error('No controller answers in this test.');
    },
  };
}

/** To be called by an answer. */
export function unavailable(why: string): never {
  throw new ProbeUnavailableError(why);
}
