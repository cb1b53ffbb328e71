import type { JsonObject } from '../../lib/canonical.js';
import type { Changeset } from '../../model/changeset.js';
import type { Actor } from '../contract.js';
import type { Transaction } from '../database.js';
import { kindOf, type StoreContext } from './context.js';
import { Draft, type Envelope } from './draft.js';
import { type LockMode, lockIds, lockOwned, lockPlaces, type Place, type ResourceRow } from './rows.js';

/** All resources that a commit has locked or makes, and what it will write beside them. */
export class World {
  readonly context: StoreContext;
  readonly transaction: Transaction;
  readonly changeset: Changeset;
  readonly changesetId: string;
  readonly actor: Actor;
  readonly newSecrets: NewSecret[] = [];
  readonly newReleases: NewRelease[] = [];
  readonly newDeployments: NewDeployment[] = [];
  readonly newReferences: NewReference[] = [];
  readonly #byId = new Map<string, Draft>();
  readonly #byPlace = new Map<string, Draft>();
  readonly #looked = new Set<string>();

  constructor(context: StoreContext, transaction: Transaction, changeset: Changeset, actor: Actor) {
    this.context = context;
    this.transaction = transaction;
    this.changeset = changeset;
    this.changesetId = context.random.uuid();
    this.actor = actor;
  }

  get drafts(): readonly Draft[] {
    return [...this.#byId.values()];
  }

  find(place: Place): Draft | null {
    return this.#byPlace.get(keyOf(place)) ?? null;
  }

  get(id: string): Draft | null {
    return this.#byId.get(id) ?? null;
  }

  /** Locks what is at these places, as far as that was not done before. */
  async load(places: readonly Place[], mode: LockMode): Promise<void> {
    const missing = new Map(places.map((place) => [`${mode} ${keyOf(place)}`, place]));
    for (const [key, place] of missing) {
      if (this.#looked.has(key) || (mode === 'refer' && this.find(place))) missing.delete(key);
      this.#looked.add(key);
    }
    this.#take(await lockPlaces(this.transaction, [...missing.values()], mode));
  }

  async loadIds(ids: readonly string[], mode: LockMode): Promise<void> {
    this.#take(await lockIds(this.transaction, [...new Set(ids)], mode));
  }

  async loadOwned(ownerIds: readonly string[], mode: LockMode): Promise<readonly Draft[]> {
    return this.#take(await lockOwned(this.transaction, ownerIds, mode));
  }

  /** A resource that is not there yet. */
  add(envelope: Omit<Envelope, 'id'>): Draft {
    return this.#keep(new Draft({ ...envelope, id: this.context.random.uuid() }, null));
  }

  #take(rows: readonly ResourceRow[]): readonly Draft[] {
    return rows.map((row) => {
      const known = this.#byId.get(row.id);
      if (known) return known;
      return this.#keep(new Draft({ ...row, kind: kindOf(this.context, row.kind) }, row));
    });
  }

  #keep(draft: Draft): Draft {
    this.#byId.set(draft.id, draft);
    this.#byPlace.set(keyOf({ kind: draft.kind.name, scopeId: draft.scopeId, name: draft.name }), draft);
    return draft;
  }
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

function keyOf({ kind, scopeId, name }: Place): string {
  return `${kind} ${scopeId} ${name}`;
}
