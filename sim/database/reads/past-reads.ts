import type { ReadModels } from '../../../db/read/read-models.js';
import type { KindRegistry } from '../../../lib/kind.js';
import type { Moment } from '../../../lib/moment.js';
import type { SimulatedConnection } from '../connection.js';
import { Engine } from '../engine.js';
import { Run } from '../run.js';
import type { Table } from '../table.js';
import { createEventReads } from './event-reads.js';
import { createObjectReads } from './object-reads.js';
import { pastRows } from './past-rows.js';
import { createRecordReads } from './record-reads.js';
import { createRelativeReads } from './relative-reads.js';
import { createResourceReads } from './resource-reads.js';
import { createRevisionReads } from './revision-reads.js';

/** These are always of now, and the log as a whole is not simulated. */
type NotOfThePast =
  | 'incarnation'
  | 'findMoment'
  | 'at'
  | 'leaseHolder'
  | 'whyGraph'
  | 'whatIfGraph'
  | 'listRevisions'
  | 'countRevisions'
  | 'documentsBefore';

/** As db/read/past-reads.ts: the same reads, over tables that are made of the log. What is not in the log is empty. */
export function createPastReads(
  database: SimulatedConnection,
  registry: KindRegistry,
  moment: Moment,
): Omit<ReadModels, NotOfThePast> {
  const past: SimulatedConnection = {
    ...database,
    read: (what, look) => database.read(`${what} as of ${moment.seq}`, (run) => look(pastRun(run, moment, registry))),
  };
  const { attempts, openIntents, releases, deployments } = createRecordReads(past);
  return {
    ...createResourceReads(past, registry),
    ...createRelativeReads(past, registry),
    ...createRevisionReads(past),
    ...createObjectReads(past),
    ...createEventReads(past),
    ...{ attempts, openIntents, releases, deployments },
  };
}

function pastRun(now: Run, moment: Moment, registry: KindRegistry): Run {
  const { clock, random, scheduler } = now.engine;
  const engine = new Engine({ clock, random, scheduler });
  const transaction = engine.begin('the past', false);
  for (const [name, rows] of Object.entries(pastRows(now, moment, registry))) {
    const table = engine.tables[name as keyof typeof engine.tables] as unknown as Table<object>;
    for (const row of rows) {
      const tuple = table.newTuple(row);
      tuple.write(transaction, row);
      for (const { index } of table.uniques) table.enter(index, tuple, row);
      table.enterOthers(tuple, row);
    }
  }
  return new Run(engine, transaction);
}
