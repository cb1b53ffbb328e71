import { createMomentReads } from '../../db/read/moment-reads.js';
import type { ReadModels } from '../../db/read/read-models.js';
import type { KindRegistry } from '../../lib/kind.js';
import type { SimulatedConnection } from './connection.js';
import { createEventReads } from './reads/event-reads.js';
import { createObjectReads } from './reads/object-reads.js';
import { createPastReads } from './reads/past-reads.js';
import { createRecordReads } from './reads/record-reads.js';
import { createRelativeReads } from './reads/relative-reads.js';
import { createResourceReads } from './reads/resource-reads.js';
import { createRevisionReads } from './reads/revision-reads.js';
import { createWhyReads } from './reads/why-reads.js';

/**
 * The reads of db/read/ over the simulated tables, each of them one step that sees one moment: all that controllers ask,
 * and what people look at most. `whatIf` and the whole log are not simulated, and say so.
 */
export function createSimulatedReads(options: {
  readonly database: SimulatedConnection;
  readonly registry: KindRegistry;
}): ReadModels {
  const { database, registry } = options;
  const present: ReadModels = {
    ...createResourceReads(database, registry),
    ...createRelativeReads(database, registry),
    ...createObjectReads(database),
    ...createEventReads(database),
    ...createRevisionReads(database),
    ...createRecordReads(database),
    ...createMomentReads(database),
    ...createWhyReads(database, registry),
    at: (moment) => ({ ...present, ...createPastReads(database, registry, moment) }),
    listRevisions: () => notSimulated('listRevisions'),
    countRevisions: () => notSimulated('countRevisions'),
    documentsBefore: () => notSimulated('documentsBefore'),
    whatIfGraph: () => notSimulated('whatIfGraph'),
  };
  return present;
}

function notSimulated(name: string): never {
  throw new Error(`The read ${name} is not simulated. Write it in sim/database/reads/.`);
}
