import { errorText } from '../../lib/errors.js';
import type { ReferenceView, ResourceView, StatusReport } from '../resource.js';
import type { ResourceClient } from '../resource-client.js';
import { ActionError } from './action-error.js';
import type { ResourceProvider } from './provider.js';
import { converged, type Outcome, type ReconcileContext, type Reconciler, waiting } from './reconciler.js';
import { removeResource } from './removal.js';
import { isReady, isSynced, unobserved, withFailedPart, withFailure, withoutReady } from './status-report.js';
import { act, createSteps, type Steps } from './steps.js';

export interface ConvergeOptions<Spec> {
  readonly client: ResourceClient<Spec>;
  /** When to look again while the outside is not yet as desired. Default 2,000. */
  readonly pollMs?: number;
  /** When to look again at what is degraded. Default 15,000. */
  readonly degradedPollMs?: number;
  /** When to look again at what is settled, for an outside that tells nothing by itself. Default: when something wakes it. */
  readonly settledPollMs?: number;
  /** Whether what it refers to comes first. Default true. Left out by kinds that only look at what they own. */
  readonly waitsForReferences?: boolean;
  /** Whether a failed action says nothing about the resource (unreachable, throttled, a precondition): then no status tells of it. Default: no error is. */
  readonly isTransient?: (error: unknown) => boolean;
}

/**
 * The reconciler of a kind from what its provider brings. Knows the order of a pass, and nothing of the kind:
 * get, wait for references, observe, diff, prepare, apply, look again where the outside has answered, report. References are waited for until a generation
 * was reached once; from then on drift is mended whatever they do, because their order matters only on the way there.
 */
export function createReconciler<Spec, Observation, Action>(
  provider: ResourceProvider<Spec, Observation, Action>,
  options: ConvergeOptions<Spec>,
): Reconciler {
  const { client, pollMs = POLL_MS, degradedPollMs = DEGRADED_POLL_MS, settledPollMs = null } = options;
  const { isTransient = () => false, waitsForReferences = true } = options;

  return {
    kind: client.kind,
    async reconcile(id, context) {
      const readAtMs = context.clock.monotonicMs();
      const resource = await client.get(id, context);
      if (!resource) return converged;
      const pollOf = () => (provider.isWatched?.(resource) ? degradedPollMs : pollMs);
      const steps = createSteps({ client, resource, context, isTransient, pollMs: pollOf });
      if (resource.deletionRequestedAt !== null) return removeResource(provider, resource, steps, context);
      return converge({ resource, readAtMs }, steps, context);
    },
    ...(provider.probe && {
      async probe(id, request, context) {
        const resource = await client.get(id, context);
        if (resource && provider.probe) return provider.probe(resource, request, context);
        throw new Error('It does not exist any more.');
      },
    }),
  };

  async function converge(
    { resource, readAtMs }: { readonly resource: ResourceView<Spec>; readonly readAtMs: number },
    steps: Steps<Spec>,
    context: ReconcileContext,
  ): Promise<Outcome> {
    const referred = resource.references.map((reference) => reference.id);
    const unsettled = resource.references.filter((reference) => !reference.isSettled);
    if (waitsForReferences && unsettled.length > 0 && !isSynced(resource)) {
      const message = waitingText(unsettled);
      await steps.say(waitingReport(resource, message));
      return waiting(message, { on: referred, untilHealth: true, retryAfterMs: AWAITED_POLL_MS });
    }

    const observation = await observe(resource, unsettled, steps, context);
    const on = [...referred, ...(provider.alsoAwaits?.(observation) ?? [])];
    const actions = provider.diff(resource, observation);
    const report = provider.status(resource, observation, actions);
    const recorded = provider.record?.(resource, observation, context);
    if (actions.length === 0) {
      // Told at the same time, it is one request.
      await Promise.all([recorded, steps.say(report, provider.inventory?.(resource, observation, context))]);
      return outcomeOf(resource, report, on, steps);
    }

    await recorded;
    try {
      await context.failpoint?.('beforePrepare', resource.id);
      await provider.prepare?.(resource, actions, context);
      await act(provider, resource, actions, context);
    } catch (error) {
      await steps.tell(failed(report, error), error, provider.inventory?.(resource, observation, context));
      throw error;
    }
    const again = provider.lookAgain?.(resource, context) ?? null;
    const isFresh = context.clock.monotonicMs() - readAtMs < FRESH_MS;
    if (again && isFresh && context.hasChanged?.([resource.id, ...on]) === false) {
      return converge({ resource: again, readAtMs }, steps, context);
    }
    if (!again || isReady(resource)) await steps.say(withoutReady(report));
    return waiting('the outside to take up what was applied', { on, retryAfterMs: again ? 0 : steps.pollMs() });
  }

  async function observe(
    resource: ResourceView<Spec>,
    unsettled: readonly ReferenceView[],
    steps: Steps<Spec>,
    context: ReconcileContext,
  ): Promise<Observation> {
    try {
      return await provider.observe(resource, context);
    } catch (error) {
      // What it depends on is not well and it cannot be seen itself: the last observation is not the truth any more.
      if (unsettled.length > 0) await steps.tell(unknownReport(resource, waitingText(unsettled)), error);
      throw error;
    }
  }

  function settled(resource: ResourceView<Spec>, on: readonly string[]): Outcome {
    if (settledPollMs === null || provider.isWatched?.(resource)) return { type: 'converged', on };
    return waiting('the next look at the outside', { on, retryAfterMs: settledPollMs });
  }

  function outcomeOf(
    resource: ResourceView<Spec>,
    report: StatusReport,
    on: readonly string[],
    steps: Steps<Spec>,
  ): Outcome {
    const open = report.conditions.find((condition) => condition.status !== 'True');
    if (!open) return settled(resource, on);
    const retryAfterMs = report.health === 'Progressing' ? steps.pollMs() : degradedPollMs;
    return waiting(open.message || open.reason, { on, retryAfterMs });
  }
}

