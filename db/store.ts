import type { Failpoint } from '../lib/failpoint.js';
import type { KindRegistry } from '../lib/kind.js';
import type { Log } from '../lib/log.js';
import type { Random } from '../lib/random.js';
import type { Expanders } from '../model/expand/expanders.js';
import { createSpecValidator } from '../model/validate.js';
import type { Plane } from './bootstrap.js';
import type { Cipher } from './cipher.js';
import type { Store } from './contract.js';
import type { Database } from './database.js';
import { commit } from './store/commit.js';
import type { StoreContext } from './store/context.js';
import { createCredentialVerbs } from './store/credentials.js';
import { finalize } from './store/finalize.js';
import { createIntentVerbs } from './store/intents.js';
import { KnownPlaces } from './store/known-places.js';
import { createLeaseVerbs } from './store/leases.js';
import { createNoteVerbs } from './store/notes.js';
import { reportObjects } from './store/objects.js';
import { origin } from './store/origin.js';
import { plan } from './store/plan.js';
import { report } from './store/report.js';
import { reportStatus } from './store/status.js';

export interface StoreOptions {
  readonly database: Database;
  /** What `bootstrap` returned. */
  readonly plane: Plane;
  readonly registry: KindRegistry;
  readonly expanders: Expanders;
  readonly cipher: Cipher;
  readonly random: Random;
  readonly log: Log;
  /** Told after each commit that appended revisions, such as `feed.wake`. */
  wake(): void;
  readonly failpoint?: Failpoint;
}

/** The one writer of the database. See db/contract.ts for its verbs. */
export function createStore(options: StoreOptions): Store {
  const { database, plane, registry, expanders, cipher, random, log, failpoint } = options;
  const wake = () => options.wake();
  const context: StoreContext = {
    database,
    registry,
    validator: createSpecValidator(registry),
    expanders,
    cipher,
    places: new KnownPlaces(),
    random,
    incarnation: plane.incarnation,
    log,
    wake: failpoint ? withFailpoint(failpoint, wake) : wake,
  };
  return {
    commit: (changeset, actor) => commit(context, changeset, actor),
    plan: (changeset, actor) => plan(context, changeset, actor),
    origin: (input, actor) => origin(context, input, actor),
    ...createLeaseVerbs(context),
    reportStatus: (input, actor) => reportStatus(context, input, actor),
    reportObjects: (input, actor) => reportObjects(context, input, actor),
    ...createNoteVerbs(context),
    ...createIntentVerbs(context),
    report: (reports, actor) => report(context, reports, actor),
    finalize: (input, actor) => finalize(context, input, actor),
    ...createCredentialVerbs(context),
  };
}

function withFailpoint(failpoint: Failpoint, wake: () => void): () => void {
  return () => {
    failpoint('afterCommit', '');
    wake();
  };
}
