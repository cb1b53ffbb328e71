import { randomInt, randomUUID } from 'node:crypto';
import type { Random } from '../random.js';

/** Chance that nobody can guess: for secrets. Slower than `systemRandom`. */
export const secureRandom: Random = {
  next: () => randomInt(RANGE) / RANGE,
  below: (below) => randomInt(below),
  uuid: () => randomUUID(),
};

/** The largest range that randomInt takes is 2^48. */
const RANGE = 2 ** 48 - 1;
