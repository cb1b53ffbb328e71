import type { Contender, Sample } from '../../bench/case.js';

/** A sample without faults of 100 operations in a second, at 1 ms of CPU each. */
export function makeSample(differing: Partial<Sample> = {}): Sample {
  return { operations: 100, wallMs: 1000, cpuMs: 100, errors: 0, answerHash: 'right', ...differing };
}

/** Measures the same every time, and notes it in `log`. */
export function makeContender(
  name: string,
  { role = 'ours', sample = makeSample(), log = [] }: Partial<Contender> & { sample?: Sample; log?: string[] } = {},
): Contender {
  return {
    name,
    role,
    async warm() {
      log.push(`warm ${name}`);
    },
    async measure() {
      log.push(name);
      return sample;
    },
  };
}
