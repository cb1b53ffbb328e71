import type { JournalRecord } from '../../drivers/sandbox/journal.js';
import type { SandboxWorld } from '../../drivers/sandbox/world.js';
import type { LeaseView } from '../../sdk/runtime/reconciler.js';
import type { SimulatedDatabase } from '../database/simulated-database.js';
import type { InquirerRecord } from '../inquirer.js';
import type { MadeByHand } from '../users/by-hand.js';
import type { Ledger } from '../users/ledger.js';
import type { ViewerRecord } from '../viewers.js';
import type { WorldHistory } from '../world-history.js';

/** All that a check looks at. It reads past the product: tables, the world, what users and viewers were told. */
export interface Evidence {
  readonly database: Pick<SimulatedDatabase, 'rows'>;
  readonly world: SandboxWorld;
  readonly history: WorldHistory;
  readonly ledger: Ledger;
  readonly viewers: readonly ViewerRecord[];
  /** Processes, and under which leases each would write now. */
  readonly controllers: readonly { readonly name: string; leases(): readonly LeaseView[] }[];
  readonly inquirer: InquirerRecord;
  readonly byHand: MadeByHand;
  readonly nowMs: number;
  /** What the world calls the cluster of a runtime. */
  clusterOf(runtimeId: string): string;
}

/** Something that must be so, whatever happens. */
export interface Invariant {
  /** What holds, as a sentence. */
  readonly title: string;
  /** Looked at every second. Sentences that say how it does not hold. */
  readonly always?: (evidence: Evidence) => readonly string[];
  /** Looked at when all is settled. */
  readonly settled?: (evidence: Evidence) => readonly string[];
  /** Told of each change of the world, in the moment it happens. */
  readonly onWorld?: (record: JournalRecord, evidence: Evidence) => readonly string[];
}

/** Made anew for each run, for it may remember what it saw. */
export type CreateInvariant = () => Invariant;
