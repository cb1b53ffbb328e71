import type { ResourceClient } from '../../sdk/resource-client.js';
import { createReconciler } from '../../sdk/runtime/converge.js';
import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import type { Clouds } from '../cloud/clouds.js';
import type { AccountSpec } from '../cloud/open-cloud.js';
import { createAccountProvider } from './provider.js';

export interface AccountReconcilerOptions {
  readonly client: ResourceClient<AccountSpec>;
  readonly clouds: Clouds;
  /** How often to look at each account, in milliseconds. Default 60,000. */
  readonly everyMs?: number;
}

/** The reconciler of CloudAccount. Nothing tells when a right is taken away, so it looks again and again. */
export function createAccountReconciler({
  client,
  clouds,
  everyMs = DEFAULT_EVERY_MS,
}: AccountReconcilerOptions): Reconciler {
  return createReconciler(createAccountProvider(clouds), { client, settledPollMs: everyMs, degradedPollMs: everyMs });
}

const DEFAULT_EVERY_MS = 60_000;
