import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import type { Clock } from '../../lib/clock.js';
import { ActionError } from '../../sdk/runtime/action-error.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import type { AppliedMemory } from './applied-memory.js';
import {
  type ApplyInput,
  applyObject,
  deleteObject,
  disownObject,
  releaseObject,
  ThereAlreadyError,
  takeOver,
} from './apply.js';
import { OwnedElsewhereError } from './commit-intended.js';
import { appliedEvent } from './drift/drift-events.js';
import { shortTitle } from './object-name.js';
import type { WorkloadAction } from './plan.js';
import type { RemovalAction } from './plan-removal.js';
import { refusalOf } from './refusal.js';
import { replacementOf } from './replacement.js';
import { isTakenOver, takenStated } from './taken-over.js';

export interface CarryOutInput extends ApplyInput {
  /** Name of the app instance. */
  readonly instance: string;
  readonly memory: AppliedMemory;
  readonly clock: Clock;
  /** The sentence that says whose the object is, when another resource owns it. */
  readonly taken: string | undefined;
  readonly event: ReconcileContext['event'];
}

/**
 * Does one step outside, and tells of it. Throws ActionError when the object itself is why it failed: it is remembered,
 * so that the next plan knows, and the other objects go on.
 */
export async function carryOut(action: WorkloadAction | RemovalAction, input: CarryOutInput): Promise<void> {
  const tell = (object: string, reason: string, message: string) =>
    input.event({ type: 'Normal', reason, message, object });
  switch (action.type) {
    // Done by looking and by the inventory, or somebody else must act.
    case 'await':
    case 'blocked':
      return;
    case 'adopt':
      return adopt(action, input);
    case 'disown':
      await disownObject(action, input);
      return tell(action.title, 'Disowned', action.message);
    case 'delete':
      await deleteObject(action, input);
      return tell(action.title, 'Deleting', 'Its deletion was asked for.');
    case 'release':
      await releaseObject(action, input.instance, input);
      return tell(action.title, 'Retained', action.message);
    case 'replace':
      await deleteObject({ ...action.desired, live: action.live }, input);
      return tell(action.desired.title, 'Replaced', action.message);
    case 'apply':
      return apply(action, input);
  }
}

function isReplaceable(
  { desired }: Extract<WorkloadAction, { type: 'apply' }>,
  live: KubernetesObject,
  fields: readonly string[],
  { policy }: CarryOutInput,
): boolean {
  return replacementOf(policy, desired.object, live, fields).isAllowed;
}

async function adopt(action: Extract<WorkloadAction, { type: 'adopt' }>, input: CarryOutInput): Promise<void> {
  const { desired, live, generation } = action;
  if (generation === null) return;
  try {
    if (input.taken !== undefined) throw new OwnedElsewhereError(input.taken);
    await takeOver({ desired, live, generation }, input);
  } catch (error) {
    const refused = refusalOf(error);
    if (!refused) throw error;
    input.memory.refuse(desired.key, { ...refused, hash: desired.hash, uid: live.metadata.uid ?? null });
    const { reason, message } = refused.health;
    input.event({ type: 'Warning', reason, message, object: desired.title });
    throw new ActionError(shortTitle(desired.name), refused.health, { cause: error });
  }
  const message = 'It was there before, and is looked after from now on. Only our labels were added to it.';
  input.event({ type: 'Normal', reason: 'Adopted', message, object: desired.title });
}

async function apply(action: Extract<WorkloadAction, { type: 'apply' }>, input: CarryOutInput): Promise<void> {
  const { desired, isAdopted, live, why } = action;
  let isChanged = true;
  let isTakenOut = false;
  try {
    if (input.taken !== undefined) throw new OwnedElsewhereError(input.taken);
    const answer = await applyObject(action, input, () => {
      isTakenOut = true;
    });
    const whenAdopted = isTakenOver(input.row) ? takenStated(desired, answer) : desired.bare;
    input.memory.remember(desired.key, isAdopted ? whenAdopted : desired.object, answer);
    isChanged = answer.metadata.resourceVersion !== live?.metadata.resourceVersion;
  } catch (error) {
    // It was put back in part, perhaps in all: a later pass may find nothing that it could tell of.
    if (isTakenOut) tellApplied(action, input);
    // The next look reads it, and says whose it is. One that was read already and is not there is in conflict with others.
    const isNews = error instanceof ThereAlreadyError && !input.memory.isHidden(desired.key);
    if (live === null && isNews) return input.memory.hide(desired.key);
    const refused = refusalOf(error);
    if (!refused) throw error;
    input.memory.refuse(desired.key, { ...refused, hash: desired.hash, uid: live?.metadata.uid ?? null });
    // Then the next pass plans to replace it, and nothing is wrong.
    if (live && refused.immutable && isReplaceable(action, live, refused.immutable, input)) return;
    const { reason, message } = refused.health;
    input.event({ type: 'Warning', reason, message, object: desired.title });
    throw new ActionError(shortTitle(desired.name), refused.health, { cause: error });
  }
  // The API server made the same of it as before (a field that a CRD prunes, say): nobody had changed it.
  if (why === 'drift' && !isChanged) return;
  tellApplied(action, input);
}

function tellApplied(
  action: Extract<WorkloadAction, { type: 'apply' }>,
  { memory, clock, event }: CarryOutInput,
): void {
  const { desired, why } = action;
  if (why === 'drift' || why === 'recreate') memory.corrections.note(desired.key, clock.now());
  event({ type: 'Normal', ...appliedEvent(action), object: desired.title });
}
