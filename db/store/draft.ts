import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import type { KindDefinition } from '../../lib/kind.js';
import type { EditResult, KeptField } from '../../model/changeset.js';
import type { ImpliedReference } from '../../model/expand/expander.js';
import type { Managers, Yielded } from '../../model/resource.js';
import { setInOf } from '../../model/set-in.js';
import { healthOf } from '../../model/settled.js';
import type { MatchView } from '../contract.js';
import { filterFields } from '../read/filter-fields.js';
import { matchView, statusOf } from './match-view.js';
import type { ResourceRow } from './rows.js';
import { valueAt } from './value-at.js';

/** Where a resource is, which never changes. */
export interface Envelope {
  readonly id: string;
  readonly kind: KindDefinition;
  readonly name: string;
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly ownerId: string | null;
  readonly scopeId: string;
}

/** A resource within a transaction: as it was locked, and as it will be. What did not change is not written. */
export class Draft {
  readonly id: string;
  readonly kind: KindDefinition;
  /** Changes only when it makes room for another one, see World.retire. */
  name: string;
  readonly projectId: string | null;
  readonly environmentId: string | null;
  readonly ownerId: string | null;
  readonly scopeId: string;
  /** null: it is new. */
  readonly before: ResourceRow | null;
  spec: JsonObject;
  managers: Managers;
  yielded: Yielded;
  /** What its edit stated again and others had changed since. */
  kept: readonly KeptField[] = [];
  labels: Readonly<Record<string, string>>;
  leaseKey: string | null;
  isDeleting: boolean;
  /** What it has outside is forgotten, not removed. */
  isForced: boolean;
  isRemoved = false;
  /** Made because something needed it, by nobody's edit. It leaves with the last that refers to it, unless it is kept. */
  isOnDemand: boolean;
  isKept: boolean;
  /** What layers say is taken over, approved or not. */
  isRefreshed = false;
  /** What it refers to beside what its spec states; null: as it was. */
  implied: readonly ImpliedReference[] | null = null;
  /** A rule forbids what is stated of it, which a plan tells: nothing more is computed of it. */
  isRefused = false;
  /** Its references are others than before, although its spec may be the same. */
  hasNewReferences = false;

  /** Specs are large, and asked about often. */
  #compared: { readonly spec: JsonObject; readonly isNew: boolean } | null = null;

  constructor(envelope: Envelope, before: ResourceRow | null) {
    this.id = envelope.id;
    this.kind = envelope.kind;
    this.name = envelope.name;
    this.projectId = envelope.projectId;
    this.environmentId = envelope.environmentId;
    this.ownerId = envelope.ownerId;
    this.scopeId = envelope.scopeId;
    this.before = before;
    this.spec = before?.spec ?? {};
    this.managers = before?.managers ?? {};
    this.yielded = before?.yielded ?? {};
    this.labels = before?.labels ?? {};
    this.leaseKey = before?.leaseKey ?? null;
    this.isDeleting = before?.deletionRequestedAt != null;
    this.isForced = before?.isDeletionForced ?? false;
    this.isOnDemand = before?.isOnDemand ?? false;
    this.isKept = before?.isKept ?? false;
  }

  get hasNewSpec(): boolean {
    if (this.before === null) return true;
    if (this.#compared?.spec !== this.spec) {
      this.#compared = { spec: this.spec, isNew: !isSameJson(this.before.spec, this.spec) };
    }
    return this.#compared.isNew;
  }

  /** Fields that cannot change after creation, and do. */
  get replacedFields(): readonly string[] {
    const { before } = this;
    if (!before || !this.hasNewSpec) return [];
    return this.kind.immutable.filter((path) => !isSameJson(valueAt(before.spec, path), valueAt(this.spec, path)));
  }

  get hasNewYielded(): boolean {
    return !isSameJson(this.before?.yielded ?? {}, this.yielded);
  }

  /** By path, the changeset that last set each field, when this one is `changesetId`. */
  setIn(changesetId: string): Readonly<Record<string, string>> {
    return setInOf(this.before, this, changesetId);
  }

  /** Its deletion is asked for now, or is forced from now on. */
  get isDeletionNew(): boolean {
    return (this.isDeleting && this.before?.deletionRequestedAt == null) || this.isForceNew;
  }

  get isForceNew(): boolean {
    return this.isForced && !this.before?.isDeletionForced;
  }

  /** What it refers to is computed anew. */
  get isRestated(): boolean {
    return this.hasNewSpec || this.implied !== null;
  }

  get generation(): number {
    if (!this.before) return 1;
    return this.before.generation + (this.hasNewSpec || this.isDeletionNew ? 1 : 0);
  }

  get version(): number {
    if (!this.before) return 1;
    const isChanged = this.hasNewSpec || this.isDeletionNew || !isSameJson(this.before.labels, this.labels);
    return this.before.version + (isChanged ? 1 : 0);
  }

  get result(): EditResult {
    if (this.isRemoved) return 'removed';
    if (!this.before) return 'created';
    if (this.isDeletionNew) return 'deletionRequested';
    const isSame =
      !this.hasNewSpec &&
      !this.hasNewReferences &&
      this.before.isOnDemand === this.isOnDemand &&
      this.before.isKept === this.isKept &&
      isSameJson(this.before.labels, this.labels) &&
      isSameJson(this.before.managers, this.managers);
    return isSame ? 'unchanged' : 'updated';
  }

  /** `Kind name (id)`, as blockers are listed. */
  get title(): string {
    return `${this.kind.name} ${this.name} (${this.id})`;
  }

  get matchBefore(): MatchView | null {
    if (!this.before) return null;
    const { spec, ...view } = matchView(this.before);
    if (this.isRemoved) return { ...view, spec };
    const changed = changedFields(spec, filterFields(this.spec));
    return Object.keys(changed).length > 0 ? { ...view, spec: changed } : view;
  }

  get matchAfter(): MatchView | null {
    if (this.isRemoved) return null;
    // What nothing reconciles is as desired as soon as it is stored.
    const isDefined = this.kind.lease === null;
    const { before, generation } = this;
    const status = before && statusOf(before);
    const defined = { observedGeneration: generation, health: 'Healthy', isStale: false } as const;
    const health = healthOf({ generation, isDeleting: this.isDeleting, status: isDefined ? defined : status });
    return { labels: this.labels, health, isDeleting: this.isDeleting, spec: filterFields(this.spec) };
  }
}

/** As they were before, of those that are others after. */
function changedFields(before: JsonObject, after: JsonObject): JsonObject {
  const fields = Object.keys({ ...before, ...after }).filter((field) => before[field] !== after[field]);
  return Object.fromEntries(fields.map((field) => [field, before[field] ?? null]));
}
