import type { JsonObject } from '../../lib/canonical.js';
import type { Health } from '../../lib/health.js';
import type { AskedMoment, Moment } from '../../lib/moment.js';
import type { WhatIfGraph } from '../../model/what-if/what-if-graph.js';
import type { WhyGraph } from '../../model/why/why-graph.js';
import type { Intent, ObjectRow, Revision } from '../contract.js';
import type {
  EventFilter,
  ObjectFilter,
  ResourceAddress,
  ResourceFilter,
  ResourceOrder,
  RevisionFilter,
} from './filters.js';
import type { Page, PageRequest } from './page.js';
import type { ResourceColumns, ResourceRow } from './resource-row.js';

/**
 * Everything that the graph reads, as prepared SQL that selects what was asked for. What belongs to resources takes the
 * ids of many and answers for all of them in one statement; an id without an answer is missing from the map.
 */
export interface ReadModels {
  /** Identity of the database. */
  incarnation(): Promise<string>;

  /**
   * Where in the log that is; null while commits up to there are still under way: ask again. Throws CursorExpiredError
   * for what the log does not tell, or not any more.
   */
  findMoment(asked: AskedMoment): Promise<Moment | null>;
  /**
   * The same reads of what was at that moment. What is not in the log is empty there: objects, events, attempts.
   * Releases and app deployments are those that were made by its time.
   */
  at(moment: Moment): ReadModels;

  /** Throws BadInputError when the kind needs an environment or an owner and none is given. */
  findResource(address: ResourceAddress, columns: ResourceColumns): Promise<ResourceRow | null>;
  resourcesByIds(ids: readonly string[], columns: ResourceColumns): Promise<readonly ResourceRow[]>;
  /** `after` is a cursor. Throws BadInputError when it is not one of this order. */
  listResources(
    filter: ResourceFilter,
    page: BatchPage & { readonly order: ResourceOrder },
    columns: ResourceColumns,
  ): Promise<Page<ResourceRow>>;
  countResources(filter: ResourceFilter): Promise<number>;
  countResourcesByHealth(filter: ResourceFilter): Promise<readonly HealthCount[]>;

