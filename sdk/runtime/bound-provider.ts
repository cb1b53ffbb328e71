import type { ResourceView, StatusReport } from '../resource.js';
import { type BoundResource, bindOutputs, withConsumed } from './bound-outputs.js';
import type { ResourceProvider } from './provider.js';
import { unobserved } from './status-report.js';

/** What was seen; null while something that the spec is bound to is not given: then nothing outside is looked at. */
export type BoundObservation<Observation> = { readonly seen: Observation } | null;

/**
 * A provider for specs with bindings, from one that knows nothing of them: it sees outputs in the place of their
 * markers. What was used is told with each report; what is missing keeps the outside as it is, and says so.
 */
export function withBoundOutputs<Spec, Observation, Action>(
  provider: ResourceProvider<Spec, Observation, Action>,
): ResourceProvider<Spec, BoundObservation<Observation>, Action> {
  const { prepare, record, inventory, forget, probe, lookAgain, isWatched } = provider;
  // What is leaving needs nothing of others.
  const bind = (resource: ResourceView<Spec>): BoundResource<Spec> =>
    resource.deletionRequestedAt === null
      ? bindOutputs(resource)
      : { resource, consumed: {}, missing: [], vanished: [] };
  const bound = (resource: ResourceView<Spec>) => bind(resource).resource;
  return {
    async observe(resource, context) {
      const { missing, resource: whole } = bind(resource);
      return missing.length > 0 ? null : { seen: await provider.observe(whole, context) };
    },
    diff: (resource, observation) => (observation ? provider.diff(bound(resource), observation.seen) : []),
    apply: (resource, action, context) => provider.apply(bound(resource), action, context),
    removal: (resource, observation) => (observation ? provider.removal(resource, observation.seen) : []),
    status(resource, observation, pending) {
      const binding = bind(resource);
      if (!observation) return missingReport(resource, binding);
      return withConsumed(provider.status(binding.resource, observation.seen, pending), binding);
    },
    ...(prepare && {
      prepare: (resource, actions, context) => prepare(bound(resource), actions, context),
    }),
    ...(record && {
      record: async (resource, observation, context) => {
        if (observation) await record(bound(resource), observation.seen, context);
      },
    }),
    ...(inventory && {
      inventory: (resource, observation, context) =>
        observation && inventory(bound(resource), observation.seen, context),
    }),
    ...(forget && { forget }),
    ...(lookAgain && { lookAgain }),
    ...(isWatched && { isWatched: (resource) => isWatched(bound(resource)) }),
    ...(probe && { probe: (resource, request, context) => probe(bound(resource), request, context) }),
  };
}

function missingReport(resource: ResourceView<unknown>, binding: BoundResource<unknown>): StatusReport {
  const message = `${binding.missing.join('. ')}.`;
  const ready = { status: 'False', reason: 'OutputMissing', message } as const;
  return { ...unobserved(resource, { health: 'Degraded', ready, synced: ready }), consumed: binding.consumed };
}
