import type { SpecOf } from '../../lib/kind.js';
import type { Random } from '../../lib/random.js';
import type { secretKind } from '../../schema/kinds/secret.js';
import type { ResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { createSecretProvider } from './provider.js';

/** The reconciler of Secret: its values are outputs, which nobody can read but who is bound to them. */
export function createSecretReconciler(client: ResourceClient<SpecOf<typeof secretKind>>, random: Random): Reconciler {
  return createReconciler(createSecretProvider({ client, random }), { client });
}
