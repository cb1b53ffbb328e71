import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import { PortolanError } from '../../lib/errors.js';
import type { Changeset } from '../../model/changeset.js';
import type { Actor } from '../contract.js';
import type { Queryable, Transaction } from '../database.js';
import type { Statement, Value } from '../statement.js';
import { kindOf, MovedOnError, type StoreContext } from './context.js';
import { Draft, type Envelope } from './draft.js';
import { ReadLog, recordReads } from './read-log.js';
import {
  type LockMode,
  lockIds,
  lockingPlaces,
  lockOwned,
  lockPlaces,
  type Place,
  type ResourceRow,
  textOfPlace,
} from './rows.js';

/** `plan`: nothing is locked, and what would be refused is told instead of ending it. */
export type WorldMode = 'commit' | 'plan';

/** All resources that a commit has locked or makes, and what it will write beside them. */
export class World {
  readonly context: StoreContext;
  readonly mode: WorldMode;
  /** For reads of any kind: all of them are noted. */
  readonly transaction: Queryable;
  readonly reads = new ReadLog();
  readonly changeset: Changeset;
  readonly changesetId: string;
  readonly actor: Actor;
  readonly newSecrets: NewSecret[] = [];
  readonly newReleases: NewRelease[] = [];
  readonly newDeployments: NewDeployment[] = [];
  readonly newReferences: NewReference[] = [];
  /** Those that something needs and nobody owns, be they new or found. */
  readonly needed = new Set<Draft>();
  /** Who depends on what goes, as far as both are known here. */
  readonly dependents: Dependent[] = [];
  /** What a commit would have ended with, in a plan. */
  readonly refusals: Refusal[] = [];
  /** Ids of resources that are computed anew although their specs may be as before, and of environments that all in them are. */
  readonly stale = new Set<string>();
  readonly #unrecorded: Transaction;
  readonly #byId = new Map<string, Draft>();
  readonly #byPlace = new Map<string, Draft>();
  readonly #looked = new Set<string>();

  constructor(
    context: StoreContext,
    transaction: Transaction,
    changeset: Changeset,
    actor: Actor,
    mode: WorldMode = 'commit',
  ) {
    this.context = context;
    this.mode = mode;
    this.#unrecorded = transaction;
    this.transaction = recordReads(transaction, this.reads);
    this.changeset = changeset;
    this.changesetId = context.random.uuid();
    this.actor = actor;
  }

  isStale({ id, environmentId }: Draft): boolean {
    return this.stale.has(id) || (environmentId !== null && this.stale.has(environmentId));
  }

