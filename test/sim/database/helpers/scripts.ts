import type { Given } from './given.js';
import type { Stage } from './stage.js';

/** One interleaving, and what is special about it. */
export interface Script {
  readonly title: string;
  run(stage: Stage, given: Given): Promise<void>;
}
