import { createClusterNames } from './cluster-names.js';
import type { TableName } from './database/schema.js';
import type { SimulatedDatabase } from './database/simulated-database.js';
import type { InquirerRecord } from './inquirer.js';
import { invariants } from './invariants/all.js';
import type { Evidence, Invariant } from './invariants/invariant.js';
import type { Simulation } from './simulation.js';
import type { MadeByHand } from './users/by-hand.js';
import type { Ledger } from './users/ledger.js';
import type { ViewerRecord } from './viewers.js';
import { createWorldHistory } from './world-history.js';

/** Holds a run to all invariants. */
export interface Checks {
  /** From now on, every second and with each change of the world. */
  start(): void;
  /** What does not hold yet of what has to once all is settled, and of which invariant. */
  unsettled(): readonly { readonly title: string; readonly words: string }[];
}

export function createChecks(
  simulation: Simulation,
  parts: {
    readonly database: CheckedDatabase;
    readonly ledger: Ledger;
    readonly viewers: readonly ViewerRecord[];
    readonly inquirer: InquirerRecord;
    /** Asked anew each time: it is made while a run goes on. */
    readonly byHand: () => MadeByHand;
  },
): Checks {
  const { loop, nature, world } = simulation;
  const history = createWorldHistory();
  const held: readonly Invariant[] = invariants.map((create) => create());
  const database = readOnce(parts.database);
  const clusters = createClusterNames(database);
  const evidence: Evidence = {
    ...parts,
    database,
    get byHand() {
      return parts.byHand();
    },
    clusterOf: (runtimeId) => clusters.of(runtimeId),
    world,
    history,
    controllers: simulation.controllers,
    get nowMs() {
      return loop.nowMs;
    },
  };
  const judge = ({ title }: Invariant, found: readonly string[]) => {
    if (found.length > 0) simulation.fail(title, found.slice(0, MOST_SHOWN).join('\n'));
  };
  const look = () => {
    clusters.look();
    for (const invariant of held) judge(invariant, invariant.always?.(evidence) ?? []);
    nature.after(EVERY_MS, 'checks', look);
  };
  simulation.onWorld((record) => {
    history.add(loop.nowMs, record);
    for (const invariant of held) {
      if (invariant.onWorld) judge(invariant, invariant.onWorld(record, evidence));
    }
  });
  return {
    start: look,
    unsettled: () =>
      held.flatMap(({ title, settled }) => (settled?.(evidence) ?? []).map((words) => ({ title, words }))),
  };
}

type CheckedDatabase = Pick<SimulatedDatabase, 'rows' | 'commits'>;

/** Many look at the same tables, and between two commits nothing changes in them. */
function readOnce(database: CheckedDatabase): Pick<SimulatedDatabase, 'rows'> {
  const known = new Map<string, unknown>();
  let at = -1;
  const rows = (table: TableName): unknown => {
    if (at !== database.commits) known.clear();
    at = database.commits;
    const found = known.get(table) ?? database.rows(table);
    known.set(table, found);
    return found;
  };
  return { rows: rows as SimulatedDatabase['rows'] };
}

const EVERY_MS = 1_000;
const MOST_SHOWN = 5;
