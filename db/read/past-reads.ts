import type { KindRegistry } from '../../lib/kind.js';
import type { Moment } from '../../lib/moment.js';
import type { Queryable } from '../database.js';
import { pageOf } from './page.js';
import { pastSource } from './past-source.js';
import type { ReadModels } from './read-models.js';
import { createRecordReads } from './record-reads.js';
import { createRelativeReads } from './relative-reads.js';
import { createResourceReads } from './resource-reads.js';
import { createRevisionReads } from './revision-reads.js';

/**
 * What was at a moment. The log tells only how many objects changed and which events were new, so objects, events,
 * attempts and intents are empty rather than those of today.
 */
export function createPastReads(
  database: Queryable,
  registry: KindRegistry,
  moment: Moment,
): Omit<ReadModels, 'incarnation' | 'findMoment' | 'at' | 'leaseHolder' | 'whyGraph' | 'whatIfGraph'> {
  const defined = registry.kinds.filter((kind) => kind.lease === null).map((kind) => kind.name);
  const source = pastSource(moment, defined);
  return {
    ...createResourceReads(database, registry, source),
    ...createRelativeReads(database, registry, source),
    ...createRevisionReads(database, moment),
    ...createRecordReads(database, moment),
    attempts: async () => new Map(),
    openIntents: async () => new Map(),
    listObjects: async (_, { first }) => pageOf([], first, () => ''),
    countListedObjects: async () => 0,
    countListedObjectsByHealth: async () => [],
    objects: async () => new Map(),
    countObjects: async () => new Map(),
    countObjectsByHealth: async () => new Map(),
    listEvents: async (_, { first }) => pageOf([], first, () => ''),
    countEvents: async () => 0,
    eventsOf: async () => new Map(),
    countEventsOf: async () => new Map(),
    eventsOfObjects: async () => new Map(),
    countEventsOfObjects: async () => new Map(),
  };
}