  get drafts(): readonly Draft[] {
    return [...this.#byId.values()];
  }

  find(place: Place): Draft | null {
    return this.placed(textOfPlace(place));
  }

  /** The same by the text of a place. */
  placed(text: string): Draft | null {
    return this.#byPlace.get(text) ?? null;
  }

  get(id: string): Draft | null {
    return this.#byId.get(id) ?? null;
  }

  /** Locks what is at these places, as far as that was not done before. */
  async load(places: readonly Place[], mode: LockMode): Promise<void> {
    const asked = this.#missing({ places, mode });
    this.#lookedAt({ places: asked, mode }, await lockPlaces(this.#unrecorded, asked, this.#lockOf(mode)));
  }

  /** The same in one round trip, unless what was found, by the texts of places, is not as it was expected. */
  async loadTogether(
    lots: readonly Lot[],
    isExpected: (rows: ReadonlyMap<string, ResourceRow>) => boolean,
  ): Promise<void> {
    const asked = lots.map((lot) => ({ ...lot, places: this.#missing(lot) })).filter(({ places }) => places.length > 0);
    if (asked.length < 2) return;
    const rows = await this.#unrecorded.queryAll(asked.map(({ places, mode }) => lockingPlaces(places, mode)));
    if (!isExpected(new Map(rows.flat().map((row) => [textOfPlace(row), row])))) return;
    for (const [index, lot] of asked.entries()) this.#lookedAt(lot, rows[index] ?? []);
  }

  async loadIds(ids: readonly string[], mode: LockMode): Promise<void> {
    const unique = [...new Set(ids)];
    const rows = await lockIds(this.#unrecorded, unique, this.#lockOf(mode));
    this.reads.byIds('ids', unique, rows);
    this.#take(rows);
  }

  async loadOwned(ownerIds: readonly string[], mode: LockMode): Promise<readonly Draft[]> {
    const rows = await lockOwned(this.#unrecorded, ownerIds, this.#lockOf(mode));
    this.reads.byIds('owners', ownerIds, rows);
    return this.#take(rows);
  }

  /** Waits for others that lock the same. That is no read, and a plan waits for nobody. */
  async lock(lock: Statement<unknown>, values: readonly Value[]): Promise<void> {
    if (this.mode === 'commit') await this.#unrecorded.query(lock, values);
  }

  /** Ends a commit. A plan tells it, and what else would happen: whoever calls this goes on as if it were allowed. */
  refuse(error: PortolanError, about: readonly Draft[]): void {
    if (this.mode === 'commit') throw error;
    this.refusals.push({ error, about });
  }

  /** Runs `work` about a draft. In a plan a rule that ends it is told, and the rest goes on without that draft. */
  attempt(draft: Draft, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof PortolanError) || error.details.rule === undefined) throw error;
      this.refuse(error, [draft]);
      draft.isRefused = true;
    }
  }

  /** A resource that is not there yet. */
  add(envelope: Omit<Envelope, 'id'>): Draft {
    return this.#keep(new Draft({ ...envelope, id: this.context.random.uuid() }, null));
  }

  /** Asks for the deletion of what is owned, and frees its name at once for what takes its place. */
  retire(draft: Draft): void {
    this.#byPlace.delete(textOfPlace({ kind: draft.kind.name, scopeId: draft.scopeId, name: draft.name }));
    draft.name = `${draft.name}.${draft.id.slice(0, 8)}`;
    draft.isDeleting = true;
    this.#keep(draft);
  }

  #missing({ places, mode }: Lot): readonly Place[] {
    const missing = new Map(places.map((place) => [`${mode} ${textOfPlace(place)}`, place]));
    for (const [key, place] of missing) {
      if (this.#looked.has(key) || (mode === 'refer' && this.find(place))) missing.delete(key);
    }
    return [...missing.values()];
  }

  #lookedAt({ places, mode }: Lot, rows: readonly ResourceRow[]): void {
    for (const place of places) this.#looked.add(`${mode} ${textOfPlace(place)}`);
    this.reads.atPlaces(places, rows);
    if (this.mode === 'commit') this.context.places.learn(rows);
    this.#take(rows);
  }

  #lockOf(mode: LockMode): LockMode {
    return this.mode === 'plan' ? 'none' : mode;
  }

  #take(rows: readonly ResourceRow[]): readonly Draft[] {
    return rows.map((row) => {
      const known = this.#byId.get(row.id);
      if (known) return current(known, row);
      return this.#keep(new Draft({ ...row, kind: kindOf(this.context, row.kind) }, row));
    });
  }

  #keep(draft: Draft): Draft {
    this.#byId.set(draft.id, draft);
    this.#byPlace.set(textOfPlace({ kind: draft.kind.name, scopeId: draft.scopeId, name: draft.name }), draft);
    return draft;
  }
}

/** Seen before with a weaker lock, or none, it may have changed meanwhile. */
function current(known: Draft, row: ResourceRow): Draft {
  const { before } = known;
  if (before && (before.version !== row.version || !isSameJson(before.managers, row.managers))) {
    throw new MovedOnError(`${row.kind} ${row.name} changed while it was looked at.`);
  }
  return known;
}

/** Places that are locked alike. */
export interface Lot {
  readonly places: readonly Place[];
  readonly mode: LockMode;
}

export interface Refusal {
  readonly error: PortolanError;
  readonly about: readonly Draft[];
}

/** By a reference, by being owned, or by being in that place. */
export interface Dependent {
  readonly targetId: string;
  readonly id: string;
}

export interface NewSecret {
  readonly id: string;
  readonly version: number;
  readonly resourceId: string;
  readonly place: string;
  readonly plaintext: string;
  readonly hmac: Buffer;
}

export interface NewRelease {
  readonly id: string;
  readonly appId: string;
  readonly number: number;
  readonly spec: JsonObject;
  readonly digest: string;
}

export interface NewDeployment {
  readonly id: string;
  readonly instanceId: string;
  readonly number: number;
  readonly appId: string;
  readonly release: number;
  readonly releaseDigest: string;
  readonly resolved: JsonObject;
}

export interface NewReference {
  readonly fromId: string;
  readonly path: string;
  readonly toId: string;
}
