import type { Actor, Feed, Store } from '../db/contract.js';
import type { ReadModels } from '../db/read/read-models.js';
import type { ReadSetRecorder } from '../db/read/read-set.js';
import type { Tokens } from '../db/tokens.js';
import type { Clock } from '../lib/clock.js';
import type { KindRegistry } from '../lib/kind.js';
import type { Moment } from '../lib/moment.js';
import type { Loaders } from './loaders.js';
import type { Probes } from './probes.js';

/**
 * What every resolver gets. Made anew for each operation, and for each run of a live read: loaders remember, so only runs
 * that begin at the same time share them.
 */
export interface GraphContext {
  /** Who asks. Requests without a valid token never come this far. */
  readonly actor: Actor;
  readonly store: Store;
  readonly reads: ReadModels;
  readonly feed: Feed;
  readonly registry: KindRegistry;
  readonly probes: Probes;
  readonly clock: Clock;
  readonly about: PlaneVersions;
  readonly tokens: Tokens;
  readonly loaders: Loaders;
  /** Present where what was at a moment is read: `reads` answers what was then. */
  readonly moment?: Moment;
  /** Present while a live read runs. */
  readonly readSet?: ReadSetRecorder;
  /** Aborts when the asker leaves. */
  readonly signal?: AbortSignal;
}

export interface PlaneVersions {
  /** Of this program: `0.1.0`. */
  readonly version: string;
  /** Of the database: the name of its newest migration. */
  readonly schemaVersion: string;
}
