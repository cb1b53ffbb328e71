import type { Json } from '../../lib/canonical.js';
import type { ResourceView, StatusReport } from '../resource.js';
import type { ObjectsReport } from '../resource-client.js';
import type { ProbeContext, ProbeRequest, ReconcileContext } from './reconciler.js';

/**
 * What a kind must bring; `converge` is the one place that knows the order:
 * get, wait for references, observe, diff, commit the inventory, apply, report inventory and status; or, when deletion was
 * requested: wait until no dependent is left, observe, delete, and finalize once absence was observed.
 */
export interface ResourceProvider<Spec, Observation, Action> {
  /** Looks at the outside. Never writes. A failed read throws; it is never an empty observation. */
  observe(resource: ResourceView<Spec>, context: ReconcileContext): Promise<Observation>;

  /** Ids of what else decides what it says, beside what it refers to: a change of these wakes it. Pure. */
  alsoAwaits?(observation: Observation): readonly string[];

  /** What to do, in order. Pure and synchronous. Empty: the outside is as desired. */
  diff(resource: ResourceView<Spec>, observation: Observation): readonly Action[];

  /** Commits what is about to be owned, before the first outside write. Kinds that own nothing outside leave it out. */
  prepare?(resource: ResourceView<Spec>, actions: readonly Action[], context: ReconcileContext): Promise<void>;

  /** Does one action. Idempotent. Returns when the outside accepted it; never waits for it to be done. */
  apply(resource: ResourceView<Spec>, action: Action, context: ReconcileContext): Promise<void>;

  /** What to do to remove it, from what is still there. Pure. Empty: absence was observed, it can be finalized. */
  removal(resource: ResourceView<Spec>, observation: Observation): readonly Action[];

  /**
   * What to say. Pure. `pending`: the actions that this pass applied, so READY cannot be claimed by it. While a deletion
   * is requested they are those of `removal`; a report with reason Terminating then says what keeps it.
   */
  status(resource: ResourceView<Spec>, observation: Observation, pending: readonly Action[]): StatusReport;

  /** Its deletion was forced: lets go of what is kept in memory for it. Asks nothing outside. Kinds that keep nothing leave it out. */
  forget?(resource: ResourceView<Spec>): Promise<void>;

  /**
   * What its inventory must say after an observation; null: what it says. May tell events. Committed with the status, or
   * before what is gone is let go of. Kinds that own no objects leave it out.
   */
  inventory?(resource: ResourceView<Spec>, observation: Observation, context: ReconcileContext): ObjectsReport | null;

  /** Notes what was observed, before anything is done about it. Committed with the status where nothing is. Kinds that note nothing leave it out. */
  record?(resource: ResourceView<Spec>, observation: Observation, context: ReconcileContext): Promise<void>;

  /**
   * What is looked at next, and at once, because the outside has answered how what was applied just now is: the resource,
   * with the inventory that this pass has committed. Then the pass says nothing of what it did, for it says what it sees
   * then. null: it is looked at a while later. Kinds that are never answered leave it out.
   */
  lookAgain?(resource: ResourceView<Spec>, context: ReconcileContext): ResourceView<Spec> | null;

  /**
   * Whether somebody looks at the outside for it and wakes it when that is otherwise than the last observation of it, or
   * when it cannot be seen any more. Then it is not looked at by time where it settled, and seldom where it did not.
   */
  isWatched?(resource: ResourceView<Spec>): boolean;

  /**
   * Answers a read-only question about the outside, in chunks, each sent as soon as it is given. Writes nothing anywhere
   * and never gives a secret. Runs beside the passes. A followed answer ends when the signal aborts; then return() of
   * the iterator is called too. A throw ends the answer, and its sentence is shown to the asker.
   */
  probe?(resource: ResourceView<Spec>, request: ProbeRequest, context: ProbeContext): AsyncIterable<Json>;
}
