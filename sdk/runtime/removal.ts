import { errorText } from '../../lib/errors.js';
import type { ResourceView, StatusReport } from '../resource.js';
import type { DependentView } from '../resource-client.js';
import type { ResourceProvider } from './provider.js';
import { converged, type Outcome, type ReconcileContext, waiting } from './reconciler.js';
import { unobserved, withFailure } from './status-report.js';
import { act, checkMayWrite, type Steps } from './steps.js';

/**
 * One pass of a resource whose deletion was requested: wait until nothing depends on it, observe, remove what is
 * still there, and finalize in the pass that observed absence. A forced one is finalized without a look at the outside.
 */
export async function removeResource<Spec, Observation, Action>(
  provider: ResourceProvider<Spec, Observation, Action>,
  resource: ResourceView<Spec>,
  steps: Steps<Spec>,
  context: ReconcileContext,
): Promise<Outcome> {
  if (resource.dependents > 0) {
    const dependents = await steps.client.dependents(resource.id, context);
    const message = dependentsText(dependents);
    await steps.say(terminating(resource, message));
    return waiting(message, { on: dependents.map(({ id }) => id), retryAfterMs: DEPENDENTS_POLL_MS });
  }

  if (resource.isDeletionForced) {
    await provider.forget?.(resource);
    return finalize(resource, steps, context);
  }

  const observation = await provider.observe(resource, context);
  await provider.record?.(resource, observation, context);
  const inventory = provider.inventory?.(resource, observation, context);
  if (inventory) await steps.client.reportObjects(resource, inventory, context);
  const actions = provider.removal(resource, observation);
  if (actions.length === 0) return finalize(resource, steps, context);

  const said = provider.status(resource, observation, actions);
  const knowsRemoval = said.conditions.some(({ reason }) => reason === 'Terminating');
  const report = knowsRemoval ? said : terminating(resource, 'What it owns outside is being removed.');
  try {
    await act(provider, resource, actions, context);
  } catch (error) {
    await steps.tell(withFailure(report, { reason: 'DeleteBlocked', message: errorText(error) }), error);
    throw error;
  }
  await steps.say(report);
  return waiting('what it owns outside to be gone', { retryAfterMs: steps.pollMs() });
}

async function finalize<Spec>(
  resource: ResourceView<Spec>,
  steps: Steps<Spec>,
  context: ReconcileContext,
): Promise<Outcome> {
  checkMayWrite(context);
  await context.failpoint?.('beforeFinalize', resource.id);
  await steps.client.finalize(resource, context);
  await context.failpoint?.('afterFinalize', resource.id);
  return converged;
}

function terminating(resource: ResourceView<unknown>, message: string): StatusReport {
  return unobserved(resource, {
    health: 'Progressing',
    ready: { status: 'False', reason: 'Terminating', message },
    synced: { status: 'False', reason: 'Deleting', message },
  });
}

function dependentsText(dependents: readonly DependentView[]): string {
  if (dependents.length === 0) return 'Waiting until nothing depends on it.';
  const names = dependents.map(({ kind, name }) => `${kind} ${name}`).sort();
  const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : '';
  const [blocked] = dependents.filter(({ blocked }) => blocked !== null);
  const why = blocked ? ` ${blocked.kind} ${blocked.name}: ${blocked.blocked}` : '';
  return `Waiting until these are gone: ${names.slice(0, SHOWN_NAMES).join(', ')}${more}.${why}`;
}

/** Their removal wakes it; this is for wakes that were lost. */
const DEPENDENTS_POLL_MS = 5_000;
const SHOWN_NAMES = 5;
