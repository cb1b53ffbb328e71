import type { Json, JsonObject } from '../lib/canonical.js';
import { type Reason, reasons } from '../lib/health.js';
import type {
  ChildFullFragment,
  ControlledCoreFragment,
  ControlledResourceFragment,
  ResourceLinkFragment,
} from './generated/operations.js';
import type { ChildView, IntentView, LinkView, OutputsView, ResourceView, StatusView } from './resource.js';

/** What not every pass needs is absent where it was not asked for. */
type ControlledAnswer = ControlledCoreFragment &
  Partial<Pick<ControlledResourceFragment, 'dependents' | 'openIntents'>>;

/** The view of a resource from an answer of the graph. The server validated the spec, so `Spec` is taken at its word. */
export function toResourceView<Spec>(answer: ControlledAnswer): ResourceView<Spec> {
  return {
    id: answer.id,
    kind: answer.kind,
    name: answer.name,
    projectId: answer.projectId,
    environmentId: answer.environmentId,
    ownerId: answer.ownerId,
    labels: answer.labels as Readonly<Record<string, string>>,
    generation: answer.generation,
    version: answer.version,
    spec: answer.document as Spec,
    leaseKey: answer.leaseKey,
    deletionRequestedAt: answer.deletionRequestedAt,
    isDeletionForced: answer.isDeletionForced,
    status: toStatusView(answer.status),
    references: answer.references.map(({ path, target }) => ({
      path,
      id: target.id,
      kind: target.kind,
      name: target.name,
      isSettled: target.status.isSettled,
      health: target.status.health,
      outputs: toOutputsView(target.status.outputs),
    })),
    openIntents: (answer.openIntents ?? []).map(toIntentView),
    dependents: answer.dependents ?? 0,
  };
}

/** Of any answer that has the whole status. */
export function toStatusView(status: ControlledCoreFragment['status']): StatusView {
  return {
    observedGeneration: status.observedGeneration,
    version: status.version,
    health: status.health,
    isSettled: status.isSettled,
    conditions: status.conditions.map((condition) => ({ ...condition, reason: toReason(condition.reason) })),
    outputs: toOutputsView(status.outputs),
    observed: status.observed as JsonObject,
  };
}

export function toChildView({ status, references, ...child }: ChildFullFragment): ChildView {
  return { ...child, status: toStatusView(status), references: references.map(toLinkView) };
}

function toLinkView({ path, target }: LinkAnswer): LinkView {
  const { id, kind, name, status } = target;
  const { health, message } = status;
  return { path, id, kind, name, health, reason: status.reason === null ? null : toReason(status.reason), message };
}

interface LinkAnswer {
  readonly path: string;
  readonly target: ResourceLinkFragment;
}

function toOutputsView(outputs: ControlledCoreFragment['status']['outputs']): OutputsView {
  return Object.fromEntries(
    outputs.map(({ name, value, version, isVanished }) => [
      name,
      { value: value as Json, version, ...(isVanished ? { isVanished } : {}) },
    ]),
  );
}

/** JSON values come as unknown. */
export function toIntentView(intent: Omit<IntentView, 'outcome'> & { readonly outcome: unknown }): IntentView {
  return { ...intent, outcome: intent.outcome as Json };
}

/** A newer server may know reasons that this client does not. */
function toReason(text: string): Reason {
  return reasons.find((reason) => reason === text) ?? 'Pending';
}
