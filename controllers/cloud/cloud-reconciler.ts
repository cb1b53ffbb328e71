import { ThrottledError } from '../../drivers/cloud/errors.js';
import type { JsonObject } from '../../lib/canonical.js';
import { errorText } from '../../lib/errors.js';
import type { Random } from '../../lib/random.js';
import type { Sdk } from '../../sdk/client.js';
import { createResourceClient } from '../../sdk/resource-client.js';
import { withBoundOutputs } from '../../sdk/runtime/bound-provider.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import { type ReconcileContext, type Reconciler, waiting } from '../../sdk/runtime/reconciler.js';
import { tellOutages } from '../observation-error.js';
import { isPassing } from './apply-cloud.js';
import { cloudOutageOf } from './cloud-failure.js';
import type { CloudKind } from './cloud-kind.js';
import { createCloudProvider } from './cloud-provider.js';
import type { Clouds } from './clouds.js';
import type { SharedLooks } from './shared-looks.js';

/** What the reconcilers of all kinds of resources in clouds share. */
export interface CloudParts {
  readonly sdk: Sdk;
  readonly clouds: Clouds;
  readonly looks: SharedLooks;
  /** Of the secrets that are made up. */
  readonly random: Random;
  /** How often to look where nothing is expected to change, in milliseconds: a cloud tells nothing by itself. Default 15,000. */
  readonly everyMs?: number;
  /** How often to look while something is under way, in milliseconds. Default 2,000. */
  readonly pollMs?: number;
}

/** The reconciler of a kind whose resources are each one resource of a cloud. */
export function createCloudReconciler<Spec>(kind: CloudKind<Spec>, parts: CloudParts): Reconciler {
  const { sdk, clouds, looks, random, everyMs = DEFAULT_EVERY_MS, pollMs } = parts;
  const client = createResourceClient<Spec>(sdk, kind.kind);
  const provider = createCloudProvider({
    kind,
    client,
    clouds,
    looks,
    random,
    readSpec: (...asked) => readSpec(sdk, ...asked),
  });
  const reconciler = createReconciler(withBoundOutputs(provider), {
    client,
    settledPollMs: everyMs,
    degradedPollMs: everyMs,
    isTransient: isPassing,
    ...(pollMs !== undefined && { pollMs }),
  });
  return waitWhenThrottled(tellOutages(reconciler, client, cloudOutageOf));
}

async function readSpec(sdk: Sdk, kind: string, id: string, { signal }: ReconcileContext): Promise<JsonObject | null> {
  return (await createResourceClient(sdk, kind).get(id, { signal }))?.spec ?? null;
}

const DEFAULT_EVERY_MS = 15_000;

/** A cloud that wants to be asked less says for how long: that is nobody's failure. */
function waitWhenThrottled(reconciler: Reconciler): Reconciler {
  return {
    ...reconciler,
    async reconcile(id, context) {
      try {
        return await reconciler.reconcile(id, context);
      } catch (error) {
        const throttled = [error, error instanceof Error ? error.cause : null].find(
          (each) => each instanceof ThrottledError,
        );
        if (!(throttled instanceof ThrottledError)) throw error;
        return waiting(errorText(throttled), { retryAfterMs: throttled.retryAfterMs });
      }
    },
  };
}
