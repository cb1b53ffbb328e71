import type { Script } from '../play.js';
import type { Breakage } from '../simulation.js';
import { deliverPastTheGate } from './deliver-past-the-gate.js';
import { forgetIntents } from './forget-intents.js';
import { reportWithoutTheFence } from './report-without-the-fence.js';

/** A plane that is broken on purpose, to see that the simulation finds it. */
export interface NamedBreakage {
  readonly what: string;
  readonly breakage: Breakage;
  /** Which invariant finds it. */
  readonly invariant: RegExp;
  /** Work in which it shows soon. */
  readonly script: Partial<Script>;
}

export const breakages: readonly NamedBreakage[] = [
  {
    what: 'a feed that delivers past the gate of its cursor',
    breakage: deliverPastTheGate,
    invariant: /follows the log/,
    script: {},
  },
  {
    what: 'a store that takes a status whatever generation it was computed from',
    breakage: reportWithoutTheFence,
    invariant: /never claims more/,
    script: {
      apps: ['base'],
      pauseMs: 3_000,
      steps: 40,
      meddling: 0,
      hasDeletions: false,
      usualMs: 1_200,
      faultEveryMs: null,
    },
  },
  {
    what: 'a store that forgets intents',
    breakage: forgetIntents,
    invariant: /orphaned/,
    script: { apps: ['base'], pauseMs: 1_500, steps: 40, meddling: 0, usualMs: 2, faultEveryMs: 15_000 },
  },
];
