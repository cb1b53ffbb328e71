import type { KindRegistry } from '../../lib/kind.js';
import type { Queryable } from '../database.js';
import { createEventReads } from './event-reads.js';
import { createLeaseReads } from './lease-reads.js';
import { createMomentReads } from './moment-reads.js';
import { createObjectReads } from './object-reads.js';
import { createPastReads } from './past-reads.js';
import type { ReadModels } from './read-models.js';
import { createRecordReads } from './record-reads.js';
import { createRelativeReads } from './relative-reads.js';
import { createResourceReads } from './resource-reads.js';
import { createRevisionReads } from './revision-reads.js';
import { createWhatIfReads } from './what-if-reads.js';
import { createWhyReads } from './why-reads.js';

/** Reads over one database. Resources of kinds that the registry does not have are as if they were not there. */
export function createReadModels(options: {
  readonly database: Queryable;
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
    ...createLeaseReads(database),
    ...createMomentReads(database),
    ...createWhyReads(database, registry),
    ...createWhatIfReads(database, registry),
    at: (moment) => ({ ...present, ...createPastReads(database, registry, moment) }),
  };
  return present;
}
