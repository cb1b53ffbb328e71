import { CredentialRefusedError, InitializingError, UnreachableError } from '../drivers/kubernetes/errors.js';
import { errorText } from '../lib/errors.js';
import type { Reason } from '../lib/health.js';
import type { ResourceClient } from '../sdk/resource-client.js';
import type { Reconciler } from '../sdk/runtime/reconciler.js';

/** Thrown when the outside could not be read: nothing is known of it, so nothing may be concluded. `cause` says why. */
export class ObservationError extends Error {
  override readonly name = 'ObservationError';
}

/**
 * The same reconciler, which says so when a pass failed because the outside could not be read: READY becomes Unknown,
 * all else stays as it was seen last. The error goes on to whoever retries.
 */
export function tellOutages<Spec>(
  reconciler: Reconciler,
  client: ResourceClient<Spec>,
  meaningOf: (error: unknown) => Outage | null = outageOf,
): Reconciler {
  return {
    ...reconciler,
    async reconcile(id, context) {
      try {
        return await reconciler.reconcile(id, context);
      } catch (error) {
        const outage = meaningOf(error);
        if (outage && !context.signal.aborted) {
          await report(client, id, outage, context).catch((failure: unknown) => {
            context.log.debug('the outage could not be reported', { id, error: errorText(failure) });
          });
        }
        throw error;
      }
    },
  };
}

export interface Outage {
  readonly reason: Reason;
  readonly message: string;
}

/** What an error says about the reach of the outside; null when it says nothing of that. */
export function outageOf(error: unknown): Outage | null {
  const seen = error instanceof ObservationError ? error.cause : error;
  // The cluster is there, and takes up a kind that we have just defined.
  if (seen instanceof InitializingError) return null;
  const message = errorText(seen);
  if (seen instanceof CredentialRefusedError) return { reason: 'CredentialRefused', message };
  if (seen instanceof UnreachableError || error instanceof ObservationError)
    return { reason: 'RuntimeUnreachable', message };
  return null;
}

async function report<Spec>(
  client: ResourceClient<Spec>,
  id: string,
  { reason, message }: Outage,
  context: Parameters<Reconciler['reconcile']>[1],
): Promise<void> {
  const resource = await client.get(id, context);
  if (!resource) return;
  const { conditions, observed, outputs } = resource.status;
  const others = conditions.filter(({ type }) => type !== 'Ready').map(({ since: _since, ...condition }) => condition);
  await client.reportStatus(
    resource,
    {
      health: 'Unknown',
      conditions: [{ type: 'Ready', status: 'Unknown', reason, message }, ...others],
      observed,
      outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
    },
    context,
  );
}
