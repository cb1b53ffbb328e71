import type { Random } from '../../lib/random.js';
import type { ResourceView } from '../../sdk/resource.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';
import type { ReconcileContext } from '../../sdk/runtime/reconciler.js';
import { actionEvent } from './action-event.js';
import { applyCloud } from './apply-cloud.js';
import type { CloudAction, CloudObservation } from './cloud-observation.js';
import { cloudStatus } from './cloud-status.js';
import { CREATION, openCreations } from './creation-token.js';
import { type CloudContext, observeCloud, outputOf, secretName, sharedLookOf } from './observe-cloud.js';
import { planCloud, planCloudRemoval } from './plan-cloud.js';

export interface CloudProviderOptions<Spec> extends CloudContext<Spec> {
  /** Of the secrets that are made up: it must be one that nobody can foresee. */
  readonly random: Random;
}

/** The provider of a kind whose resources are each one resource of a cloud. */
export function createCloudProvider<Spec>(
  options: CloudProviderOptions<Spec>,
): ResourceProvider<Spec, CloudObservation<Spec>, CloudAction<Spec>> {
  const { kind, client } = options;
  return {
    observe: (resource, context) => observeCloud(options, resource, context),
    diff: (resource, observation) => planCloud(kind, resource, observation),
    removal: (resource, observation) => planCloudRemoval(kind, resource, observation),
    status: (resource, observation, pending) => cloudStatus(kind, resource, observation, pending),
    // Of several tries, all but the one that is seen are over by time alone, which no look tells of.
    isWatched: (resource) =>
      openCreations(resource).length <= 1 && (sharedLookOf(options, resource)?.isFollowed(resource.id) ?? false),
    forget: async (resource) => sharedLookOf(options, resource)?.forget(resource.id),
    async record(resource, observation, context) {
      if (observation.type === 'unknown' || observation.look.seen === null) return;
      const outcome = { cloudId: observation.look.seen.id };
      const { overIntents } = observation;
      await Promise.all(overIntents.map((id) => client.resolveIntent(resource.id, id, outcome, context)));
    },
    async prepare(resource, actions, context) {
      for (const action of actions) {
        if (action.type !== 'create') continue;
        await generateSecrets(options, resource, context);
        await client.beginIntent(resource.id, { action: CREATION, token: action.token }, context);
      }
    },
    async apply(resource, action, context) {
      await applyCloud(options, resource, action, context);
      const event = actionEvent(resource, action);
      if (event) context.event(event);
    },
  };
}

/** Those that were made before are kept, whatever became of what they were made for. */
async function generateSecrets<Spec>(
  { kind, client, random }: CloudProviderOptions<Spec>,
  { id }: ResourceView<Spec>,
  context: ReconcileContext,
): Promise<void> {
  const wanted = kind.generated ?? [];
  if (wanted.length === 0) return;
  const known = new Set((await client.releaseCredential(id, context)).map(({ name }) => outputOf(name)));
  for (const output of wanted) {
    if (known.has(output)) continue;
    await client.storeSecret(id, { name: secretName(output), value: randomText(random) }, context);
  }
}

/** More than 150 bits, of digits that every engine takes as they are, and not too long for any. Only `uuid` cannot be foreseen. */
function randomText(random: Random): string {
  return `${random.uuid()}${random.uuid()}`.replaceAll('-', '').slice(0, 40);
}