function failed(report: StatusReport, error: unknown): StatusReport {
  if (error instanceof ActionError) {
    const { health, reason } = error;
    return withFailedPart(report, { health, reason, message: errorText(error) });
  }
  return withFailure(report, { reason: 'ApplyFailed', message: errorText(error) });
}

function waitingText(unsettled: readonly ReferenceView[]): string {
  const shown = unsettled.slice(0, SHOWN_NAMES).map(({ kind, name, health }) => `${kind} ${name} (${health})`);
  const more = unsettled.length > SHOWN_NAMES ? ` and ${unsettled.length - SHOWN_NAMES} more` : '';
  return `Waiting for ${shown.join(', ')}${more}.`;
}

function waitingReport(resource: ResourceView<unknown>, message: string): StatusReport {
  const waitingFor = { status: 'False', reason: 'WaitingForDependency', message } as const;
  return unobserved(resource, { health: 'Progressing', ready: waitingFor, synced: waitingFor });
}

function unknownReport(resource: ResourceView<unknown>, message: string): StatusReport {
  return unobserved(resource, {
    health: 'Unknown',
    ready: { status: 'Unknown', reason: 'WaitingForDependency', message },
    // It stays as it was last seen, so that drift is still mended once the outside answers again.
    synced: { status: 'True', reason: 'InSync', message: 'As last seen.' },
  });
}

/** What was read of the resource serves a second look for so long, and no longer: that it changed may not have been told. */
const FRESH_MS = 5_000;
/** Often enough to feel live, where no watch of the outside wakes the key earlier. */
const POLL_MS = 2_000;
/** A change of what is waited for wakes it: this is for a message that was lost, and is paid by all that wait. */
const AWAITED_POLL_MS = 60_000;
/** What is degraded seldom mends itself within seconds. */
const DEGRADED_POLL_MS = 15_000;
/** Keeps a message readable. */
const SHOWN_NAMES = 5;
