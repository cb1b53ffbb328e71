import { createAdoptedStays } from './adopted-stays.js';
import { createDependentsGoFirst } from './dependents-go-first.js';
import { createFencesHold } from './fences-hold.js';
import type { CreateInvariant } from './invariant.js';
import { createLeasesAreShared } from './leases-are-shared.js';
import { createLiveIsTrue } from './live-is-true.js';
import { createLogIsGapless } from './log-is-gapless.js';
import { createNothingDoubled } from './nothing-doubled.js';
import { createNothingLost } from './nothing-lost.js';
import { createNothingOrphaned } from './nothing-orphaned.js';
import { createPastIsKept } from './past-is-kept.js';
import { createStatusWasSeen } from './status-was-seen.js';
import { createWhyIsTrue } from './why-is-true.js';

/** All that is looked at in every run, beside that it settles and that it is quiet then: see sim/play.ts. */
export const invariants: readonly CreateInvariant[] = [
  createNothingLost,
  createNothingDoubled,
  createNothingOrphaned,
  createDependentsGoFirst,
  createStatusWasSeen,
  createLiveIsTrue,
  createLogIsGapless,
  createFencesHold,
  createLeasesAreShared,
  createPastIsKept,
  createWhyIsTrue,
  createAdoptedStays,
];
