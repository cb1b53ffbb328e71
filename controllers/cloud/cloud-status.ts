import type { CloudResource } from '../../drivers/cloud/driver.js';
import type { JsonObject } from '../../lib/canonical.js';
import type { Condition, Health, Reason } from '../../lib/health.js';
import type { ResourceView, StatusReport } from '../../sdk/resource.js';
import { unobserved } from '../../sdk/runtime/status-report.js';
import type { CloudKind } from './cloud-kind.js';
import type { CloudAction, CloudObservation, LookedAt } from './cloud-observation.js';
import { changesText, refusedChanges } from './plan-cloud.js';

/** What to say of a resource in a cloud. Pure. */
export function cloudStatus<Spec>(
  kind: CloudKind<Spec>,
  resource: ResourceView<Spec>,
  observation: CloudObservation<Spec>,
  pending: readonly CloudAction<Spec>[],
): StatusReport {
  if (observation.type === 'unknown') {
    const waits = { status: 'False', reason: 'WaitingForDependency', message: observation.waitsFor } as const;
    return unobserved(resource, { health: 'Progressing', ready: waits, synced: waits });
  }
  const { look } = observation;
  const said = resource.deletionRequestedAt === null ? say(kind, resource, observation, pending) : leaving(pending);
  const outputs = Object.entries(kind.outputsOf(look)).filter(([, value]) => value !== undefined);
  return {
    health: said.health,
    conditions: [condition('Ready', said.ready), condition('Synced', said.synced)],
    observed: observedOf(resource, look.seen),
    outputs: Object.fromEntries(outputs) as StatusReport['outputs'],
  };
}

interface Said {
  readonly health: Health;
  readonly ready: Say;
  readonly synced: Say;
}

interface Say {
  /** Null: it holds. */
  readonly reason: Reason | null;
  readonly message: string;
}

function say<Spec>(
  kind: CloudKind<Spec>,
  resource: ResourceView<Spec>,
  observation: LookedAt<Spec>,
  pending: readonly CloudAction<Spec>[],
): Said {
  const { seen } = observation.look;
  const applying: Say = { reason: pending.length > 0 ? 'Applying' : null, message: '' };
  if (seen === null) {
    const message = observation.isAwaited
      ? 'It was asked for, and is not shown yet.'
      : 'It was asked for, and is being made.';
    return under('Progressing', { reason: 'Progressing', message }, { reason: 'Applying', message });
  }
  const refused = refusedChanges(kind, resource, observation);
  if (refused.length > 0) {
    const message = `It would have to be made anew, with nothing of what it holds, for: ${changesText(refused)}. Change it back, or allow that with replace: true.`;
    return under('Degraded', { reason: 'Immutable', message }, { reason: 'Immutable', message });
  }
  switch (seen.state) {
    case 'available':
      return under('Healthy', { reason: null, message: seen.message }, applying);
    case 'impaired':
      return under('Degraded', { reason: 'ObjectFailed', message: seen.message }, applying);
    case 'failed': {
      const message = `It could not be made: ${seen.message}. It is tried again.`;
      return under('Degraded', { reason: 'ObjectFailed', message }, { reason: 'ApplyFailed', message });
    }
    case 'creating':
    case 'updating':
    case 'deleting': {
      const message = `It is ${seen.state}.`;
      return under('Progressing', { reason: 'Progressing', message }, { reason: 'Applying', message });
    }
  }
}

function leaving(pending: readonly CloudAction<unknown>[]): Said {
  const awaited = pending.flatMap((action) => (action.type === 'await' ? [action.message] : []));
  const message = awaited[0] ?? (pending.length > 0 ? 'Its deletion was asked for.' : '');
  return under('Progressing', { reason: 'Terminating', message }, { reason: 'Deleting', message });
}

function under(health: Health, ready: Say, synced: Say): Said {
  return { health, ready, synced };
}

function condition(type: Condition['type'], { reason, message }: Say): Condition {
  if (reason !== null) return { type, status: 'False', reason, message };
  return { type, status: 'True', reason: type === 'Ready' ? 'Available' : 'InSync', message };
}

/** What was there last keeps its id: one that is made in its place is another one. */
function observedOf({ status }: ResourceView<unknown>, seen: CloudResource | null): JsonObject {
  if (seen) return { cloudId: seen.id, state: seen.state };
  const { cloudId } = status.observed;
  return cloudId === undefined ? {} : { cloudId, state: 'absent' };
}