  relatives(
    relation: Relation,
    ids: readonly string[],
    page: BatchPage,
    columns: ResourceColumns,
  ): Promise<ReadonlyMap<string, Page<ResourceRow>>>;
  countRelatives(relation: Relation, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  countRelativesByHealth(
    relation: Relation,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly HealthCount[]>>;
  /** `targets`: with what they point to. */
  references(ids: readonly string[], targets?: ResourceColumns): Promise<ReadonlyMap<string, readonly ReferenceRow[]>>;
  /** Ids of a resource and of all that it and they own or refer to, at any depth, the nearest first. Empty when it is gone. */
  reached(id: string, limit: number): Promise<readonly string[]>;
  /** How many resources refer to each or are owned by it. */
  dependents(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;

  listObjects(filter: ObjectFilter, page: BatchPage): Promise<Page<OwnedObjectRow>>;
  countListedObjects(filter: ObjectFilter): Promise<number>;
  countListedObjectsByHealth(filter: ObjectFilter): Promise<readonly HealthCount[]>;
  objects(ids: readonly string[], page: BatchPage): Promise<ReadonlyMap<string, Page<OwnedObjectRow>>>;
  countObjects(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  countObjectsByHealth(ids: readonly string[]): Promise<ReadonlyMap<string, readonly HealthCount[]>>;

  listEvents(filter: EventFilter, page: EventPage): Promise<Page<EventRow>>;
  countEvents(filter: EventFilter): Promise<number>;
  eventsOf(ids: readonly string[], page: EventPage): Promise<ReadonlyMap<string, Page<EventRow>>>;
  countEventsOf(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Of objects, by subjectKey: their own and those of what belongs to them. */
  eventsOfObjects(keys: readonly string[], page: EventPage): Promise<ReadonlyMap<string, Page<EventRow>>>;
  countEventsOfObjects(keys: readonly string[]): Promise<ReadonlyMap<string, number>>;

  revisionsOf(ids: readonly string[], page: BatchPage): Promise<ReadonlyMap<string, Page<RevisionRow>>>;
  countRevisionsOf(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Newest first, also of what is gone. */
  listRevisions(filter: RevisionFilter, page: BatchPage): Promise<Page<RevisionRow>>;
  countRevisions(filter: RevisionFilter): Promise<number>;
  /** By revisionKey: the document of the same sort before it, of desired state or of status. None: it was the first. */
  documentsBefore(keys: readonly string[]): Promise<ReadonlyMap<string, JsonObject>>;

  /** null: nobody holds it, or not any more. */
  leaseHolder(key: string): Promise<LeaseHolderRow | null>;

  /** What `why` decides from. null: there is no such resource. */
  whyGraph(resourceId: string): Promise<WhyGraph | null>;
  /** What `whatIf` decides from. Ids that are not there are missing from its resources. */
  whatIfGraph(removeIds: readonly string[]): Promise<WhatIfGraph>;

  attempts(ids: readonly string[]): Promise<ReadonlyMap<string, AttemptRow>>;
  /** Those that are not resolved, the oldest first. */
  openIntents(ids: readonly string[]): Promise<ReadonlyMap<string, readonly IntentRow[]>>;
  /** Newest first; `after` is the number of the last one that was seen. */
  releases(
    appIds: readonly string[],
    page: { readonly first: number; readonly after: number | null },
  ): Promise<ReadonlyMap<string, readonly ReleaseRow[]>>;
  deployments(
    instanceIds: readonly string[],
    page: { readonly first: number; readonly after: number | null },
  ): Promise<ReadonlyMap<string, readonly AppDeploymentRow[]>>;
}

/** children: those that it owns. referrers: those that refer to it. */
export type Relation = 'children' | 'referrers';

/** `after` is a cursor, the same for every id of the batch. */
export interface BatchPage {
  readonly first: PageRequest['first'];
  readonly after: string | null;
  /** false: nobody asks whether there is more, which takes one row beyond the page of each. */
  readonly looksAhead?: boolean;
}

/** What can be asked of an event beside its id and resource, which always come; `cursor` is for cursorOf. */
export const eventColumns = [
  'object',
  'ownerObject',
  'type',
  'reason',
  'message',
  'source',
  'count',
  'firstAt',
  'lastAt',
  'cursor',
] as const;
export type EventColumn = (typeof eventColumns)[number];

export interface EventPage extends BatchPage {
  /** Left out: all. */
  readonly columns?: ReadonlySet<EventColumn>;
}

export interface HealthCount {
  readonly health: Health;
  readonly count: number;
}

export interface ReferenceRow {
  readonly fromId: string;
  readonly path: string;
  readonly toId: string;
  /** Where it was read with it; edges to the same one share it. */
  readonly target?: ResourceRow | undefined;
}

export interface OwnedObjectRow extends ObjectRow {
  readonly resourceId: string;
  readonly runtimeId: string;
  readonly since: string;
}

/** An event as far as it was asked for: `undefined` is "not asked". */
export interface EventRow {
  readonly id: string;
  readonly resourceId: string;
  readonly object?: string;
  readonly ownerObject?: string | null;
  readonly type?: 'Normal' | 'Warning';
  readonly reason?: string;
  readonly message?: string;
  readonly source?: string;
  readonly count?: number;
  readonly firstAt?: string;
  readonly lastAt?: string;
}

export interface RevisionRow extends Omit<Revision, 'seq' | 'leaseKey'> {
  /** `<incarnation>:<seq>` */
  readonly cursor: string;
}

export interface IntentRow extends Intent {
  readonly resourceId: string;
}

export interface AttemptRow {
  readonly resourceId: string;
  readonly count: number;
  readonly lastError: string;
  readonly nextRetryAt: string | null;
  readonly updatedAt: string;
}

export interface LeaseHolderRow {
  readonly holder: string;
  /** Whose token acquired it. */
  readonly principalId: string;
  readonly epoch: number;
}

export interface ReleaseRow {
  readonly id: string;
  readonly appId: string;
  readonly number: number;
  readonly spec: JsonObject;
  readonly digest: string;
  readonly actor: string;
  readonly createdAt: string;
}

export interface AppDeploymentRow {
  readonly id: string;
  readonly instanceId: string;
  readonly number: number;
  readonly release: number;
  readonly releaseDigest: string;
  readonly resolved: JsonObject;
  readonly actor: string;
  readonly createdAt: string;
}
